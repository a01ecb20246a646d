"""Tables of bookings, CSV, as banks let them be exported: bytes to statements.

No two banks write the same table, so none is known by name: the columns are told by their headers
and by what stands in them, the account and the balances by what stands around.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import chain
from typing import BinaryIO

from core.documents.model import Finding
from core.errors import Unreadable
from core.iban import SHAPE
from core.money import UNSAID, Money
from core.statements.csv.batch import BatchReader
from core.statements.csv.booking import BookingReader, Kept
from core.statements.csv.bookings import Bookings
from core.statements.csv.columns import MOST_ABOVE, SAMPLE, Columns, find_columns, is_header
from core.statements.csv.headers import Role
from core.statements.csv.surroundings import BALANCE, Surroundings
from core.statements.csv.table import (
    NOTHING,
    SMALL,
    Chunk,
    Row,
    Writing,
    chunks,
    column,
    first_rows,
    writings,
)
from core.statements.dates import written_day
from core.statements.model import UNNAMED, Account, Balance, Item, Statement, Transaction
from core.statements.texts import tidy
from core.statements.unsaid import BALANCE as A_BALANCE
from core.statements.unsaid import minor_in
from core.words import Text

HEAD = 64 * 1024  # bytes by which a table is understood
NO_CURRENCY = Text(
    "The table names no currency, though it has a column for it or its account is in a country"
    " whose currency is not taken for granted. Send the bank's CAMT.053, MT940 or PDF statements"
    " instead.",
    "Die Tabelle nennt keine Währung, obwohl sie eine Spalte dafür hat oder ihr Konto in einem Land"
    " geführt wird, dessen Währung nicht vorausgesetzt wird. Bitte stattdessen die Kontoauszüge der"
    " Bank als CAMT.053, MT940 oder PDF senden.",
)

NO_ROW = Text("no booking below it", "darunter keine Buchung")
NO_BOOKING_ROW = Text("none of its rows is a booking", "keine Zeile, die eine Buchung ist")
AMBIGUOUS = Text(
    "Nothing in the table tells whether an amount such as 1,000 is one or a thousand. Export more"
    " days, or send the bank's CAMT.053, MT940 or PDF statements instead.",
    "Nichts in der Tabelle zeigt, ob ein Betrag wie 1,000 eins oder tausend ist. Bitte mehr Tage"
    " exportieren oder stattdessen die Kontoauszüge der Bank als CAMT.053, MT940 oder PDF senden.",
)


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is a table of bookings."""
    return _understand(BytesIO(head), max(SMALL, len(head))) is not None


def read(source: BinaryIO) -> Iterator[Item]:
    """A statement an account, then its bookings, oldest first; amounts in minor units.

    A booking's evidence is its row. Opening and closing come from the column of balances where
    there is one, which must lead from row to row. Raises Unreadable with the reason.
    """
    understood = _understand(source, HEAD)
    if understood is None:
        raise Unreadable(
            Text(
                "The table has no columns of dates and amounts.",
                "Die Tabelle hat keine Spalten mit Daten und Beträgen.",
            )
        )
    writing, columns = understood
    table, held = _Table(columns, writing, 1), NOTHING
    below = _below_header(chunks(source, writing), columns.header, table.note)
    for given in chain(below, (None,)):
        chunk, ended = held.then(given or NOTHING), given is None
        while found := table.next(chunk, ended=ended):
            before, chunk, more = found
            above = table.end_with(before)
            yield from table.tell(lone=False)
            table = _Table(more, writing, table.number + 1)
            table.note(above)
        whole = chunk if ended else table.whole(chunk)
        table.read(whole)
        held = chunk.after(len(whole.rows))
    yield from table.tell(lone=table.number == 1)


