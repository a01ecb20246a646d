"""Whose an account is: a bank's way with names is forgiven, another party is not taken for one."""

import pytest

from core.analysis import Ownership
from core.analysis.holders import is_held_by
from core.analysis.ownership import ownerships
from core.applications import Applicant
from tests.core.analysis.test_ownership import account, statement

pytestmark = pytest.mark.unit

OWN = [
    ("Torfhauer GmbH", "Torfhauer Metallbau GmbH"),
    ("Muster Werkzeugbau GmbH", "Muster GmbH"),
    ("Muster Werkzeugbau GmbH", "Muster Werkzeugbau GmbH"),
    ("MUSTER WERKZEUGBAU GMBH", "Muster Werkzeugbau GmbH"),
    ("Muster Werkzeugbau", "Muster Werkzeugbau GmbH"),
    ("Müller Gerätebau GmbH", "MUELLER GERAETEBAU GMBH"),
    ("Muller Geratebau GmbH", "Müller Gerätebau GmbH"),
    ("Mller Gertebau GmbH", "Müller Gerätebau GmbH"),
    ("Gebr. Schmidt OHG", "Gebrüder Schmidt OHG"),
    ("Fa. Schmidt Metallbau GmbH", "Schmidt Metallbau GmbH"),
    ("Anna Torfhauer", "Malerbetrieb Anna Torfhauer"),
    ("Torfhauer Anna", "Malerbetrieb Anna Torfhauer e.K."),
    ("Frau Anna Torfhauer", "Malerbetrieb Anna Torfhauer e. K."),
    ("Malerbetrieb Torfhauer Inh. Anna Torfhauer", "Anna Torfhauer"),
    ("A. Torfhauer", "Anna Torfhauer"),
    ("Dr. Anna Torfhauer", "Anna Torfhauer"),
    ("Muster Werkzeugbau GmbH & Co. KG", "Muster Werkzeugbau GmbH & Co KG"),
    ("MUSTER WERKZEUGBAU GMBH U. CO.", "Muster Werkzeugbau GmbH & Co. KG"),
    ("Nordlicht Maschinenbau Vertriebsges", "Nordlicht Maschinenbau Vertriebsgesellschaft mbH"),
    ("Muster Werkzeugbau GmbH Filiale Nord", "Muster Werkzeugbau GmbH"),
    ("Muster Werkzeugbau UG (haftungsbeschränkt)", "Muster Werkzeugbau GmbH"),
    ("Muster", "Muster Werkzeugbau GmbH"),
    ("Anna und Peter Torfhauer", "Anna Torfhauer"),
    ("Muster Werkzeugbau Gesellschaft mit beschränkter Haftung", "Muster Werkzeugbau GmbH"),
    ("Muster e.V.", "Muster e. V."),
    ("Wohnbau eG", "Wohnbau e.G."),
    ("Muster Werkzeug-Bau GmbH", "Muster Werkzeugbau GmbH"),
    ("Krähenfurt Druckerei e.K.", "Kraehenfurt Druckerei eK"),
    ("Müller Co. KG", "Müller & Co. KG"),
    ("1.FC TORFHAU GMBH", "1. FC Torfhau GmbH"),
    ("Moebel24 GmbH", "Möbel 24 GmbH"),
    ("Torfhauer Metallbau GmbH 2", "Torfhauer Metallbau GmbH"),
    ("Peter Müller", "Peter Müller e.K."),
    ("Peter Mueller", "Malerbetrieb Peter Müller"),
    ("PETER M?LLER", "Peter Müller"),
    ("Peter Müller Bau", "Peter Müller Bau GmbH"),
    ("PETER MUELLER BAU GMBH", "Peter Müller Bau GmbH"),
    ("Torfhauer", "Torfhauer GmbH"),
    ("M & M", "M & M GmbH"),
    ("Peter und Anna Torfhauer GbR", "Anna und Peter Torfhauer GbR"),
    ("Petra Torfhauer und Jan Nebelthal", "Petra Torfhauer & Jan Nebelthal GbR"),
    ("Mu11er Bau GmbH", "Müller Bau GmbH"),
    ("Stemberg Bau GmbH", "Sternberg Bau GmbH"),
    ("Nordlicht Maschinnenbau GmbH", "Nordlicht Maschinenbau GmbH"),
    ("Großmann Fensterbau", "GROSSMANN FENSTERBAU GMBH"),
    ("Müller, Peter", "Peter Müller"),
    ("Müller & Söhne Werkzeugmaschinenbau", "Müller & Söhne Werkzeugmaschinenbau GmbH & Co. KG"),
]
ANOTHERS = [
    ("P MUELLER", "P. Müller GmbH"),
    ("Konstantin Oberbichlmeiers", "Konstantin Oberbichlmeiers Metallbau GmbH"),
    ("Anna Torfhauer", "Muster Werkzeugbau GmbH"),
    ("Muster Holding GmbH", "Muster Werkzeugbau GmbH"),
    ("Muster Werkzeugbau Holding GmbH", "Muster Werkzeugbau GmbH"),
    ("Muster Verwaltungs GmbH", "Muster GmbH & Co. KG"),
    ("Muster GmbH", "Muster GmbH & Co. KG"),
    ("Anna Torfhauer", "Torfhauer Metallbau GmbH"),
    ("Torfhauer Immobilien GbR", "Torfhauer Metallbau GmbH"),
    ("Peter Torfhauer", "Malerbetrieb Anna Torfhauer"),
    ("Muster Werkzeugbau AG", "Muster Werkzeugbau GmbH"),
    ("Bäckerei Schmidt e.K.", "Schmidt Metallbau GmbH"),
    ("Torfhauer 2 GmbH", "Torfhauer 1 GmbH"),
    ("Torfhauer Metallbau 2 GmbH", "Torfhauer Metallbau GmbH"),
    ("TORFHAUER METALLBAU II GMBH", "Torfhauer Metallbau GmbH"),
    ("Torfhauer Metallbau GmbH", "Torfhauer Metallbau III GmbH"),
    ("Anna Torfhauer", "Torfhauer Metallbau KG"),
    ("Peter Torfhauer", "Anna Torfhauer"),
    ("A. Schmidt", "Anna Torfhauer"),
    ("Muster Beteiligungs GmbH & Co. KG", "Muster GmbH & Co. KG"),
    ("Lindwasser Metallbau GmbH", "Lindwasser Logistik GmbH"),
    ("Peter Müller", "Peter Müller Bau GmbH"),
    ("PETER MUELLER", "Peter Müller Bau GmbH & Co. KG"),
    ("Peter Müller", "Peter Müller GmbH"),
    ("Müller, Peter", "Müller GmbH"),
    ("Herr Torfhauer", "Torfhauer GmbH"),
    ("P. Müller", "Peter Müller Bau GmbH"),
    ("Xhevahire Krasniqi", "Xhevahire Krasniqi Bau GmbH"),
    ("Krasniqi Xhevahire", "Krasniqi GmbH"),
    ("Peter Bauer", "Peter Bauer Metallbau GmbH"),
    ("Peter Müller GmbH", "Peter Müller"),
    ("Peter Müller GmbH", "Peter Müller e.K."),
    ("Petra Torfhauer", "Petra Torfhauer & Jan Nebelthal GbR"),
    ("Petra Müller", "Peter Müller"),
    ("Petra Müller Bau GmbH", "Peter Müller Bau GmbH"),
    ("Maria Torfhauer", "Mario Torfhauer"),
    ("Andrea Torfhauer", "Andreas Torfhauer"),
    ("Michal Torfhauer", "Michael Torfhauer"),
    ("Peter Schmitz", "Peter Schmidt"),
    ("Schmitz Bau GmbH", "Schmidt Bau GmbH"),
    ("Hans Meyer", "Hans Meier e.K."),
    ("Hansa Bau GmbH", "Hanse Bau GmbH"),
    ("Muster Werkzeugbau Nordwest GmbH", "Muster Werkzeugbau Nordwest GmbH & Co. KG"),
]


