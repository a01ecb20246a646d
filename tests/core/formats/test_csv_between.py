"""What a table says between its rows and further down, in words of several countries."""

from collections.abc import Sequence
from io import BytesIO

import pytest

from core.errors import Unreadable
from core.formats.csv.dating import Dated, day_order
from core.formats.csv.reader import read
from core.statements.model import Item, Statement, Transaction, UnreadRow

pytestmark = pytest.mark.unit
FIRST, SECOND = "DE02120300000000202051", "DE02500105170137075030"
NAMES = "Datum;Text;Betrag;Währung"
ROWS = (
    "01.03.2025;Miete;-500,00;EUR",
    "05.03.2025;Kunde;1200,00;EUR",
    "17.03.2025;Strom;-80,00;EUR",
)


def items_of(*lines: str) -> list[Item]:
    return list(read(BytesIO("\n".join([*lines, ""]).encode())))


def refusal(*lines: str) -> str:
    with pytest.raises(Unreadable) as refused:
        items_of(*lines)
    return refused.value.code


def bookings(items: Sequence[Item]) -> list[Transaction]:
    return [each for each in items if isinstance(each, Transaction)]


def statements(items: Sequence[Item]) -> list[Statement]:
    return [each for each in items if isinstance(each, Statement)]


@pytest.mark.parametrize(
    "line", [f"Konto:;{SECOND}", f"Tagesgeld {SECOND}", f";;;\nIBAN {SECOND}", f"Account;{SECOND};"]
)
def test_bookings_below_a_line_that_names_another_account_are_of_that_account(line: str) -> None:
    items = items_of(f"Konto:;{FIRST}", "", NAMES, *ROWS, line, *ROWS[:2])
    told = [each.account.number for each in statements(items)]
    assert told == [FIRST, SECOND]
    second = items.index(statements(items)[1])
    assert [each.amount for each in bookings(items[second:])] == [-50000, 120000]


def test_accounts_that_only_lines_between_bookings_name_are_kept_apart() -> None:
    items = items_of(NAMES, f"Giro {FIRST}", *ROWS, f"Spar {SECOND}", *ROWS[:2])
    assert [each.account.number for each in statements(items)] == [FIRST, SECOND]


@pytest.mark.parametrize(
    "line",
    [f"Konto:;{FIRST}", f"Empfängerkonto:;{SECOND}", f"Gegenkonto {SECOND}", f";IBAN {SECOND};;"],
)
def test_the_same_account_or_that_of_another_begins_no_statement(line: str) -> None:
    items = items_of(f"Konto:;{FIRST}", "", NAMES, *ROWS, line, *ROWS[:2])
    assert [each.account.number for each in statements(items)] == [FIRST]


@pytest.mark.parametrize("owed", ["Soll ", "-", "Debit ", "S ", "minus ", "DR "])
def test_a_balance_that_is_said_to_be_a_debt_is_one_and_turns_no_booking(owed: str) -> None:
    around = (f"Anfangssaldo;{owed}2.000,00 EUR", f"Endsaldo;{owed}1.380,00 EUR", "")
    items = items_of(*around, NAMES, *ROWS)
    (head,) = statements(items)
    assert head.opening
    assert head.closing
    assert (head.opening.amount, head.closing.amount) == (-200000, -138000)
    assert [each.amount for each in bookings(items)] == [-50000, 120000, -8000]


@pytest.mark.parametrize("line", ["Kontostandslimit;0,99 EUR", "Saldo Limit;5.000,00 EUR"])
def test_a_limit_is_no_balance(line: str) -> None:
    (head,) = statements(items_of(line, "Kontostand;620,00 EUR", "", NAMES, *ROWS))
    assert head.closing
    assert head.closing.amount == 62000


