"""Tables of bookings, CSV, as banks let them be exported: bytes to statements.

No two banks write the same table, so none is known by name: the columns are told by their headers
and by what stands in them, the account and the balances by what stands around.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import islice, pairwise
from typing import BinaryIO

from core.documents.model import Finding
from core.errors import Unreadable
from core.money import digits
from core.statements.csv.booking import BookingReader, Counted
from core.statements.csv.columns import Columns, find_columns
from core.statements.csv.surroundings import Surroundings
from core.statements.csv.table import Writing, first_rows, rows, writings
from core.statements.model import Account, Balance, Item, Statement
from core.statements.texts import tidy

HEAD = 64 * 1024  # bytes by which a table is understood
UNNAMED = "unnamed"


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is a table of bookings."""
    return _understand(BytesIO(head)) is not None


def read(source: BinaryIO) -> Iterator[Item]:
    """A statement an account, then its bookings, oldest first; amounts in minor units.

    A booking's evidence is its row. Opening and closing come from the column of balances where
    there is one, which must lead from row to row. Raises Unreadable with the reason.
    """
    understood = _understand(source)
    if understood is None:
        raise Unreadable("The table has no columns of dates and amounts.")
    writing, columns = understood
    around = Surroundings()
    reader = BookingReader(columns, writing.separator, around)
    told: dict[str | None, list[Counted]] = defaultdict(list)
    table = rows(source, writing)
    for row, _, _ in islice(table, max(columns.header, 0)):
        cells = [tidy(cell) for cell in row]
        around.note(cells, columns.point, columns.order, columns.currency)
    for row, start, end in islice(table, columns.header >= 0, None):
        if booking := reader.read(row, start, end):
            told[booking.account].append(booking)
    yield from reader.findings
    for account, bookings in (told or {None: []}).items():
        yield from _statement(account, bookings, around, reader, alone=len(told) < 2)


def _understand(source: BinaryIO) -> tuple[Writing, Columns] | None:
    """How the table is written and what its columns are: the separator that tells most of them."""
    best: tuple[Writing, Columns] | None = None
    source.seek(0)
    head = source.read(HEAD)
    for writing in writings(source):
        columns = find_columns(first_rows(head, writing))
        if columns and (best is None or len(columns.at) > len(best[1].at)):
            best = writing, columns
    return best


def _statement(
    named: str | None,
    bookings: list[Counted],
    around: Surroundings,
    reader: BookingReader,
    *,
    alone: bool,
) -> Iterator[Item]:
    """One account's statement and bookings; what stands around the table is about a lone one."""
    number = named or around.account or UNNAMED
    if number == UNNAMED:
        yield Finding(
            "account_unnamed",
            "The table does not say of which account it is, so it fits no other statement of it.",
        )
    told = _oldest_first(bookings)
    counted = [each for each in told if not each.said.pending]
    yield from _check_balances(counted)
    opening, closing = _balances(counted)
    starts_on, ends_on = around.starts_on, around.ends_on
    if alone:
        opening = opening or _dated(around.opening, starts_on, counted[:1])
        closing = closing or _closing(around, counted)
        if closing and ends_on is None:
            ends_on = closing.on
    yield Statement(
        kind="statement",
        account=Account(number, told[0].said.currency if told else reader.currency, around.holder),
        number=None,
        starts_on=starts_on,
        ends_on=ends_on,
        opening=opening,
        closing=closing,
    )
    yield from (each.said for each in told)


def _oldest_first(bookings: list[Counted]) -> list[Counted]:
    """The bookings in their order of time: many banks write the newest first."""
    days = [each.said.booked_on for each in bookings]
    backwards = bookings[::-1]
    if days[:1] == days[-1:]:
        return backwards if _breaks(backwards) < _breaks(bookings) else bookings
    if days == sorted(days):
        return bookings
    falls = sum(before > after for before, after in pairwise(days))
    rises = sum(before < after for before, after in pairwise(days))
    return backwards if falls > rises else bookings


def _breaks(bookings: Sequence[Counted]) -> int:
    """How often a row's amount does not lead from the balance before it to its own."""
    return sum(_off(before, after) != 0 for before, after in pairwise(bookings))


def _off(before: Counted, after: Counted) -> int:
    """By how much a row's balance is off what the row before and its amount make."""
    if before.balance is None or after.balance is None:
        return 0
    return after.balance - before.balance - after.said.amount


def _check_balances(bookings: Sequence[Counted]) -> Iterator[Finding]:
    if all(each.balance is None for each in bookings):
        return
    for before, after in pairwise(bookings):
        if off := _off(before, after):
            said = after.said
            yield Finding(
                "running_balance",
                f"The balance in the row at byte {said.evidence.start} is off by"
                f" {digits(off, said.currency)} {said.currency} from what the row before makes.",
            )


def _balances(bookings: Sequence[Counted]) -> tuple[Balance | None, Balance | None]:
    """What stood before the first row and after the last one, by the column of balances."""
    if not bookings:
        return None, None
    first, last = bookings[0], bookings[-1]
    opening = closing = None
    if first.balance is not None:
        opening = Balance(first.balance - first.said.amount, first.said.booked_on)
    if last.balance is not None:
        closing = Balance(last.balance, last.said.booked_on)
    return opening, closing


def _closing(around: Surroundings, bookings: Sequence[Counted]) -> Balance | None:
    """The balance that the bank names; not one of a day after those that the table is about."""
    found = _dated(around.closing, around.ends_on, bookings[-1:])
    return None if found and around.ends_on and found.on > around.ends_on else found


def _dated(
    told: tuple[int, date | None] | None, otherwise: date | None, beside: Sequence[Counted]
) -> Balance | None:
    if told is None:
        return None
    amount, on = told
    on = on or otherwise or next((each.said.booked_on for each in beside), None)
    return None if on is None else Balance(amount, on)