@pytest.mark.parametrize(("holder", "applicant"), OWN)
def test_a_name_that_a_bank_wrote_its_own_way_is_the_applicants(
    holder: str, applicant: str
) -> None:
    assert is_held_by(holder, Applicant(applicant, "DE"))


@pytest.mark.parametrize(("holder", "applicant"), ANOTHERS)
def test_another_person_or_company_is_not_the_applicant(holder: str, applicant: str) -> None:
    assert not is_held_by(holder, Applicant(applicant, "DE"))


def test_a_legal_form_that_was_declared_apart_counts() -> None:
    assert is_held_by("Muster GmbH", Applicant("Muster", "DE", "GmbH"))
    assert not is_held_by("Muster GmbH", Applicant("Muster", "DE", "GmbH & Co. KG"))


def test_an_account_is_the_applicants_if_any_of_its_statements_says_so() -> None:
    one, other, third = "DE02120300000000202051", "DE02500105170137075030", "123"
    stored = [
        statement(account(None, one)),
        statement(account("MUSTER WERKZEUGBAU GMBH", one)),
        statement(account("Anna Torfhauer", other)),
        statement(account(None, third)),
    ]
    accounts = [each.statement.account for each in stored]
    assert ownerships(accounts, Applicant("Muster Werkzeugbau GmbH", "DE")) == {
        one: (Ownership.APPLICANT, "MUSTER WERKZEUGBAU GMBH"),
        other: (Ownership.ANOTHER, "Anna Torfhauer"),
        third: (Ownership.UNKNOWN, None),
    }
