"""Dated rows at the ends of a table that are no bookings: what was there before, and totals."""

from io import BytesIO

import pytest

from core.formats.csv import read
from core.statements.model import Statement, Transaction, UnreadRow

pytestmark = pytest.mark.unit

HEADER = "Datum;Text;Betrag;Währung"
ROWS = (
    "14.05.2025;Miete;905,98;EUR",
    "15.05.2025;Projekt Alpha;-205,27;EUR",
    "16.05.2025;Rechnung 4711;2.673,57;EUR",
    "20.05.2025;Beitrag;-166,67;EUR",
)
AMOUNTS = [90598, -20527, 267357, -16667]
SUM, INTO, OUT = "3.207,61", "3.579,55", "-371,94"


def told(*rows: str) -> tuple[list[int], int, Statement]:
    """The amounts that count, how many rows are named as not read, and the statement."""
    items = list(read(BytesIO("\n".join((HEADER, *rows, "")).encode())))
    return (
        [each.amount for each in items if isinstance(each, Transaction)],
        sum(isinstance(each, UnreadRow) for each in items),
        next(each for each in items if isinstance(each, Statement)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "Ergebnis", "Insgesamt", "Σ", "Einnahmen gesamt", "Kontrollsumme", "Quartalssumme",
        "Totale generale", "Celkem za měsíc", "Suma miesiąca", "Sum total", "Net movement",
        "Saldo der Periode", "Zw.-Summe",
    ],
)  # fmt: skip
def test_a_last_row_that_comes_to_all_others_is_their_total(text: str) -> None:
    amounts, unread, _ = told(*ROWS, f"20.05.2025;{text};{SUM};EUR")
    assert (amounts, unread) == (AMOUNTS, 0)


@pytest.mark.parametrize("text", ["Zorp", "Was am Ende blieb"])
def test_a_last_row_that_comes_to_all_others_in_unknown_words_is_named(text: str) -> None:
    amounts, unread, _ = told(*ROWS, f"20.05.2025;{text};{SUM};EUR")
    assert (amounts, unread) == (AMOUNTS, 1)


def test_totals_of_each_side_below_one_another_are_no_bookings() -> None:
    ends = (INTO, OUT, SUM)
    for count in (2, 3):
        below = [f"20.05.2025;;{each};EUR" for each in ends[:count]]
        assert told(*ROWS, *below)[:2] == (AMOUNTS, 0)


def test_a_total_above_all_rows_is_no_booking() -> None:
    assert told(f"14.05.2025;;{SUM};EUR", *ROWS)[:2] == (AMOUNTS, 0)


def test_a_booking_that_happens_to_come_to_all_others_counts_where_balances_around_say_so() -> None:
    last = f"20.05.2025;Projekt Beta;{SUM};EUR"
    rows = [HEADER, *ROWS, last]
    above = ["Alter Kontostand;1.000,00 EUR", "Neuer Kontostand;7.415,22 EUR"]
    items = list(read(BytesIO("\n".join((*above, *rows, "")).encode())))
    assert [each.amount for each in items if isinstance(each, Transaction)] == [*AMOUNTS, 320761]


def test_the_same_booking_again_is_no_total_of_those_that_cancel_out() -> None:
    rows = [f"1{day}.05.2025;Abo;{amount};EUR" for day, amount in enumerate(("5,00",) * 2, 2)]
    rows += ["14.05.2025;Storno Abo;-5,00;EUR", "15.05.2025;Abo;5,00;EUR"]
    assert told(*rows)[:2] == ([500, 500, -500, 500], 0)


@pytest.mark.parametrize(
    "text",
    [
        "Stand Vormonat", "Kontostand Jahresanfang", "Vortrag Vorjahr", "Saldo aus Vorjahr",
        "Startguthaben", "Saldo Beginn", "Balance at start", "Vortragssaldo",
        "Saldovortrag aus 2024", "Balance from last month", "Balance carried over",
        "Saldo van vorige maand", "Stan na początek", "Saldo fra sidste måned",
        "Ingående saldo från föregående", "Solde du mois précédent", "Saldo mes anterior",
    ],
)  # fmt: skip
def test_a_first_row_that_says_what_was_there_before_is_the_opening_balance(text: str) -> None:
    amounts, unread, statement = told(f"14.05.2025;{text};2.500,75;EUR", *ROWS)
    assert (amounts, unread) == (AMOUNTS, 0)
    assert statement.opening is not None
    assert statement.opening.amount == 250075


@pytest.mark.parametrize(
    "text",
    [
        "Übertrag aus 2024", "Carried over", "Report du mois précédent", "Saldo 31.12.2024",
        "Přenos z minulého období", "Overført fra sidste side", "Stand wie gezählt",
    ],
)  # fmt: skip
def test_a_first_row_that_may_be_a_balance_is_named_and_does_not_count(text: str) -> None:
    assert told(f"14.05.2025;{text};2.500,75;EUR", *ROWS)[:2] == (AMOUNTS, 1)


def test_words_of_balances_in_the_midst_of_bookings_are_a_bookings_text() -> None:
    rows = [*ROWS[:2], "15.05.2025;Saldo Vorjahr;-80,00;EUR", *ROWS[2:]]
    assert told(*rows)[:2] == ([*AMOUNTS[:2], -8000, *AMOUNTS[2:]], 0)
