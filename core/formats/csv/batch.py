"""Many bookings at once, read a column at a time: most rows of a table are written plainly.

What is odd about a row (its width, a date, its amount, no text) leaves it to `booking.py`, which
reads it alone. A loop over a column costs a tenth of calls for each of its cells.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import compress, repeat
from typing import NamedTuple, TypeVar, cast

from core.evidence import Bytes
from core.formats.common.amounts import plain_amounts
from core.formats.common.column import BETWEEN, Column, headed, signs, tidied
from core.formats.common.dates import written_day
from core.formats.common.remittance import KEYED, LABELLED, read_labelled, read_purpose
from core.formats.common.texts import BadValue, tidy
from core.formats.csv.booking import (
    ABSENT,
    ACCOUNT_KEY,
    COUNTERPARTY,
    AccountKey,
    RowBooking,
    RowReader,
    account_of,
    is_pending,
    kind_of,
    on_side,
)
from core.formats.csv.grid import Chunk, Grid, Row
from core.formats.csv.headers import ColumnRole
from core.money import EXPONENTS
from core.statements.model import Transaction, make

K = TypeVar("K")
V = TypeVar("V")
CellsByColumn = Mapping[int, Column]
MOST_CACHED = 8192  # values of a column that are known by heart


class Batch(NamedTuple):
    """Bookings, the account and currency in which each is kept, and what was left after it."""

    said: list[Transaction]
    kept: list[AccountKey]
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
    """Reads chunks of a table's rows; `alone` is who reads a row that is odd."""

    def __init__(self, alone: RowReader) -> None:
        self._alone, self._at, self._columns = alone, alone.at, alone.columns
        self._odd_days: set[str] = set()
        self._days: _Cache[str, date | None] = _Cache(self._day)
        self._words: _Cache[str, str | None] = _Cache(lambda cell: tidy(cell) or None)
        self._kinds, self._pending = _Cache(kind_of), _Cache(is_pending)
        self._kept, self._accounts = _Cache(alone.kept), _Cache(account_of)
        self._needed = {*self._at.values(), *self._columns.purposes} - {ABSENT}

    def read(self, chunk: Chunk) -> Batch:
        """The bookings in these rows, in their order."""
        booked = self._booked(chunk.rows)
        plain = [day is not None for day in booked]
        some = chunk if all(plain) else chunk.only(plain)
        batch, odd = self._together(some, list(filter(None, booked)))
        if some is chunk and not odd:
            return batch
        places = list(compress(range(len(plain)), plain))
        found: dict[int, RowBooking | None] = dict(
            zip(places, map(RowBooking._make, zip(*batch, strict=True)), strict=True)
        )
        left = {at for at, each in enumerate(plain) if not each} | {places[at] for at in odd}
        for at in sorted(left):  # in their order, for one may tell what the next leaves open
            found[at] = self._alone.read(chunk.rows[at], chunk.starts[at], chunk.ends[at])
        told = [each for at in sorted(found) if (each := found[at]) is not None]
        return Batch(*map(list, zip(*told, strict=True))) if told else Batch([], [], [])

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

    def _together(self, chunk: Chunk, booked: Sequence[date]) -> tuple[Batch, list[int]]:
        """The bookings of plain rows, and which of them had better be read alone."""
        rows, starts, ends = chunk
        if not rows:
            return Batch([], [], []), []
        columns, at, nothing = self._cut(rows), self._at, [None] * len(rows)
        valued = self._days.of(columns[at[ColumnRole.VALUED]])
        kept = self._kept.of(_beside([columns[at[role]] for role in ACCOUNT_KEY]))
        accounts = self._accounts.of(_beside([columns[at[role]] for role in COUNTERPARTY]))
        kinds, gvcs = (
            self._kinds.of(columns[at[ColumnRole.TEXT]]),
            self._words.of(columns[at[ColumnRole.GVC]]),
        )
        currencies = [currency for _, currency in kept]
        pending = self._pending.of(columns[at[ColumnRole.STATUS]])
        amounts, odd = self._amounts(columns, currencies)
        left, odder = self._balances(columns[at[ColumnRole.BALANCE]], currencies)
        names, texts = self._parties(columns, amounts), self._purposes(columns)
        odd += odder + self._oddly_valued(columns[at[ColumnRole.VALUED]])
        if None in currencies:
            odd += [row for row, currency in enumerate(currencies) if currency is None]
        if None in amounts:
            odd += [row for row, amount in enumerate(amounts) if amount is None]
        if not all(texts):
            odd += [row for row, text in enumerate(texts) if not text and not names[row]]
        names, parties, texts = _understood(names, accounts, texts)
        texts = headed(kinds, texts)
        reasons, corrections = signs(gvcs, texts)
        references: Sequence[str | None] = nothing
        if at[ColumnRole.REFERENCE] != ABSENT:
            references = [cell.strip() or None for cell in columns[at[ColumnRole.REFERENCE]]]
        evidence = map(make, repeat(Bytes), zip(starts, ends, strict=True))
        fields = zip(
            booked, valued, amounts, currencies, pending, corrections, names, parties, texts, gvcs,
            nothing, reasons, references, repeat(()), evidence, nothing,
        )  # fmt: skip
        said = list(map(make, repeat(Transaction), fields))
        # Rows that name no currency are among the odd ones.
        return Batch(said, cast(list[AccountKey], kept), left), sorted(set(odd))

    def _day(self, cell: str) -> date | None:
        """The day that a cell says; None for none, and for one that no calendar has."""
        day = written_day(cell, self._columns.order)
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
            sides = zip(debits, incomes, strict=True)
            return [_net(debit, credit) for debit, credit in sides], odd + odder
        amounts, odd = self._minor(columns[at[ColumnRole.AMOUNT]], currencies)
        if at[ColumnRole.SIDE] != ABSENT:
            signed = zip(amounts, columns[at[ColumnRole.SIDE]], strict=True)
            amounts = [None if each is None else on_side(each, side) for each, side in signed]
        if at[ColumnRole.FEE] != ABSENT:
            fees, odder = self._minor(columns[at[ColumnRole.FEE]], currencies)
            odd += odder
            both = zip(amounts, fees, strict=True)
            amounts = [None if each is None else each - abs(fee or 0) for each, fee in both]
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
            found = plain_amounts(filled, self._columns.point)
            if found is not None:
                if len(found) == len(cells):
                    return found, []
                each = iter(found)
                return [next(each) if cell else None for cell in cells], []
        amounts: list[int | None] = []
        odd = []
        for cell, currency in zip(cells, currencies, strict=True):
            try:
                amounts.append(self._alone.minor(cell, currency or ""))
            except BadValue:
                odd.append(len(amounts))
                amounts.append(None)
        return amounts, odd

    def _parties(self, columns: CellsByColumn, amounts: Sequence[int | None]) -> list[str | None]:
        """Who is on the other side: the payer of what came in, the payee of what went out."""
        payer, payee = self._alone.parties
        payers = self._words.of(columns[payer])
        if payer == payee:
            return payers
        both = zip(amounts, payers, self._words.of(columns[payee]), strict=True)
        return [payer if (amount or 0) >= 0 else payee for amount, payer, payee in both]

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


def _net(debit: int | None, credit: int | None) -> int | None:
    return None if debit is None and credit is None else abs(credit or 0) - abs(debit or 0)


def _understood(
    names: list[str | None], accounts: Sequence[str | None], texts: list[str]
) -> tuple[list[str | None], Sequence[str | None], list[str]]:
    """Names, accounts and texts, with what keys and labels in the texts say of them."""
    together = BETWEEN.join(texts)
    for marks, read in ((KEYED, read_purpose), (LABELLED, read_labelled)):
        if any(mark in together for mark in marks):
            told = list(map(read, texts))
            names = [name or each.name for name, each in zip(names, told, strict=True)]
            accounts = [named or each.account for named, each in zip(accounts, told, strict=True)]
            texts = [each.text for each in told]
    return names, accounts, texts