def test_days_that_are_in_order_only_with_the_year_in_front_are_refused() -> None:
    days = ("25.01.20", "25.01.21", "25.01.29", "25.02.03", "25.02.08")
    assert refusal(NAMES, *(f"{day};Miete;-5,00;EUR" for day in days)) == "dates_ambiguous"
    sorted_as_texts = ("01.03.25", "02.01.25", "15.02.25", "16.01.25")
    assert len(bookings(items_of(NAMES, *(f"{day};Miete;-5,00;EUR" for day in sorted_as_texts))))
    monthly = ("25.01.23", "25.02.23", "25.01.24", "25.02.24", "25.01.25")
    assert len(bookings(items_of(NAMES, *(f"{day};Miete;-5,00;EUR" for day in monthly)))) == len(
        monthly
    )


def test_a_day_of_another_calendar_is_none() -> None:
    items = items_of(NAMES, *ROWS, "03.03.2568;Tempel;-3,00;EUR")
    assert len(bookings(items)) == len(ROWS)
    assert len([each for each in items if isinstance(each, UnreadRow)]) == 1


@pytest.mark.parametrize("day", ["14 Nis 2025", "14 Kas 2025", "14 Ağustos 2025"])
def test_turkish_months_are_read(day: str) -> None:
    assert len(bookings(items_of(NAMES, *ROWS, f"{day};Kira;-3,00;EUR"))) == len(ROWS) + 1


@pytest.mark.parametrize("day", ["14 Brumaire 2025", "14-Xyz-25", "Xyz 14, 2025"])
def test_a_row_whose_month_nobody_knows_is_named_as_one_that_was_not_read(day: str) -> None:
    items = items_of(NAMES, *ROWS, f"{day};Kira;-3,00;EUR")
    assert len([each for each in items if isinstance(each, UnreadRow)]) == 1


def test_a_booking_that_stands_twice_under_its_number_is_counted_once() -> None:
    names = "Transaction ID,Date,Name,Amount,Currency"
    rows = [f"TX{at},2025-03-{at:02d},Kunde {at},{at}.00,EUR" for at in range(13, 19)]
    rows[2] = rows[2].replace(",15.00", ",-15.00")
    first, again = statements(items := items_of(names, *rows, rows[1]))
    told = [each.bank_reference for each in bookings(items)]
    assert told == ["TX13", "TX14", "TX15", "TX16", "TX17", "TX18", "TX14"]
    assert items[-2] is again
    assert again.account == first.account
    other = items_of(names, *rows, rows[1].replace("14.00", "99.00"))
    assert len(statements(other)) == 1


def test_a_status_that_only_later_rows_bear_keeps_them_from_being_counted() -> None:
    booked = [f"{day:02d}.{month:02d}.2025;A;-1,00;EUR;" for month in range(1, 12) for day in
              range(1, 29)]  # fmt: skip
    rows = bookings(items_of(f"{NAMES};Hinweis", *booked, "02.12.2025;B;7,00;EUR;vorgemerkt"))
    assert [each.amount for each in rows if each.pending] == [700]


@pytest.mark.parametrize("text", ["PENDING Projekt", "RESERVED Hotel", "Pending: Projekt"])
def test_a_last_row_whose_text_begins_with_pending_is_not_counted(text: str) -> None:
    rows = bookings(items_of(NAMES, *ROWS, f"18.03.2025;{text};-3,00;EUR"))
    assert [each.pending for each in rows] == [False, False, False, True]


def test_a_pending_project_is_no_pending_booking() -> None:
    rows = bookings(items_of(NAMES, *ROWS, "18.03.2025;Pending Projects Ltd;-3,00;EUR"))
    assert not any(each.pending for each in rows)


def test_the_other_side_of_a_known_one_is_told_by_where_it_has_amounts() -> None:
    rows = ("3;10 902;2025.04.14.;0", "9;267;2025.04.19.;0", "1;0;2025.04.20.;122 535")
    names = "Ref;Wert A;Dátum;Bevétel"
    assert [each.amount // 1000 for each in bookings(items_of(names, *rows))] == [
        -10902,
        -267,
        122535,
    ]


