"""A table is read a column at a time, odd rows alone: a row says the same to either reader."""

from collections.abc import Callable
from io import BytesIO
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.documents import Finding
from core.errors import Unreadable
from core.formats.csv import read
from core.formats.csv.column_reader import ColumnReader
from core.formats.csv.row_reader import RowReader
from core.statements.model import Item, Transaction
from tests.core.formats.test_csv_chunks import NAMES, ROWS, by_blocks, written

OWN, OTHER = "DE02120300000000202051", "DE75512108001245126199"
TEXTS = st.sampled_from([
    "", "Miete", "Storno Gas", "Rückgabe MS03", " a  b ", "Saldo 5,00", "zwei\nZeilen",
    "EREF+17 SVWZ+Zins ABWA+Frau Muster", "SVWZ+", "Empfänger: Werk Buchungstext: Gas EREF: 3",
    f"Auftraggeber: Werk IBAN: {OTHER} SVWZ: Strom",
])  # fmt: skip
PARTIES = st.sampled_from(["", "Werk", "Frau  Muster", "x"])
MONEY = st.sampled_from(["", "1,00", "-12,34", "1.234,56", "+7,00", "5,00 EUR", "99,99-", "0,5"])
DAYS = st.sampled_from(["01.02.2025", "31.02.2025", "3.2.25", "2025-02-04", "", "Summe"])
CELLS = {
    "Buchungstag": DAYS,
    "Valuta": DAYS,
    "Buchungstext": st.sampled_from(["", "Eingang", "Lastschrift", "Storno"]),
    "Verwendungszweck": TEXTS,
    "VWZ2": TEXTS,
    "Beguenstigter/Zahlungspflichtiger": PARTIES,
    "Auftraggeber": PARTIES,
    "Empfaenger": PARTIES,
    "IBAN": st.sampled_from(["", OTHER, "'1234567890'", "0", " DE75 5121 0800 1245 1261 99"]),
    "BLZ": st.sampled_from(["", "12030000"]),
    "Auftragskonto": st.sampled_from(["", OWN, OTHER]),
    "Betrag": MONEY,
    "Soll": MONEY,
    "Haben": MONEY,
    "Soll/Haben": st.sampled_from(["", "S", "H", "haben"]),
    "Saldo": MONEY,
    "Waehrung": st.sampled_from([*["EUR"] * 5, "eur", "USD", "?", ""]),
    "Status": st.sampled_from(["", "gebucht", "vorgemerkt"]),
    "Transaktionscode": st.sampled_from(["", " A1 "]),
    "GVC": st.sampled_from(["", "166", "109"]),
}
PLAIN = dict.fromkeys(CELLS, "") | {
    "Buchungstag": "01.01.2025",
    "Valuta": "02.01.2025",
    "Verwendungszweck": "Pacht",
    "VWZ2": "Januar",
    "Beguenstigter/Zahlungspflichtiger": "Vermieter",
    "IBAN": OTHER,
    "Auftragskonto": OWN,
    "Betrag": "1,00",
    "Soll": "1,00",
    "Soll/Haben": "S",
    "Saldo": "10,00",
    "Waehrung": "EUR",
}
PLAIN_ROWS = 2
MONEY_COLUMNS = st.sampled_from([["Betrag"], ["Betrag", "Soll/Haben"], ["Soll", "Haben"]])
PARTY_COLUMNS = st.sampled_from([
    ["Beguenstigter/Zahlungspflichtiger"], ["Auftraggeber", "Empfaenger"], ["Empfaenger"], [],
])  # fmt: skip
OTHER_COLUMNS = sorted({
    "Valuta", "Buchungstext", "Verwendungszweck", "VWZ2", "IBAN", "BLZ", "Auftragskonto", "Saldo",
    "Status", "Transaktionscode", "GVC",
})  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table of most of the columns, whose first rows are plain."""
    # Without a currency in its row, each would be read alone.
    chosen = {"Buchungstag", "Waehrung", *draw(MONEY_COLUMNS), *draw(PARTY_COLUMNS)}
    chosen |= set(OTHER_COLUMNS) - draw(st.sets(st.sampled_from(OTHER_COLUMNS), max_size=4))
    names = [each for each in CELLS if each in chosen]
    row = st.tuples(*(CELLS[each] for each in names))
    rows = draw(st.lists(row, max_size=10))
    return table(names, [tuple(PLAIN[each] for each in names)] * PLAIN_ROWS + rows)


def table(names: list[str], rows: list[tuple[str, ...]]) -> str:
    """The bytes' text of a table, its cells in quotation marks."""
    return "".join('"' + '";"'.join(row) + '"\n' for row in (names, *rows))