class _Table:
    """One of a file's tables, of which it may have several: one an account."""

    def __init__(self, columns: Columns, writing: Writing, number: int) -> None:
        if columns.ambiguous:
            raise Unreadable(AMBIGUOUS, code="amounts_ambiguous")
        self.around, self.number = Surroundings(), number
        self._columns = columns
        self._alone = BookingReader(columns, writing.separator, self.around)
        self._together = BatchReader(self._alone)
        self._told: dict[Kept, Bookings] = defaultdict(Bookings)

    def next(self, chunk: Chunk, *, ended: bool) -> tuple[Chunk, Chunk, Columns] | None:
        """The rows above another table, those below its header, and its columns.

        None where there is no other, or more of it must be known first: the file has not ended.
        """
        at = self._header(chunk.rows)
        if at is None or not (ended or at + SAMPLE <= len(chunk.rows)):
            return None
        columns = find_columns(chunk.rows[at : at + SAMPLE])
        if columns is None or columns.header != 0:
            return None
        return chunk.before(at), chunk.after(at + 1), columns

    def whole(self, chunk: Chunk) -> Chunk:
        """The rows that are this table's whatever comes next: up to its last booking for now."""
        at = self._header(chunk.rows)
        if at is not None and at + SAMPLE > len(chunk.rows):
            chunk = chunk.before(at)
        last = self._end(chunk.rows)
        return chunk if len(chunk.rows) - last > MOST_ABOVE else chunk.before(last)

    def read(self, chunk: Chunk) -> None:
        """Read rows of the table."""
        batch = self._together.read(chunk)
        for kept in dict.fromkeys(batch.kept):
            self._told[kept].add(batch, kept)

    def end_with(self, chunk: Chunk) -> Sequence[Row]:
        """Read the last rows; give those of them that are about the table which comes next."""
        rows, last = chunk.rows, self._end(chunk.rows)
        while last < len(rows) and BALANCE.search(" ".join(rows[last])):
            last += 1
        self.read(chunk.before(last))
        return rows[last:]

    def _header(self, rows: Sequence[Row]) -> int | None:
        """Where another header stands; few rows have a letter where this table has its dates."""
        booked = column(rows, self._columns.at[Role.BOOKED])
        worded = (at for at, cell in enumerate(booked) if cell >= "A")
        # One that comes before any booking is this table's again.
        return next((at for at in worded if (at or self._told) and is_header(rows[at])), None)

    def _end(self, rows: Sequence[Row]) -> int:
        """How many rows there are up to the last booking."""
        booked, order = self._columns.at[Role.BOOKED], self._columns.order
        last = len(rows)
        while last and not written_day("".join(rows[last - 1][booked : booked + 1]), order):
            last -= 1
        return last

    def note(self, rows: Sequence[Row]) -> None:
        """Take in rows that are about all of the table."""
        columns = self._columns
        for row in rows:
            cells = [tidy(cell) for cell in row]
            self.around.note(cells, columns.point, columns.order, self._alone.usual)

    def tell(self, *, lone: bool) -> Iterator[Item]:
        """What was odd, and a statement for each account and currency."""
        yield from self._alone.findings
        told = self._settled()
        if not told and lone:
            yield from _empty(self.around, self._alone)
        unnamed = UNNAMED if self.number == 1 else f"{UNNAMED} {self.number}"
        number = self.around.account or unnamed
        alone = len(told) < 2
        for (account, currency), bookings in told.items():
            yield from _statement(account or number, currency, bookings, self.around, alone=alone)

    def _settled(self) -> dict[Kept, Bookings]:
        """The bookings of each account and currency, which other rows than theirs may name."""
        others = {currency for _, currency in self._told} - {UNSAID}
        named = self._alone.currency or (others.pop() if len(others) == 1 else UNSAID)
        told: dict[Kept, Bookings] = defaultdict(Bookings)
        for (account, currency), bookings in self._told.items():
            if named and currency == UNSAID:
                currency, bookings = named, bookings.taken_in(named)
            if currency == UNSAID and SHAPE.fullmatch(account or self.around.account or ""):
                raise Unreadable(NO_CURRENCY)
            told[account, currency].extend(bookings)
        return told


