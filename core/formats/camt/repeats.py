"""Entries that a statement without balances has again, alike in the bank's reference and all else.

They count once, as those of another document do. Where a reference stands for bookings that
differ, it tells nothing. With balances none are looked for: these agree with both or do not.
"""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from core.statements.model import Statement, Transaction

ALIKE = attrgetter(
    "booked_on",
    "amount",
    "currency",
    "pending",
    "counterparty",
    "counterparty_account",
    "remittance",
)


class Repeats:
    """The entries of one statement so far, by their references, and those that came again."""

    def __init__(self, head: Statement) -> None:
        self.looked_for = head.opening is None or head.closing is None
        self._head = head
        self._told: dict[str, object] = {}
        self._again: list[Transaction] = []
        self._differ = False

    def once(self, bookings: Iterable[Transaction]) -> Iterator[Transaction]:
        """The bookings, without those that come again."""
        for each in bookings:
            reference = each.bank_reference
            if reference is None or reference not in self._told:
                if reference is not None:
                    self._told[reference] = ALIKE(each)
                yield each
            elif self._told[reference] == ALIKE(each):
                self._again.append(each)
            else:
                self._differ = True
                yield each

    def end(self) -> Iterator[Statement | Transaction]:
        """Those that came again, as a statement of their own, so that they count once."""
        if self._again and not self._differ and len(self._again) < len(self._told):
            yield self._head._replace(
                starts_on=None, ends_on=None, opening=None, closing=None, available=None
            )
        yield from self._again
