"""A table's rows read many at a time, a column at a time: most of them are written plainly.

There are two readers of one meaning, since a loop over a column costs a tenth of calls for each of
its cells. What is odd about a row (its width, a date, its amount, no text) leaves it to
`RowReader`. `rules.py` says what cells mean to both, and `tests/core/formats/test_csv_readers.py`
holds that a row says the same to either.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import compress, repeat
from typing import NamedTuple, TypeVar, cast

from core.evidence import Bytes
from core.formats.common.amounts import plain_amounts
from core.formats.common.column import Column, headed, signs, tidied
from core.formats.common.texts import BadValue
from core.formats.csv.grid import Chunk, Grid, Row
from core.formats.csv.headers import ColumnRole
from core.formats.csv.row_reader import RowBooking, RowReader
from core.formats.csv.rules import (
    ABSENT,
    ACCOUNT_KEY,
    COUNTERPARTY,
    AccountKey,
    CellRules,
    account_of,
    booked_day,
    completed_columns,
    kind_of,
    less_fee,
    other_side,
    reference_of,
    text_of,
)
from core.money import EXPONENTS
from core.statements.model import Transaction, make

K = TypeVar("K")
V = TypeVar("V")
CellsByColumn = Mapping[int, Column]
MOST_CACHED = 8192  # values of a column that are known by heart


class Batch(NamedTuple):
    """Bookings, the account and currency in which each is kept, and what was left after it."""

    transactions: list[Transaction]
    account_keys: list[AccountKey]
    balances: Sequence[int | None]


class _Cache(dict[K, V]):
    """What cells mean that come back all over a column, each read once."""

    def __init__(self, read: Callable[[K], V]) -> None:
        self._read = read

    def __missing__(self, cell: K) -> V:
        if len(self) >= MOST_CACHED:
            self.clear()
        self[cell] = value = self._read(cell)
        return value

    def of(self, cells: Sequence[K]) -> list[V]:
        """What each of the cells of a column means, of which there is one at least."""
        if _is_constant(cells):
            return [self[cells[0]]] * len(cells)
        return list(map(self.__getitem__, cells))


class ColumnReader:
    """Reads chunks of a table's rows; those that are odd it has read one by one."""

    def __init__(self, rules: CellRules, row_reader: RowReader) -> None:
        self._rules, self._row_reader = rules, row_reader
        self._at, self._columns = rules.at, rules.columns
        self._odd_days: set[str] = set()
        self._days: _Cache[str, date | None] = _Cache(self._day)
        self._words = _Cache(text_of)
        self._kinds, self._pending = _Cache(kind_of), _Cache(rules.is_pending)
        self._account_keys, self._accounts = _Cache(rules.account_key), _Cache(account_of)
        self._needed = {*self._at.values(), *self._columns.purposes} - {ABSENT}

    def read(self, chunk: Chunk) -> Batch:
        """The bookings in these rows, in their order."""
        booked = self._booked(chunk.rows)
        plain = [day is not None for day in booked]
        plain_rows = chunk if all(plain) else chunk.only(plain)
        batch, odd = self._read_plain(plain_rows, list(filter(None, booked)))
        if plain_rows is chunk and not odd:
            return batch
        places = list(compress(range(len(plain)), plain))
        bookings: dict[int, RowBooking | None] = dict(
            zip(places, map(RowBooking._make, zip(*batch, strict=True)), strict=True)
        )
        others = {at for at, each in enumerate(plain) if not each} | {places[at] for at in odd}
        for at in sorted(others):  # in their order, for one may tell what the next leaves open
            row = chunk.rows[at]
            bookings[at] = self._row_reader.read(row, chunk.starts[at], chunk.ends[at])
        in_order = [each for at in sorted(bookings) if (each := bookings[at]) is not None]
        return Batch(*map(list, zip(*in_order, strict=True))) if in_order else Batch([], [], [])

    def _booked(self, rows: Sequence[Row]) -> list[date | None]:
        """The day of each row that is plain so far: as wide as the table, on a proper day."""
        width, at, days = self._columns.width, self._at[ColumnRole.BOOKED], self._days
        if not isinstance(rows, Grid):
            return [days[row[at]] if len(row) == width else None for row in rows]
        if rows.width != width:
            return [None] * len(rows)
        return list(map(days.__getitem__, rows.column(at)))

    def _cut(self, rows: Sequence[Row]) -> CellsByColumn:
        """The columns of rows that are as wide as the table; an empty one for all that it lacks."""
        if isinstance(rows, Grid):
            columns = {at: rows.column(at) for at in self._needed}
        else:
            columns = dict(enumerate(zip(*rows, strict=True)))
        return columns | {ABSENT: [""] * len(rows)}

    def _read_plain(self, chunk: Chunk, booked: Sequence[date]) -> tuple[Batch, list[int]]:
        """The bookings of plain rows, and which of them had better be read alone."""
        rows, starts, ends = chunk
        if not rows:
            return Batch([], [], []), []
        columns, at, nothing = self._cut(rows), self._at, [None] * len(rows)
        valued = self._days.of(columns[at[ColumnRole.VALUED]])
        keys = self._account_keys.of(_beside([columns[at[role]] for role in ACCOUNT_KEY]))
        accounts = self._accounts.of(_beside([columns[at[role]] for role in COUNTERPARTY]))
        kinds = self._kinds.of(columns[at[ColumnRole.TEXT]])
        gvcs = self._words.of(columns[at[ColumnRole.GVC]])
        currencies = [currency for _, currency in keys]
        pending = self._pending.of(columns[at[ColumnRole.STATUS]])
        amounts, odd = self._amounts(columns, currencies)
        balances, odder = self._balances(columns[at[ColumnRole.BALANCE]], currencies)
        names, texts = self._parties(columns, amounts), self._purposes(columns)
        odd += odder + self._oddly_valued(columns[at[ColumnRole.VALUED]])
        if None in currencies:
            odd += [row for row, currency in enumerate(currencies) if currency is None]
        if None in amounts:
            odd += [row for row, amount in enumerate(amounts) if amount is None]
        if not all(texts):
            odd += [row for row, text in enumerate(texts) if not text and not names[row]]
        parties, accounts, texts = completed_columns(names, accounts, texts)
        texts = headed(kinds, texts)
        reasons, corrections = signs(gvcs, texts)
        references: Sequence[str | None] = nothing
        if at[ColumnRole.REFERENCE] != ABSENT:
            references = list(map(reference_of, columns[at[ColumnRole.REFERENCE]]))
        evidence = map(make, repeat(Bytes), zip(starts, ends, strict=True))
        fields = zip(
            booked, valued, amounts, currencies, pending, corrections, parties, accounts, texts,
            gvcs, nothing, reasons, references, repeat(()), evidence, nothing, nothing,
        )  # fmt: skip
        transactions = list(map(make, repeat(Transaction), fields))
        # Rows that name no currency are among the odd ones.
        return Batch(transactions, cast(list[AccountKey], keys), balances), sorted(set(odd))

    def _day(self, cell: str) -> date | None:
        """The day that a cell says; None for none, and for one that no calendar has."""
        day = booked_day(cell, self._columns.order)
        if day is not None and day.odd:
            self._odd_days.add(cell)
            return None
        return None if day is None else day.on

    def _amounts(
        self, columns: CellsByColumn, currencies: Sequence[str | None]
    ) -> tuple[Sequence[int | None], list[int]]:
        """Each row's signed amount, and the rows in which one is not written plainly."""
        at = self._at
        if at[ColumnRole.AMOUNT] == ABSENT:
            debits, odd = self._minor(columns[at[ColumnRole.DEBIT]], currencies)
            incomes, odder = self._minor(columns[at[ColumnRole.CREDIT]], currencies)
            return list(map(self._rules.signs.net, debits, incomes)), odd + odder
        amounts, odd = self._minor(columns[at[ColumnRole.AMOUNT]], currencies)
        signs = self._rules.signs
        if at[ColumnRole.SIDE] != ABSENT:
            signed = zip(amounts, columns[at[ColumnRole.SIDE]], strict=True)
            on_side = signs.on_side
            amounts = [None if each is None else on_side(each, side) for each, side in signed]
        elif signs.turned:
            amounts = [None if each is None else -each for each in amounts]
        if at[ColumnRole.FEE] != ABSENT:
            fees, odder = self._minor(columns[at[ColumnRole.FEE]], currencies)
            odd += odder
            both = zip(amounts, fees, strict=True)
            amounts = [None if each is None else less_fee(each, fee) for each, fee in both]
        return amounts, odd

    def _balances(
        self, cells: Column, currencies: Sequence[str | None]
    ) -> tuple[Sequence[int | None], list[int]]:
        if self._at[ColumnRole.BALANCE] == ABSENT:
            return [None] * len(cells), []
        return self._minor(cells, currencies)

    def _minor(
        self, cells: Column, currencies: Sequence[str | None]
    ) -> tuple[Sequence[int | None], list[int]]:
        """Minor units of a column's cells, None where no amount is, and which cannot be kept."""
        filled = list(filter(None, cells))
        if EXPONENTS.keys().isdisjoint(currencies):
            plain = plain_amounts(filled, self._columns.point)
            if plain is not None:
                if len(plain) == len(cells):
                    return plain, []
                each = iter(plain)
                return [next(each) if cell else None for cell in cells], []
        amounts: list[int | None] = []
        odd = []
        for cell, currency in zip(cells, currencies, strict=True):
            try:
                amounts.append(self._rules.minor(cell, currency or ""))
            except BadValue:
                odd.append(len(amounts))
                amounts.append(None)
        return amounts, odd

    def _parties(self, columns: CellsByColumn, amounts: Sequence[int | None]) -> list[str | None]:
        """Who is on the other side: the payer of what came in, the payee of what went out."""
        rules = self._rules
        payers = self._words.of(columns[rules.payer])
        if rules.payer == rules.payee:
            return payers
        return list(map(other_side, amounts, payers, self._words.of(columns[rules.payee])))

    def _purposes(self, columns: CellsByColumn) -> list[str]:
        purposes = [columns[each] for each in self._columns.purposes]
        if len(purposes) == 1:
            return tidied(purposes[0])
        if not purposes:
            return [""] * len(columns[ABSENT])
        return tidied([" ".join(cells) for cells in zip(*purposes, strict=True)])

    def _oddly_valued(self, cells: Column) -> list[int]:
        if not self._odd_days:
            return []
        return [row for row, cell in enumerate(cells) if cell in self._odd_days]


def _is_constant(cells: Sequence[object]) -> bool:
    """Whether a column has the same in it all over, as one of currencies or of the account."""
    return cells[0] == cells[-1] and cells.count(cells[0]) == len(cells)


def _beside(columns: Sequence[Column]) -> Sequence[tuple[str, ...]]:
    """The cells of columns side by side."""
    if all(map(_is_constant, columns)):
        return [tuple(cells[0] for cells in columns)] * len(columns[0])
    return list(zip(*columns, strict=True))