def _below_header(
    table: Iterator[Chunk], above: int, note: Callable[[Sequence[Row]], None]
) -> Iterator[Chunk]:
    """The rows below the header; so many rows above it, -1 for none, are about all of them."""
    for chunk in table:
        if above >= 0:
            note(chunk.rows[:above])
            chunk, above = chunk.after(above + 1), above - len(chunk.rows)
        if chunk.rows:
            yield chunk


def _understand(source: BinaryIO, size: int) -> tuple[Writing, Columns] | None:
    """How a table is written and what its columns are, by the first bytes of it, so many at most.

    The separator counts that tells most of them.
    """
    best: tuple[Writing, Columns] | None = None
    source.seek(0)
    head = source.read(size)
    for writing in writings(source):
        columns = find_columns(first_rows(head, writing, cut=len(head) == size))
        if columns and (best is None or len(columns.at) > len(best[1].at)):
            best = writing, columns
    return best


def _statement(
    number: str,
    currency: str,
    bookings: Bookings,
    around: Surroundings,
    *,
    alone: bool,
) -> Iterator[Item]:
    """One account's statement and bookings; what stands around the table is about a lone one."""
    if number.startswith(UNNAMED):
        yield Finding(
            "account_unnamed",
            Text(
                "The table does not say of which account it is, so no other document is matched"
                " with it.",
                "Die Tabelle nennt ihr Konto nicht; deshalb wird sie mit keinem anderen Dokument"
                " abgeglichen.",
            ),
        )
    told = bookings.oldest_first()
    counted = told.counted()
    yield from counted.breaks()
    opening, closing = counted.opening(), counted.closing()
    starts_on, ends_on = around.starts_on, around.ends_on
    if alone:
        opening = opening or _dated(around.opening, currency, starts_on, counted.said[:1])
        closing = closing or _closing(around, currency, counted.said)
        if closing and ends_on is None:
            ends_on = closing.on
    yield Statement(
        kind="statement",
        account=Account(number, currency, around.holder),
        number=None,
        starts_on=starts_on,
        ends_on=ends_on,
        opening=opening,
        closing=closing,
    )
    yield from told.said


def _empty(around: Surroundings, reader: BookingReader) -> Iterator[Item]:
    """The statement of a table without bookings, whose period or balance says what it is worth."""
    currency = reader.currency
    if currency is None and reader.findings:
        raise Unreadable(NO_CURRENCY)
    if currency is None or not (around.starts_on or around.ends_on or around.closing):
        rows = NO_BOOKING_ROW if reader.findings else NO_ROW
        raise Unreadable(
            Text(
                f"The table has a header and {rows.en}. Export the days in which the account was"
                " used.",
                f"Die Tabelle hat eine Kopfzeile und {rows.de}. Bitte Tage exportieren, an denen"
                " das Konto bewegt wurde.",
            ),
            code="no_statement",
        )
    yield from _statement(around.account or UNNAMED, currency, Bookings(), around, alone=True)


def _closing(
    around: Surroundings, currency: str, bookings: Sequence[Transaction]
) -> Balance | None:
    """The balance that the bank names; not one of a day after those that the table is about."""
    found = _dated(around.closing, currency, around.ends_on, bookings[-1:])
    return None if found and around.ends_on and found.on > around.ends_on else found


def _dated(
    told: tuple[Money, date | None] | None,
    currency: str,
    otherwise: date | None,
    beside: Sequence[Transaction],
) -> Balance | None:
    if told is None:
        return None
    amount, on = told
    on = on or otherwise or next((each.booked_on for each in beside), None)
    minor = amount.minor
    if amount.currency == UNSAID:
        minor = minor_in(currency, minor, A_BALANCE)
    return None if on is None else Balance(minor, on)