@pytest.mark.parametrize("names", ["Orig;Q1;X2;X3;X4", ";;;;"])
def test_codes_of_what_was_paid_abroad_are_not_those_of_the_booking(names: str) -> None:
    rows = ("USD;DKK;03.03.2025;A b c;-42,39", ";DKK;04.03.2025;D e f;50,00")
    told = bookings(items_of(names, *rows, ";DKK;19.03.2025;G h i;-8,00"))
    assert {each.currency for each in told} == {"DKK"}


ENGLISH = (
    "summary,journal,imported by,cargo,device,report,description,descrip,details,category,account"
    ",card member,extended details,data region,data operation,soldered,naming,importer,devised"
    ",currency,data value,amount,posted,balance,type,memo,status,payee,reference"
)


@pytest.mark.parametrize("word", ENGLISH.split(","))
def test_english_names_of_columns_do_not_put_the_day_first(word: str) -> None:
    days = ("03/04/2025", "05/04/2025", "02/06/2025")
    assert day_order(Dated(days, (), ("Date", word.title(), "Amount"), (), ())) is None


@pytest.mark.parametrize(
    "word",
    [
        "Kontonummer",
        "Betrag",
        "Descripción",
        "Descrição",
        "Libellé",
        "Importo",
        "Data valuta",
        "Omschrijving",
        "Saldo",
        "Beløb",
        "Tytuł",
        "Concepto",
        "Data operacji",
        "Débito",
    ],
)
def test_names_of_columns_of_other_countries_put_the_day_first(word: str) -> None:
    days = ("03/04/2025", "05/04/2025", "02/06/2025")
    assert day_order(Dated(days, (), ("Date", word, "Amount"), (), ())) is not None


@pytest.mark.parametrize("amount", ["n/a", "k. A.", "NULL", "?"])
def test_a_booking_whose_amount_is_not_told_is_named_as_one_that_was_not_read(amount: str) -> None:
    items = items_of(NAMES, *ROWS, f"18.03.2025;Kunde;{amount};EUR")
    assert len([each for each in items if isinstance(each, UnreadRow)]) == 1


def test_balances_with_sides_of_their_own_turn_no_booking() -> None:
    rows = ("01.03.2025;A;500,00;S;450,00;S;EUR", "05.03.2025;B;100,00;S;550,00;S;EUR")
    items = items_of("Datum;Text;Betrag;S/H;Saldo;S/H;Währung", *rows,
                     "17.03.2025;C;50,00;H;500,00;S;EUR")  # fmt: skip
    assert [each.amount for each in bookings(items)] == [-50000, -10000, 5000]


def test_one_kind_of_booking_in_all_rows_turns_no_signs() -> None:
    names = "Datum;Buchungstext;Verwendungszweck;Betrag;Währung"
    rows = ("01.03.2025;Lastschrift;A;-5,00;EUR", "05.03.2025;Lastschrift;B;9,00;EUR")
    items = items_of(names, *rows, "17.03.2025;Lastschrift;C;8,00;EUR")
    assert [each.amount for each in bookings(items)] == [-500, 900, 800]


def test_the_customers_own_number_and_bank_code_are_one_account() -> None:
    names = "Kontonummer;Bankleitzahl;Buchungstag;Verwendungszweck;Betrag;Währung"
    rows = [f"0000202051;12030000;{day:02d}.03.2025;{day}A;-5,00;EUR" for day in (1, 5, 17)]
    assert [each.account.number for each in statements(items_of(names, *rows))] == [FIRST]


def test_pounds_of_windows_are_no_letters_of_another_code_page() -> None:
    rows = ("20 Apr 2025,Novák,£0.34,,-£10.34", "25 Apr 2025,Vos,£1.00,,-£11.34",
            "26 Apr 2025,REWE,,£6.00,-£5.34")  # fmt: skip
    lines = ("Account Balance:,£-5.34", "Date,Description,Paid out,Paid in,Balance", *rows)
    items = list(read(BytesIO("\n".join([*lines, ""]).encode("cp1252"))))
    assert [(each.amount, each.currency) for each in bookings(items)] == [
        (-34, "GBP"),
        (-100, "GBP"),
        (600, "GBP"),
    ]
