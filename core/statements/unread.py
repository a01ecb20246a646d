"""Rows that were not read: how they are told, and which statements they may be bookings of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from core.bilingual import Bilingual
from core.documents import Finding
from core.statements.model import StoredStatement, UnreadRow


def row_not_read(row: UnreadRow) -> Finding:
    """What is said of a row that was not read."""
    return Finding(
        "row_not_read",
        Bilingual(
            f"{row.place.en} has a day and an amount, but is not certain to be a booking: it was"
            " not read.",
            f"{row.place.de} nennt einen Tag und einen Betrag, ist aber nicht sicher eine Buchung:"
            " sie wurde nicht gelesen.",
        ),
    )


def with_unread_rows(
    statements: Sequence[StoredStatement], rows: Iterable[UnreadRow]
) -> list[StoredStatement]:
    """The statements of a file, each with how many of its rows were not read."""
    counts: Counter[UUID] = Counter()
    for row in rows:
        counts.update(each.id for each in _may_hold(statements, row))
    return [
        each._replace(unread_rows=counts[each.id]) if each.id in counts else each
        for each in statements
    ]


def _may_hold(statements: Sequence[StoredStatement], row: UnreadRow) -> Sequence[StoredStatement]:
    """The statements by account and day; all of them where these are not told, or of none."""
    own = [each for each in statements if each.statement.account.number == row.account]
    possible = own or statements
    day = row.on
    if day is None:
        return possible
    return [each for each in possible if each.starts_on <= day <= each.ends_on] or possible
