"""Many bookings at once, read a column at a time: most rows of a table are written plainly.

What is odd about a row (its width, a date, its amount, no text) leaves it to `booking.py`, which
reads it alone. A loop over a column costs a tenth of calls for each of its cells.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import compress, repeat
from typing import NamedTuple, TypeVar

from core.evidence import Bytes
from core.money import EXPONENTS
from core.statements.amounts import LONGEST, Point, quick_amount
from core.statements.column import BETWEEN, Column, signs, tidied
from core.statements.csv.booking import ABSENT, SUNDRY, BookingReader, Counted, Sundry, on_side
from core.statements.csv.headers import Role
from core.statements.csv.table import Chunk, Row
from core.statements.dates import written_day
from core.statements.model import Transaction
from core.statements.remittance import LABELLED, read_labelled, read_purpose
from core.statements.texts import tidy

K = TypeVar("K")
V = TypeVar("V")
Kept = tuple[str | None, str]  # an account as a row names it, and a currency
MOST_KEPT = 8192  # values of a column that are known by heart
_make = tuple.__new__  # a named tuple's own constructor takes twice as long


class Batch(NamedTuple):
    """Bookings, the account that each row names, and what it says was left after it."""

    said: list[Transaction]
    accounts: Sequence[str | None]
    balances: Sequence[int | None]

    def kept_in(self) -> list[Kept]:
        """Each booking's account and currency: an account of several has a balance in each."""
        return list(zip(self.accounts, [each.currency for each in self.said], strict=True))


class _Known(dict[K, V]):
    """What cells mean that come back all over a column, each read once."""

    def __init__(self, read: Callable[[K], V]) -> None:
        self._read = read

    def __missing__(self, cell: K) -> V:
        if len(self) >= MOST_KEPT:
            self.clear()
        self[cell] = value = self._read(cell)
        return value


class BatchReader:
    """Reads chunks of a table's rows; `alone` is who reads a row that is odd."""

    def __init__(self, alone: BookingReader) -> None:
        self._alone, self._at, self._columns = alone, alone.at, alone.columns
        self._odd_days: set[str] = set()
        self._days: _Known[str, date | None] = _Known(self._day)
        self._names: _Known[str, str | None] = _Known(lambda cell: tidy(cell) or None)
        present = dict.fromkeys(self._at[role] for role in SUNDRY)  # one absent stands for all
        self._sundry = tuple(present)
        self._sundries: _Known[tuple[str, ...], Sundry] = _Known(self._read_sundry)

    def read(self, chunk: Chunk) -> Batch:
        """The bookings in these rows, in their order."""
        plain = self._plain(chunk.rows)
        places = list(compress(range(len(plain)), plain))
        batch, odd = self._together(chunk if all(plain) else chunk.only(plain))
        if all(plain) and not odd:
            return batch
        found: dict[int, Counted | None] = dict(
            zip(places, map(Counted._make, zip(*batch, strict=True)), strict=True)
        )
        left = {at for at, each in enumerate(plain) if not each} | {places[at] for at in odd}
        for at in sorted(left):  # in their order, for one may tell what the next leaves open
            found[at] = self._alone.read(chunk.rows[at], chunk.starts[at], chunk.ends[at])
        told = [each for at in sorted(found) if (each := found[at]) is not None]
        return Batch(*map(list, zip(*told, strict=True))) if told else Batch([], [], [])

    def _plain(self, rows: Sequence[Row]) -> list[bool]:
        """Which rows have the table's width and a proper day."""
        width, booked, days = self._columns.width, self._at[Role.BOOKED], self._days
        return [len(row) == width and days[row[booked]] is not None for row in rows]

    def _together(self, chunk: Chunk) -> tuple[Batch, list[int]]:
        """The bookings of plain rows, and which of them had better be read alone."""
        rows, starts, ends = chunk
        if not rows:
            return Batch([], [], []), []
        columns: list[Column] = [*zip(*rows, strict=True), [""] * len(rows)]
        at, nothing = self._at, [None] * len(rows)
        booked = list(map(self._days.__getitem__, columns[at[Role.BOOKED]]))
        valued = list(map(self._days.__getitem__, columns[at[Role.VALUED]]))
        sundry = zip(*(columns[each] for each in self._sundry), strict=True)
        currencies, kinds, pending, accounts, own, gvcs = zip(
            *map(self._sundries.__getitem__, sundry), strict=True
        )
        amounts, odd = self._amounts(columns, currencies)
        left, odder = self._balances(columns[at[Role.BALANCE]], currencies)
        names, texts = self._parties(columns, amounts), self._purposes(columns)
        odd += odder + self._oddly_valued(columns[at[Role.VALUED]])
        if None in currencies:
            odd += [row for row, currency in enumerate(currencies) if currency is None]
        if None in amounts:
            odd += [row for row, amount in enumerate(amounts) if amount is None]
        if not all(texts):
            odd += [row for row, text in enumerate(texts) if not text and not names[row]]
        for row in [row for row, text in enumerate(texts) if "+" in text]:
            texts[row], ultimate, _ = read_purpose(texts[row])
            names[row] = names[row] or ultimate
        names, parties, texts = _unlabelled(names, accounts, texts)
        texts = [
            text if kind in text else f"{kind} {text}".rstrip()
            for kind, text in zip(kinds, texts, strict=True)
        ]
        reasons, corrections = signs(gvcs, texts)
        references: Sequence[str | None] = nothing
        if at[Role.REFERENCE] != ABSENT:
            references = [cell.strip() or None for cell in columns[at[Role.REFERENCE]]]
        evidence = map(_make, repeat(Bytes), zip(starts, ends, strict=True))
        fields = zip(
            booked, valued, amounts, currencies, pending, corrections, names, parties, texts, gvcs,
            nothing, reasons, references, repeat(()), evidence, nothing,
        )  # fmt: skip
        said = list(map(_make, repeat(Transaction), fields))
        return Batch(said, own, left), sorted(set(odd))

    def _day(self, cell: str) -> date | None:
        """The day that a cell says; None for none, and for one that no calendar has."""
        day = written_day(cell, self._columns.order)
        if day is not None and day.odd:
            self._odd_days.add(cell)
            return None
        return None if day is None else day.on

    def _read_sundry(self, cells: tuple[str, ...]) -> Sundry:
        told = dict(zip(self._sundry, cells, strict=True))
        return self._alone.sundry(tuple(told[self._at[role]] for role in SUNDRY))

    def _amounts(
        self, columns: Sequence[Column], currencies: Sequence[str | None]
    ) -> tuple[list[int | None], list[int]]:
        """Each row's signed amount, and the rows in which one is not written plainly."""
        at, point = self._at, self._columns.point
        if at[Role.AMOUNT] == ABSENT:
            debits, odd = _minor(columns[at[Role.DEBIT]], point, currencies)
            incomes, odder = _minor(columns[at[Role.CREDIT]], point, currencies)
            sides = zip(debits, incomes, strict=True)
            return [_net(debit, credit) for debit, credit in sides], odd + odder
        amounts, odd = _minor(columns[at[Role.AMOUNT]], point, currencies)
        if at[Role.SIDE] != ABSENT:
            signed = zip(amounts, columns[at[Role.SIDE]], strict=True)
            amounts = [None if each is None else on_side(each, side) for each, side in signed]
        if at[Role.FEE] != ABSENT:
            fees, odder = _minor(columns[at[Role.FEE]], point, currencies)
            odd += odder
            both = zip(amounts, fees, strict=True)
            amounts = [None if each is None else each - abs(fee or 0) for each, fee in both]
        return amounts, odd

    def _balances(
        self, cells: Column, currencies: Sequence[str | None]
    ) -> tuple[list[int | None], list[int]]:
        if self._at[Role.BALANCE] == ABSENT:
            return [None] * len(cells), []
        return _minor(cells, self._columns.point, currencies)

    def _parties(
        self, columns: Sequence[Column], amounts: Sequence[int | None]
    ) -> list[str | None]:
        """Who is on the other side: the payer of what came in, the payee of what went out."""
        payer, payee = self._alone.parties
        payers = list(map(self._names.__getitem__, columns[payer]))
        if payer == payee:
            return payers
        payees = map(self._names.__getitem__, columns[payee])
        both = zip(amounts, payers, payees, strict=True)
        return [payer if (amount or 0) >= 0 else payee for amount, payer, payee in both]

    def _purposes(self, columns: Sequence[Column]) -> list[str]:
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


