"""What a table leaves open though it looks as if it were told: refused, or named as not read."""

from io import BytesIO

import pytest

from core.errors import Unreadable
from core.formats.csv import read
from core.statements.model import Item, Statement, Transaction, UnreadRow

pytestmark = pytest.mark.unit


def items_of(*lines: str) -> list[Item]:
    return list(read(BytesIO("\n".join((*lines, "")).encode())))


def bookings_of(*lines: str) -> list[Transaction]:
    return [each for each in items_of(*lines) if isinstance(each, Transaction)]


def refusal_of(*lines: str) -> str:
    with pytest.raises(Unreadable) as refused:
        items_of(*lines)
    return refused.value.code


@pytest.mark.parametrize(
    ("unit", "code"),
    [("GBX", "amounts_ambiguous"), ("ZAC", "amounts_ambiguous"), ("BTC", "currency_unknown")],
)
def test_pence_and_tokens_are_no_currency(unit: str, code: str) -> None:
    rows = (f"2025-03-02,Rent,-78858,{unit}", f"2025-03-13,Invoice 7,72016,{unit}")
    assert refusal_of("Date,Description,Amount,Currency", *rows) == code


def test_a_column_for_each_currency_is_no_column_for_each_side() -> None:
    assert (
        refusal_of(
            "Account Number,Transaction Date,Description 1,CAD$,USD$",
            "09999-1234567,2/2/2025,Rent,-103.47,",
            "09999-1234567,2/13/2025,Invoice 7,,11204.97",
            "09999-1234567,2/20/2025,Phone,-20.34,",
        )
        == "columns_unknown"
    )


GREEK = ("Ημερομηνία;Περιγραφή;Ποσό;Χ/Π;Νέο υπόλοιπο", "02/05/2025;Α;524,59;Π;3.025,34")


def test_sides_in_greek_letters_are_gone_by_where_balances_prove_them() -> None:
    rows = ("14/05/2025;Β;904,69;Χ;2.120,65", "15/05/2025;Γ;100,00;Π;2.220,65")
    assert [each.amount for each in bookings_of(*GREEK, *rows)] == [524_590, -904_690, 100_000]


def test_a_side_that_no_balance_proves_is_not_taken_from_the_others() -> None:
    rows = ("14/05/2025;Β;904,69;Χ;2.120,65", "15/05/2025;Γ;100,00;Χ;2.020,65")
    assert refusal_of(*GREEK, *rows) == "columns_unknown"


def test_a_cards_list_whose_purchases_bear_no_minus_is_not_read_as_money_in() -> None:
    assert (
        refusal_of(
            "Trans. Date,Post Date,Description,Amount,Category",
            "01/13/2025,01/14/2025,Corner shop,29.87,Merchandise",
            "01/17/2025,01/17/2025,Travel,-50.55,Payments and Credits",
            "01/18/2025,01/18/2025,Coffee,3.47,Restaurants",
        )
        == "signs_unknown"
    )


@pytest.mark.parametrize("heading", ["Planung April", "Prognose", "Vorschau", "Forecast"])
def test_rows_below_the_heading_of_a_plan_do_not_count(heading: str) -> None:
    found = bookings_of(
        "Datum;Text;Betrag;Währung",
        "10.05.2025;Miete;-500,00;EUR",
        "14.05.2025;Rechnung 7;310,40;EUR",
        heading,
        "28.05.2025;Rechnung 8;8.517,95;EUR",
    )
    assert [each.pending for each in found] == [False, False, True]


@pytest.mark.parametrize("named", ["Umsatzliste Q1", "Girokonto", "umsatz.csv"])
def test_a_lists_name_is_not_taken_for_the_holder(named: str) -> None:
    head = ("Datum;Text;Betrag;Währung", "20.01.2025;Miete;-30,88;EUR", "22.01.2025;B;3,20;EUR")
    (statement,) = [
        each for each in items_of(f"Name:;{named}", "", *head) if isinstance(each, Statement)
    ]
    assert statement.account.holder is None


def test_a_first_row_without_text_that_comes_to_its_balance_is_named_as_not_read() -> None:
    items = items_of(
        "Datum;Text;Betrag;Saldo;Währung",
        "02.03.2025;;10.000,00;10.000,00;EUR",
        "12.03.2025;Miete;-2.104,87;7.895,13;EUR",
        "13.03.2025;Rechnung 7;185,21;8.080,34;EUR",
    )
    assert [each.amount for each in items if isinstance(each, Transaction)] == [-2_104_87, 185_21]
    assert any(isinstance(each, UnreadRow) for each in items)


def test_a_currency_behind_a_sign_is_the_amounts() -> None:
    rows = ("10.05.2025;Miete;500,00- RSD", "14.05.2025;Strom;310,40- RSD")
    assert {each.currency for each in bookings_of("Datum;Text;Betrag", *rows)} == {"RSD"}


def test_a_comma_that_may_have_cut_an_amount_gives_no_other_amount() -> None:
    items = items_of(
        "Datum,Text,Soll,Haben",
        "03.09.2025,Storno,,12.50",
        "06.09.2025,Gebühr,0,34,",
        "13.09.2025,Miete,310.40,",
    )
    assert [each.amount for each in items if isinstance(each, Transaction)] == [12_500, -310_400]
    assert sum(isinstance(each, UnreadRow) for each in items) == 1


def test_days_that_are_one_day_of_many_years_or_many_of_one_month_are_refused() -> None:
    rows = ("25.04.02;Miete;-500,00;EUR", "25.04.05;A;3,20;EUR", "25.04.07;B;-3,20;EUR")
    assert refusal_of("Datum;Text;Betrag;Währung", *rows) == "dates_ambiguous"


@pytest.mark.parametrize("name", ["Offen", "Nicht gebucht", "Uncleared"])
def test_a_cross_in_a_column_of_what_is_open_is_pending(name: str) -> None:
    rows = ("03.09.2025;Miete;-38,42;EUR;", "16.09.2025;B;-234,67;EUR;x")
    found = bookings_of(f"Datum;Text;Betrag;Währung;{name}", *rows)
    assert [each.pending for each in found] == [False, True]