def items(content: str) -> list[Item]:
    """What a table says."""
    return list(read(BytesIO(content.encode())))


def items_unless_sides_are_untold(
    content: str, reader: Callable[[str], list[Item]] = items
) -> list[Item] | None:
    """What a table says; None where its signs contradict its sides."""
    try:
        return reader(content)
    except Unreadable as refusal:
        if refusal.code != "signs_unknown":
            raise
    return None


def row_by_row(content: str) -> list[Item]:
    """The same, with no row read among others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ColumnReader, "_booked", lambda _, rows: [None] * len(rows))
        return items(content)


def amounts(found: list[Item]) -> list[int]:
    """What each booking comes to."""
    return [each.amount for each in found if isinstance(each, Transaction)]


@given(tables())
def test_a_row_says_the_same_alone_and_among_others_whatever_columns_it_has(content: str) -> None:
    together = items_unless_sides_are_untold(content)
    if together is None:
        assert items_unless_sides_are_untold(content, row_by_row) is None
        return
    assert row_by_row(content) == together
    assert len(amounts(together)) >= PLAIN_ROWS


@given(st.lists(st.tuples(st.integers(-900, 900), st.integers(-99, 99)), min_size=2, max_size=8))
@example([(-100, 50), (200, 0)])
def test_a_fee_is_taken_off_alone_as_among_others(moves: list[tuple[int, int]]) -> None:
    # What two balances show to be a fee; without these, `moves` may show nothing of the kind.
    shown = [(-100, 50), (200, 1), *moves]
    assert amounts(items(with_fees(shown))) == [amount - abs(fee) for amount, fee in shown]
    for content in map(with_fees, (moves, shown)):
        found = items_unless_sides_are_untold(content)
        assert items_unless_sides_are_untold(content, row_by_row) == found


def with_fees(moves: list[tuple[int, int]]) -> str:
    """A table of amounts and fees in cents, and of the balances that both lead to."""
    names = ["Buchungstag", "Verwendungszweck", "Betrag (EUR)", "Gebuehr", "Saldo"]
    left = list(accumulate((amount - abs(fee) for amount, fee in moves), initial=10_000))[1:]
    rows = [
        (f"{day:02}.02.2025", "Miete", *(f"{cents / 100:.2f}".replace(".", ",") for cents in row))
        for day, row in enumerate(
            ((*move, after) for move, after in zip(moves, left, strict=True)), 1
        )
    ]
    return table(names, rows)


@given(ROWS, st.sampled_from(["\n", "\r\n"]))
def test_a_row_says_the_same_alone_and_among_others(
    rows: list[tuple[str, str, str, str, str, bool]], broken: str
) -> None:
    first = ("01.01.2025", "Miete", "Vermieter", "-1,00", "EUR", True)
    content = ";".join(NAMES) + broken + "".join(written(row, broken) for row in (first, *rows))
    together = by_blocks(content.encode(), 1 << 20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ColumnReader, "_booked", lambda _, rows: [None] * len(rows))
        assert by_blocks(content.encode(), 1 << 20) == together


def test_plain_rows_are_not_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(RowReader, "read")
    names = [each for each in CELLS if each not in ("Soll", "Haben")]
    found = items(table(names, [tuple(PLAIN[each] for each in names)] * 5))
    assert amounts(found) == [-100] * 5
    assert [each.code for each in found if isinstance(each, Finding)] == ["running_balance"] * 4
