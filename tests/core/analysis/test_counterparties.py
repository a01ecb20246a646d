"""Names that mean one party, and names that do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.counterparties import Parties, canonical, fold, same_lender, same_party

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "spelt",
    [
        "MÜLLER & SÖHNE GMBH",
        "Mueller und Soehne G.m.b.H.",
        "Muller & Sohne",
        "Müller, Söhne GmbH & Co. KG",
        "Mu\u0308ller & So\u0308hne GmbH",
    ],
)
def test_spelling_case_and_legal_form_do_not_matter(spelt: str) -> None:
    assert canonical(spelt) == canonical("Müller & Söhne GmbH")


def test_names_in_other_scripts_stay_distinct() -> None:
    assert canonical("Ромашка ООО") != canonical("Василёк ООО")
    assert canonical("GmbH") == "gmbh"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hansekontor Bank AG", "HANSEKONTRO BANK"),
        ("Hansekontor Bank AG", "Hansekontr Bank AG"),
        ("Hansekontor Bank AG", "Hanse Kontor Bank AG"),
        ("Nordlicht Möbelbau und Innenausbau GmbH", "Nordlicht Möbelbau und Inne"),
    ],
)
def test_a_slip_or_a_cut_off_end_is_forgiven(one: str, other: str) -> None:
    assert same_party(one, other)
    assert same_party(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Objekt 1 Verwaltung GmbH", "Objekt 2 Verwaltung GmbH"),
        ("Weber Metallbau GmbH", "Weber Metallbau Verwaltungs GmbH"),
        ("Koch", "Kroch"),
        ("", ""),
    ],
)
def test_other_parties_stay_other_parties(one: str, other: str) -> None:
    assert not same_party(one, other)


@pytest.mark.parametrize(
    ("declared", "printed", "expected"),
    [
        ("Hansekredit", "Hansekredit Bank AG Hafenstadt", True),
        ("HANSEKREDIT BANK", "Hansekredit Bank AG", True),
        ("Bank", "Hansekredit Bank AG", False),
        ("Sparkasse Süd", "Sparkasse Nord", False),
    ],
)
def test_a_lender_declared_in_short_is_recognised(
    declared: str, printed: str, expected: bool
) -> None:
    assert same_lender(declared, printed) is expected


def test_parties_are_told_apart_by_account_before_name() -> None:
    parties = Parties(
        [
            ("Uferbank AG", "DE02 1203 0000"),
            ("UFERBANK", None),
            ("Something else", "de0212030000"),
            ("Hafenbank AG", None),
        ]
    )
    assert [each.name for each in parties.all] == ["Uferbank AG", "Hafenbank AG"]
    assert parties.all[0].spellings == {"Uferbank AG", "UFERBANK", "Something else"}
    assert parties.find("Strandbank", None) is None


@given(st.text())
def test_any_text_can_be_folded_again(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_sameness_is_mutual(one: str, other: str) -> None:
    assert same_party(one, other) == same_party(other, one)
