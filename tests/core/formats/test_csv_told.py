"""What a table tells of sides, days, statuses and currencies in other places than its columns."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pytest

from core.documents import Finding, Recognised
from core.errors import Unreadable
from core.formats.csv.reader import read
from core.statements.model import Item, Statement, Transaction, UnreadRow

pytestmark = pytest.mark.unit
IBAN = "DE02120300000000202051"
NAMES = "Datum;Text;Betrag"
ROWS = ("01.03.2025;Miete;-500,00", "05.03.2025;Kunde;1200,00", "17.03.2025;Strom;-80,00")


def items_of(*lines: str) -> list[Item]:
    return list(read(BytesIO("\n".join([*lines, ""]).encode())))


def bookings(items: Sequence[Item], *, pending: bool = False) -> list[tuple[int, int]]:
    """Day of the month and whole units of each."""
    rows = [each for each in items if isinstance(each, Transaction) and each.pending is pending]
    unit = 1000 if any(row.currency == "" for row in rows) else 100
    return [(row.booked_on.day, row.amount // unit) for row in rows]


def codes(items: Sequence[Item]) -> set[str]:
    return {each.code for each in items if isinstance(each, Finding)}


def refusal(*lines: str) -> str:
    with pytest.raises(Unreadable) as refused:
        items_of(*lines)
    return refused.value.code


def test_a_currency_that_only_the_country_of_the_account_tells_is_told() -> None:
    above = ("IBAN;" + IBAN, "")
    assert "currency_by_country" in codes(items_of(*above, NAMES, *ROWS))
    named = f"{NAMES};IBAN Auftragskonto"
    assert "currency_by_country" in codes(items_of(named, *(f"{row};{IBAN}" for row in ROWS)))
    assert "currency_by_country" not in codes(items_of(*above, "Datum;Text;Betrag (EUR)", *ROWS))
    coded = items_of(*above, f"{NAMES};Währung", *(f"{row};EUR" for row in ROWS))
    assert "currency_by_country" not in codes(coded)


@pytest.mark.parametrize("minus", ["&minus;", "&#8722;", "&ndash;"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_minus_of_a_web_page_is_one_where_semicolons_separate(minus: str, quote: str) -> None:
    rows = [
        ";".join(f"{quote}{cell}{quote}" for cell in cells)
        for cells in (
            ("Datum", "Text", "Betrag"),
            ("01.03.2025", "M&uuml;ller &amp; Co", f"{minus}500,00"),
            ("05.03.2025", "Kunde", "1200,00"),
        )
    ]
    items = items_of(*rows)
    assert bookings(items) == [(1, -500), (5, 1200)]
    assert next(e.remittance for e in items if isinstance(e, Transaction)) == "Müller & Co"


def test_square_brackets_stand_for_a_minus() -> None:
    items = items_of(NAMES, "01.03.2025;Miete;[500,00]", "05.03.2025;Kunde;1200,00")
    assert bookings(items) == [(1, -500), (5, 1200)]


@pytest.mark.parametrize(
    ("came_in", "went_out"),
    [
        ("Deposits and other credits", "Withdrawals and other debits"),
        ("Deposits", "ATM & debit card withdrawals"),
        ("Einnahmen", "Ausgaben 2025"),
        ("Zahlungseingänge:", "Checks paid"),
    ],
)
@pytest.mark.parametrize("repeated", [True, False])
def test_a_line_above_rows_names_their_side(came_in: str, went_out: str, repeated: bool) -> None:
    names = "Date,Description,Amount"
    items = items_of(
        *([came_in, names] if repeated else [names, f"{came_in},,"]),
        "2025-01-15,Sale,100.00",
        "2025-01-28,Sale,50.00",
        *([went_out, names] if repeated else [f"{went_out},,"]),
        "2025-01-05,Rent,80.00",
    )
    assert bookings(items) == [(15, 100), (28, 50), (5, -80)]
    assert len([each for each in items if isinstance(each, Statement)]) == 1


@pytest.mark.parametrize("names", [NAMES, "Text;Betrag"])
def test_a_day_on_a_line_of_its_own_is_that_of_the_rows_below(names: str) -> None:
    before = ";" if names == NAMES else ""
    items = items_of(
        names, "01.03.2025", f"{before}Miete;-500,00", f"{before}Kunde;1200,00",
        "15.03.2025", f"{before}Strom;-80,00",
    )  # fmt: skip
    assert bookings(items) == [(1, -500), (1, 1200), (15, -80)]


def test_amounts_without_any_sign_are_no_income_unless_something_says_so() -> None:
    rows = ("01.03.2025;Miete;500,00", "05.03.2025;Kunde;1200,00")
    assert refusal(NAMES, *rows) == "signs_unknown"
    assert refusal(f"{NAMES};Zorp", *(f"{row};quux" for row in rows)) == "signs_unknown"
    assert refusal(NAMES, "01.03.2025;Miete;500,-", "05.03.2025;Kunde;1200,-") == "signs_unknown"
    assert bookings(items_of("Nur Eingänge", NAMES, *rows)) == [(1, 500), (5, 1200)]
    led = (f"{rows[0]};700,00", f"{rows[1]};1900,00")
    assert bookings(items_of(f"{NAMES};Saldo", *led)) == [(1, 500), (5, 1200)]
    late = [f"{1 + at % 28:02}.03.2025;Kunde;1200,00" for at in range(250)]
    assert len(bookings(items_of(NAMES, *late, "31.03.2025;Miete;-500,00"))) == 251


@pytest.mark.parametrize("values", ["BVB", "CPC", "101", "JNJ"])
@pytest.mark.parametrize("name", ["Zorp", "Status"])
def test_letters_that_may_say_what_is_booked_need_balances(values: str, name: str) -> None:
    plain = [f"{row};{value}" for row, value in zip(ROWS, values, strict=True)]
    assert refusal(f"{NAMES};{name}", *plain) == "status_unknown"
    without = [
        f"{row};{left};{value}"
        for row, left, value in zip(ROWS, ("500", "500", "420"), values, strict=True)
    ]
    items = items_of(f"{NAMES};Saldo;{name}", *without)
    assert (bookings(items), bookings(items, pending=True)) == ([(1, -500), (17, -80)], [(5, 1200)])
    assert "status_unknown" in codes(items)
    all_led = [
        f"{row};{left};{value}"
        for row, left, value in zip(ROWS, ("500", "1700", "1620"), values, strict=True)
    ]
    assert len(bookings(items_of(f"{NAMES};Saldo;{name}", *all_led))) == 3


def test_a_day_on_which_something_is_due_makes_no_open_items_of_bookings() -> None:
    rows = ("01.03.2025;03.03.2025;Miete;-500,00", "05.03.2025;06.03.2025;Kunde;1200,00")
    items = items_of("Buchungstag;Fälligkeit;Text;Betrag", *rows)
    assert bookings(items) == [(1, -500), (5, 1200)]
    open_items = items_of("Buchungstag;Rechnungsnummer;Fälligkeit;Betrag", *rows)
    assert any(isinstance(each, Recognised) for each in open_items)


def test_a_last_row_that_comes_to_all_others_is_no_booking() -> None:
    items = items_of(NAMES, *ROWS, "18.03.2025;Kunde;80,00", "31.03.2025;Zorp;700,00")
    assert (31, 700) not in bookings(items)
    assert [each.on for each in items if isinstance(each, UnreadRow)] == [date(2025, 3, 31)]


def test_cells_in_another_currency_are_named_as_not_read() -> None:
    items = items_of(NAMES, *(f"{row} EUR" for row in ROWS), "18.03.2025;Hotel;-15,00 USD")
    assert len(bookings(items)) == 3
    assert any(isinstance(each, UnreadRow) for each in items)


def test_dollars_are_those_of_the_country_that_is_named() -> None:
    rows = ("2025-03-01,A,-$12.00", "2025-03-13,B,$15.00")
    items = items_of("Account currency,CAD", "", "Date,Text,Amount", *rows)
    assert {each.currency for each in items if isinstance(each, Transaction)} == {"CAD"}
    items = items_of("Date,Text,Amount (R$)", "2025-03-01,A,-12.00", "2025-03-13,B,15.00")
    assert {each.currency for each in items if isinstance(each, Transaction)} == {"BRL"}


def test_thousands_that_a_comma_has_cut_off_are_not_left_out_unsaid() -> None:
    rows = ("2025-03-01,A,-12.00", "2025-03-13,B,2,375.94", "2025-03-14,C,5.00")
    items = items_of("Date,Text,Amount", *rows)
    assert bookings(items) == [(1, -12), (14, 5)]
    assert any(isinstance(each, UnreadRow) for each in items)


def test_balances_whose_thousands_stand_apart_are_whole() -> None:
    above = (f"IBAN;{IBAN}", "Kontostand am 31.03.2025;313 889,65 EUR", "")
    (head,) = [each for each in items_of(*above, NAMES, *ROWS) if isinstance(each, Statement)]
    assert head.closing is not None
    assert head.closing.amount == 31_388_965


@pytest.mark.parametrize(
    "lines",
    [
        ("Date,Text,Amount (pence)", "2025-03-01,A,-1200", "2025-03-13,B,1500"),
        (NAMES, ";;TEUR", "01.03.2025;A;-12,00", "13.03.2025;B;15,00"),
    ],
)
def test_other_units_than_whole_ones_are_refused(lines: Sequence[str]) -> None:
    assert refusal(*lines) == "amounts_ambiguous"


def test_two_tables_side_by_side_are_refused() -> None:
    rows = [f"{row};;{row}" for row in ROWS]
    assert refusal(f"{NAMES};;{NAMES}", *rows) == "columns_unknown"


def test_a_text_that_begins_as_pending_is_not_counted_at_the_end() -> None:
    items = items_of(NAMES, *ROWS, "18.03.2025;VORGEMERKT: Kunde;100,00")
    assert (len(bookings(items)), bookings(items, pending=True)) == (3, [(18, 100)])


def test_a_card_is_turned_by_its_payments_however_many_there_are() -> None:
    paid = [f"{day:02}.03.2025;Zahlung erhalten;-9,00;M" for day in range(1, 20)]
    names = f"{NAMES};Karteninhaber"
    items = items_of(names, *paid, "20.03.2025;Hotel;15,00;M", "21.03.2025;Taxi;5,00;M")
    assert bookings(items)[-2:] == [(20, -15), (21, -5)]
    assert "card_signs_turned" in codes(items)


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows() -> None:
    rows = [*ROWS, '18.03.2025;"Alte Post;-5,00', *ROWS, '19.03.2025;"Neue Post;-6,00', *ROWS]
    with pytest.raises(Unreadable, match="never closed"):
        items_of(NAMES, *rows)


def test_a_header_in_another_currency_is_another_table() -> None:
    first, second = (("Datum;Text;Betrag (EUR)", *ROWS), ("Datum;Text;Betrag (USD)", *ROWS))
    found = [each for each in items_of(*first, "", *second) if isinstance(each, Transaction)]
    assert [each.currency for each in found] == ["EUR"] * 3 + ["USD"] * 3


@pytest.mark.parametrize(
    "name", ["Betrag (Belastung +/Gutschrift -)", "Betrag (Ausgaben positiv)", "Amount (debit +)"]
)
def test_a_name_that_says_that_spending_is_positive_is_not_passed_over(name: str) -> None:
    assert refusal(f"Datum;Text;{name}", *ROWS) == "signs_unknown"
