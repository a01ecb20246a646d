"""Statements of an account that is not the applicant's are named; a bank's spelling is forgiven."""

from datetime import date

import pytest

from core.analysis import statement_findings
from core.applications import Applicant
from core.ids import new_id
from core.statements import Account, Statement, StoredStatement

pytestmark = pytest.mark.unit

MUSTER = Applicant("Muster Werkzeugbau GmbH", "DE")


def account(holder: str | None, number: str = "DE02120300000000202051") -> Account:
    """An account in euros."""
    return Account(number, "EUR", holder)


def statement(about: Account) -> StoredStatement:
    """A statement of the account on record."""
    day = date(2025, 1, 1)
    head = Statement("statement", about, "1", day, day, None, None)
    return StoredStatement(new_id(), new_id(), head, day, day, None, False, 0)


@pytest.mark.parametrize(
    "holder",
    ["Muster Werkzeugbau GmbH", "MUSTER WERKZEUGBAU GMBH", "Muster Werkzeugbau", None, ""],
)
def test_the_applicant_is_known_however_the_bank_writes_it(holder: str | None) -> None:
    statements = [statement(account(holder))] * 3
    assert list(statement_findings(statements, MUSTER)) == []


def test_another_holder_and_a_wrong_number_are_named_once_an_account() -> None:
    other = account("Anna Torfhauer", "DE03120300000000202051")
    found = list(statement_findings([statement(other)] * 3, MUSTER))
    assert [each.code for each in found] == ["iban_invalid", "holder_is_another"]
    assert "Anna Torfhauer" in found[1].detail.en


def test_a_number_that_is_no_iban_has_no_check_digits() -> None:
    unheld = statement(account(None, "12345678"))
    assert list(statement_findings([unheld], MUSTER)) == []
