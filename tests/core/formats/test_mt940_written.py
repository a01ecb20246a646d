"""How banks write an MT940's accounts, balances, days and amounts beside what SWIFT has."""

from datetime import date

import pytest

from core.errors import Unreadable
from core.statements.model import Balance
from tests.core.formats.test_mt940 import FOOT, HEAD, LINE, TEXT, booking, message, read_all

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("written", "bank"),
    [
        ("25P:DE41200700000123456601\r\nDEUTDEHHXXX", "DEUTDEHHXXX"),
        ("25P:DE41200700000123456601/DEUTDEHH", "DEUTDEHH"),
        ("25:DE41200700000123456601 DEUTDEHH", "DEUTDEHH"),
        ("25P:DEUTDEHH/DE41200700000123456601", "DEUTDEHH"),
        ("25:DE41200700000123456601/EUR", None),
    ],
)
def test_the_banks_code_is_no_part_of_the_account(written: str, bank: str | None) -> None:
    head = (":20:STARTUMS", f":{written}", *HEAD[2:])
    ((found,), _, _) = read_all(message(LINE, TEXT, head=head))
    assert (found.account.number, found.account.bank) == ("DE41200700000123456601", bank)


def test_several_statements_behind_one_account_are_several() -> None:
    first = message(LINE, TEXT, foot=FOOT[:1])
    second = message(LINE, TEXT, head=(":28C:00013/001", ":60F:C240131EUR150,00"),
                     foot=(":62F:C240229EUR200,00", "-"))  # fmt: skip
    heads, bookings, _ = read_all(first + second)
    assert [each.number for each in heads] == ["12", "13"]
    assert [each.opening and each.opening.amount for each in heads] == [10000, 15000]
    assert {each.account.number for each in heads} == {"DE41200700000123456601"}
    assert len(bookings) == 2


@pytest.mark.parametrize(
    "amount", ["C1 050,00", "C1'050,00", "C1\u00a0050,00", "C1.050,00", "c1050,00", " C 1050,00"]
)
def test_an_amount_is_never_cut_at_its_thousands(amount: str) -> None:
    assert booking(LINE.replace("CR50,00", amount), TEXT).amount == 105000


@pytest.mark.parametrize("amount", ["C1,050.00", "C-50,00", "C1 05,00", "C1 050"])
def test_an_amount_that_may_be_two_is_refused(amount: str) -> None:
    with pytest.raises(Unreadable):
        read_all(message(LINE.replace("CR50,00", amount), TEXT))


def test_days_and_balances_in_full_are_read() -> None:
    line = LINE.replace("2401150115", "202401150115")
    head = (*HEAD[:3], ":60F:C20240102EUR1.100,00")
    ((found,), (only,), _) = read_all(
        message(line, TEXT, head=head, foot=(":62:C240131EUR1 150,00",))
    )
    assert found.opening == Balance(110000, date(2024, 1, 2))
    assert found.closing == Balance(115000, date(2024, 1, 31))
    assert only.booked_on == date(2024, 1, 15)


def test_the_balances_tell_the_year_of_a_day_far_from_its_value() -> None:
    head = (*HEAD[:3], ":60F:C240731EUR100,00")
    line = LINE.replace("2401150115", "2401150801")
    foot = (":62F:C240801EUR150,00", "-")
    (found,) = read_all(message(line, TEXT, head=head, foot=foot))[1]
    assert found.booked_on == date(2024, 8, 1)


def test_balances_in_two_currencies_are_refused() -> None:
    with pytest.raises(Unreadable, match="opens in EUR and closes in USD"):
        read_all(message(LINE, TEXT, foot=(":62F:C240131USD150,00", "-")))


@pytest.mark.parametrize(
    ("before", "foot"),
    [("", (":90C:1EUR50,00", "-")), ("{1:F01DEUTDEFFAXXX}{2:O9421200}{4:\r\n", ("-}",))],
)
def test_a_report_without_balances_is_not_final(before: str, foot: tuple[str, ...]) -> None:
    head = (":20:X", ":25:20070000/0123456601EUR", ":28C:1/1")
    ((found,), (pending,), (finding,)) = read_all(
        before + message(LINE, TEXT, head=head, foot=foot)
    )
    assert (found.kind, pending.pending, finding.code) == ("intraday", True, "not_final")


def test_a_report_that_says_when_it_was_made_is_final_by_its_balances() -> None:
    head = (*HEAD, ":13D:2402010715+0100")
    ((found,), (only,), findings) = read_all(message(LINE, TEXT, head=head))
    assert (found.kind, only.pending, findings) == ("statement", False, [])


def test_a_payment_by_itself_is_called_that() -> None:
    for head in ((":20:X", ":25:123", ":32A:240115EUR50,00"), (":20:X", ":32A:240115EUR50,00")):
        with pytest.raises(Unreadable, match="one payment"):
            read_all(message(head=head, foot=(":59:Muster GmbH", "-")))


def test_cents_need_no_nought_before_them() -> None:
    assert booking(LINE.replace("CR50,00", "C,50"), TEXT).amount == 50