def _net(debit: int | None, credit: int | None) -> int | None:
    return None if debit is None and credit is None else abs(credit or 0) - abs(debit or 0)


def _minor(
    cells: Column, point: Point, currencies: Sequence[str | None]
) -> tuple[list[int | None], list[int]]:
    """Minor units of a column's cells, None for empty ones, and which are not written plainly."""
    if EXPONENTS.keys().isdisjoint(currencies) and (found := _all_plain(cells, point)) is not None:
        return list(found), []
    pairs = zip(cells, currencies, strict=True)
    amounts = [quick_amount(cell, point.value, currency) for cell, currency in pairs]
    return amounts, [row for row, cell in enumerate(cells) if cell and amounts[row] is None]


def _all_plain(cells: Column, point: Point) -> list[int] | None:
    """Minor units of cells that are all digits, a point and two more; None if any is not."""
    text = "\n".join(cells)
    if point.thousands in text:
        if len(point.grouped.findall(text)) != len(cells):
            return None
        text = text.replace(point.thousands, "")
    digits = text.replace(point.value, "")
    bare = digits.replace("-", "").replace("\n", "")
    placed = [cell[-3:-2] for cell in cells].count(point.value) == len(cells)
    single = len(text) - len(digits) == len(cells)
    short = max(map(len, cells), default=0) <= LONGEST
    if not (placed and single and short and bare.isascii() and bare.isdecimal()):
        return None
    try:
        found = list(map(int, digits.split("\n")))
    except ValueError:  # a minus where none belongs
        return None
    return found if len(found) == len(cells) else None


def _unlabelled(
    names: list[str | None], accounts: Sequence[str | None], texts: list[str]
) -> tuple[list[str | None], Sequence[str | None], list[str]]:
    """Names, accounts and texts, with what labels in the texts say of them."""
    together = BETWEEN.join(texts)
    if not any(label in together for label in LABELLED):
        return names, accounts, texts
    told = [read_labelled(text) for text in texts]
    return (
        [name or each.name for name, each in zip(names, told, strict=True)],
        [account or each.account for account, each in zip(accounts, told, strict=True)],
        [each.text for each in told],
    )
