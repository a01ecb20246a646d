"""Properties of names: however a bank writes one, it stays its owner's and nobody else's."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.holders import is_held_by
from core.analysis.names import GIVEN_NAMES
from core.applications import Applicant

pytestmark = pytest.mark.unit

FORMS = {
    "GmbH": ("GmbH", "GMBH", "mbH", "G.m.b.H.", "Gesellschaft mit beschränkter Haftung"),
    "GmbH & Co. KG": ("GmbH & Co. KG", "GmbH & Co KG", "GMBH U. CO. KG", "GmbH und Co.KG"),
    "AG": ("AG", "Aktiengesellschaft"),
    "OHG": ("OHG", "oHG"),
    "e.K.": ("e.K.", "e. K.", "eK", "e.Kfm."),
}
TRADES = ("Metallbau", "Bäckerei", "Spedition", "Möbelhaus", "Kältetechnik", "Großhandels")
PLACES = ("Grünkoppel", "Weißdorn", "Mühlgrund", "Ährenbeck", "Nordwest", "Ost")
GIVEN = ("Peter", "Petra", "Mario", "Maria", "Andreas", "Andrea", "Jörg", "Michael", "Michal")
FAMILY = ("Müller", "Schmidt", "Schmitz", "Großmann", "Bauer", "Yıldız", "Lindwasser", "Möller")
family, trade, place = map(st.sampled_from, (FAMILY, TRADES, PLACES))
first = st.sampled_from(GIVEN)
form = st.sampled_from(tuple(FORMS))


def spelt_out(name: str) -> str:
    """As a bank writes it that has no umlauts."""
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("ß", "ss")):
        name = name.replace(letter, letters)
    return name


def bare(name: str) -> str:
    """As a bank writes it that leaves their dots out."""
    return name.translate(str.maketrans("äöüÄ", "aouA")).replace("ß", "ss")


Write = Callable[[str], str]
WRITTEN: tuple[Write, ...] = (str, str.upper, spelt_out, bare, lambda name: spelt_out(name).upper())
written = st.sampled_from(WRITTEN)


@settings(max_examples=50)
@given(family, trade, place, form, written, st.data())
def test_umlauts_capitals_and_spellings_of_the_legal_form_change_no_owner(
    family: str, trade: str, place: str, form: str, write: Write, data: st.DataObject
) -> None:
    name = f"{family} {trade} {place}"
    spelling = data.draw(st.sampled_from(FORMS[form]))
    assert is_held_by(write(f"{name} {spelling}"), Applicant(f"{name} {form}", "DE"))


@settings(max_examples=50)
@given(family, trade, place, form, written, st.sampled_from((27, 35)))
def test_a_name_that_a_field_cut_off_is_still_the_applicants(
    family: str, trade: str, place: str, form: str, write: Write, length: int
) -> None:
    name = f"{family} Werkzeugmaschinen {trade} {place} {form}"
    assert is_held_by(write(name)[:length].strip(), Applicant(name, "DE"))


@given(first, family, trade, st.sampled_from(("GmbH", "GmbH & Co. KG", "AG", "OHG")), written)
def test_an_owners_private_account_is_never_a_companys(
    first: str, family: str, trade: str, form: str, write: Write
) -> None:
    for name in (
        f"{first} {family} {trade} {form}",
        f"{first} {family} {form}",
        f"{family} {form}",
    ):
        for holder in (f"{first} {family}", f"{family}, {first}", f"Herr {first} {family}"):
            assert not is_held_by(write(holder), Applicant(name, "DE")), (holder, name)


@given(st.text("aeioqvwxyz", min_size=3, max_size=12), family, trade)  # no trade's word
def test_an_owner_with_a_given_name_that_nobody_knows_is_no_company_either(
    given_name: str, family: str, trade: str
) -> None:
    owner = f"{given_name.title()} {family}"
    if trade.lower() not in given_name and given_name not in spelt_out(trade).lower():
        assert not is_held_by(owner, Applicant(f"{owner} Haus Nordlicht GmbH", "DE"))


@given(
    first,
    family,
    st.sampled_from(("{}", "Malerbetrieb {}", "{} e.K.", "Bäckerei {} e. K.")),
    written,
)
def test_a_sole_trader_has_accounts_in_either_name(
    first: str, family: str, business: str, write: Write
) -> None:
    applicant = Applicant(business.format(f"{first} {family}"), "DE")
    assert is_held_by(write(f"{first} {family}"), applicant)
    assert is_held_by(write(f"{family} {first}"), applicant)
    assert is_held_by(write(applicant.legal_name), applicant)
    declared = Applicant(f"{first} {family} Holzbau", "DE", "Einzelunternehmen")
    assert is_held_by(write(f"{first} {family}"), declared)


@given(st.sampled_from(sorted(GIVEN_NAMES)), st.sampled_from(sorted(GIVEN_NAMES)), family)
def test_another_given_name_is_another_person(one: str, other: str, family: str) -> None:
    for form in ("", " e.K.", " Bau GmbH"):
        same = is_held_by(f"{one} {family}{form}", Applicant(f"{other} {family}{form}", "DE"))
        assert same == (one == other)


@given(family, family, trade)
def test_another_surname_is_another_company_however_near(one: str, other: str, trade: str) -> None:
    assert is_held_by(f"{one} {trade} GmbH", Applicant(f"{other} {trade} GmbH", "DE")) == (
        one == other
    )
