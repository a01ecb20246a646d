"""Tables that name no currency are taken in the application's, and say so; nothing is rounded."""

from datetime import date
from io import BytesIO

import pytest

from core.errors import Unreadable
from core.formats import parsers
from core.ids import new_id
from core.money import UNKNOWN_CURRENCY
from core.statements import ParsedDocument, assemble, with_currency
from core.statements.model import Balance
from tests.builders import House

NAMES = "Posting Date,Description,Amount,Balance"
TABLE = f"{NAMES}\n01/30/2025,Sale,1000.00,1500.00\n01/31/2025,Rent,-12.00,1488.00\n"
BROKEN = TABLE.replace("1488.00", "1480.00")


def read(text: str) -> ParsedDocument:
    """What a table says."""
    return assemble(parsers.read(BytesIO(text.encode())), new_id())


@pytest.mark.unit
@pytest.mark.parametrize(
    ("currency", "unit"), [("EUR", 100), ("USD", 100), ("JPY", 1), ("KWD", 1000)]
)
def test_all_amounts_are_in_the_minor_units_of_the_currency_that_is_taken(
    currency: str, unit: int
) -> None:
    parsed = with_currency(read(TABLE), currency)
    (statement,) = parsed.statements
    assert statement.statement.account.currency == currency
    assert statement.statement.opening == Balance(500 * unit, date(2025, 1, 30))
    assert statement.statement.closing == Balance(1488 * unit, date(2025, 1, 31))
    rows = [(each.transaction.amount, each.transaction.currency) for each in parsed.transactions]
    assert rows == [(1000 * unit, currency), (-12 * unit, currency)]


@pytest.mark.unit
def test_it_is_told_once_that_the_currency_was_taken() -> None:
    parsed = with_currency(read(f"{TABLE}\n{TABLE}"), "CHF")
    assert len(parsed.statements) == 2
    (finding,) = [each for each in parsed.findings if each.code == "currency_assumed"]
    assert "CHF" in finding.detail.en


@pytest.mark.unit
def test_a_difference_is_in_that_currency_too() -> None:
    below = "Closing balance,,,2000.00\n"
    table = "Opening balance,,,500.00\nPosting Date,Description,Amount\n01/30/2025,Sale,+1000.00\n"
    (statement,) = with_currency(read(f"{table}{below}"), "EUR").statements
    assert statement.difference == 500_00


@pytest.mark.unit
@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ("-12.00,1488.00", "-12.50,", "row at byte 72,.*'-12.500' is finer than JPY"),
        ("1000.00,1500.00", "1000.00,1500.50", "balance, .* finer than JPY"),
    ],
)
def test_what_is_finer_than_that_currency_is_refused(was: str, becomes: str, reason: str) -> None:
    parsed = read(TABLE.replace(was, becomes))
    with pytest.raises(Unreadable, match=reason):
        with_currency(parsed, "JPY")


@pytest.mark.unit
def test_a_balance_that_is_off_is_told_without_a_currency() -> None:
    details = [each.detail.en for each in read(BROKEN).findings if each.code == "running_balance"]
    assert details == [
        "The balance in the row at byte 72 is off by -8.000 from what the row before makes."
    ]


@pytest.mark.unit
def test_where_the_file_names_a_currency_nothing_is_taken() -> None:
    parsed = read(TABLE.replace("Amount", "Amount (GBP)"))
    assert not parsed.currency_open
    assert with_currency(parsed, "EUR") == parsed


@pytest.mark.unit
@pytest.mark.parametrize(
    "table",
    [
        TABLE.replace("Amount", "Amount (AED)"),
        TABLE.replace("Amount", "Amount in AED"),
        TABLE.replace("00,", "00 AED,"),
        f"Account currency,AED\n{TABLE}",
        f"{TABLE}Closing balance,,,1488.00 AED\n",
    ],
)
def test_a_currency_that_is_rarely_met_is_one_that_is_named(table: str) -> None:
    parsed = read(table)
    assert {each.statement.account.currency for each in parsed.statements} == {"AED"}
    assert [(e.transaction.amount, e.transaction.currency) for e in parsed.transactions][1:] == [
        (-12_00, "AED")
    ]


@pytest.mark.unit
def test_three_letters_that_are_no_currency_name_none() -> None:
    assert read(TABLE.replace("Amount", "Amount (NET)")).currency_open


@pytest.mark.unit
def test_a_column_of_currencies_by_another_name_names_them() -> None:
    parsed = read("Posting Date,Description,Amount,Cur.\n01/30/2025,Sale,+1000.00,EUR\n")
    assert [(e.transaction.amount, e.transaction.currency) for e in parsed.transactions] == [
        (1000_00, "EUR")
    ]


@pytest.mark.unit
def test_of_an_account_abroad_nothing_is_taken_for_granted() -> None:
    with pytest.raises(Unreadable, match="names no currency"):
        read(f"IBAN,TR330006100519786457841326\n{TABLE}")


@pytest.mark.unit
def test_a_currency_that_is_named_below_the_bookings_is_that_of_all_of_them() -> None:
    parsed = read(f"{TABLE}Closing balance,,,1488.00 USD\n02/01/2025,Fee,-8.00,1480.00\n")
    (statement,) = parsed.statements
    assert (statement.statement.account.currency, statement.difference) == ("USD", 0)
    amounts = [each.transaction.amount for each in parsed.transactions]
    assert amounts == [1000_00, -12_00, -8_00]
    assert not [each for each in parsed.findings if each.code != "account_unnamed"]


@pytest.mark.unit
def test_a_row_whose_account_has_no_country_is_in_the_one_currency_of_all_others() -> None:
    rows = [f"{day}.01.2025;Sale;+1,00;DE02120300000000202051" for day in (1, 2, 3)]
    rows.append("4.01.2025;Sale;+1,00;202051")
    parsed = read("\n".join(["Buchungstag;Zweck;Betrag;IBAN Auftragskonto", *rows]))
    assert [
        (each.transaction.amount, each.transaction.currency) for each in parsed.transactions
    ] == [(100, "EUR")] * 4


@pytest.mark.unit
def test_a_parser_never_guesses() -> None:
    parsed = read(TABLE)
    assert parsed.currency_open
    assert {each.transaction.currency for each in parsed.transactions} == {UNKNOWN_CURRENCY}


async def test_a_table_without_a_currency_is_read_in_the_applications(house: House) -> None:
    partner = await house.partner()
    case = await partner.submit(amount={"value": "5000.00", "currency": "USD"})
    await partner.upload(case, TABLE.encode(), "export.csv")
    await house.work()
    (document,) = (await partner.get(f"/v2/applications/{case}/documents"))["data"]
    assert document["status"] == "read"
    assert "currency_assumed" in {each["code"] for each in document["findings"]}
    rows = (await partner.get(f"/v2/applications/{case}/transactions"))["data"]
    assert {"value": "-12.00", "currency": "USD"} in [each["amount"] for each in rows]


async def test_one_that_is_finer_than_the_applications_currency_is_unreadable(house: House) -> None:
    partner = await house.partner()
    case = await partner.submit(amount={"value": "5000", "currency": "JPY"})
    await partner.upload(case, TABLE.replace("-12.00", "-12.50").encode(), "export.csv")
    await house.work()
    (document,) = (await partner.get(f"/v2/applications/{case}/documents"))["data"]
    assert document["status"] == "unreadable"
    assert "finer than JPY" in document["findings"][0]["detail"]
