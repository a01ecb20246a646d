"""Heads of CAMT statements: what a page covers, which balances hold, whose account it is."""

from datetime import date

import pytest

from core.statements.model import Balance
from tests.core.formats.messages import balance, entry, message, read_all, read_one, statement

pytestmark = pytest.mark.unit

ACCOUNT = "<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>"
PERIOD = "<FrToDt><FrDtTm>2025-01-01T00:00:00</FrDtTm><ToDtTm>2025-01-31T00:00:00</ToDtTm></FrToDt>"


def page(number: int, *, last: bool, balances: str = "", booked: str = "2025-01-15") -> str:
    """One page of January's statement."""
    paging = (
        f"<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{str(last).lower()}</LastPgInd></StmtPgntn>"
    )
    one = entry(booked=f"<BookgDt><Dt>{booked}</Dt></BookgDt>")
    return statement(one, head=paging + PERIOD + ACCOUNT + balances)


@pytest.mark.parametrize(
    "status", ["<Sts>BOOK</Sts>", "<Sts>book</Sts>", "<Sts><Prtry>Booked</Prtry></Sts>"]
)
def test_what_is_called_booked_is(status: str) -> None:
    assert not read_one(entry(status=status)).pending


@pytest.mark.parametrize(
    "status", ["<Sts><Cd>PDNG</Cd></Sts>", "<Sts><Prtry>Reserved</Prtry></Sts>"]
)
def test_what_is_called_otherwise_is_pending(status: str) -> None:
    assert read_one(entry(status=status)).pending


def test_a_page_speaks_of_its_own_days_only() -> None:
    first = balance("OPBD", "100.00", "2025-01-01") + balance("ITBD", "150.00", "2025-01-15")
    then = balance("ITBD", "150.00", "2025-01-15") + balance("CLBD", "200.00", "2025-01-31")
    one, other = page(1, last=False, balances=first), page(2, last=True, balances=then)
    ((head,), _) = read_all(message(one))
    assert (head.starts_on, head.ends_on) == (date(2025, 1, 1), date(2025, 1, 15))
    heads, _ = read_all(message(one, other))
    assert [each.ends_on for each in heads] == [date(2025, 1, 15), date(2025, 1, 31)]


def test_pages_without_balances_leave_no_day_between_them_out() -> None:
    heads, _ = read_all(message(page(1, last=False), page(2, last=True, booked="2025-01-20")))
    assert [(each.starts_on, each.ends_on) for each in heads] == [
        (date(2025, 1, 1), None),
        (date(2025, 1, 15), date(2025, 1, 31)),
    ]


def test_balances_of_each_day_are_taken_by_their_day_and_not_their_place() -> None:
    balances = (
        balance("OPBD", "150.00", "2025-01-16") + balance("CLBD", "150.00", "2025-01-31")
        + balance("OPBD", "100.00", "2025-01-01") + balance("CLBD", "150.00", "2025-01-15")
    )  # fmt: skip
    ((head,), _) = read_all(message(statement(entry(), head=ACCOUNT + balances)))
    assert head.opening == Balance(10000, date(2025, 1, 1))
    assert head.closing == Balance(15000, date(2025, 1, 31))


def test_a_german_bank_code_and_number_are_an_iban() -> None:
    account = ACCOUNT.replace(
        "<IBAN>DE02120300000000202051</IBAN>", "<Othr><Id>12030000/202051</Id></Othr>"
    )
    ((head,), _) = read_all(message(statement(entry(), head=account)))
    assert head.account.number == "DE02120300000000202051"
