"""The first rows of a table by column: what stands in each, and which may be amounts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise

from core.formats.common.amounts import Point, read_amount
from core.formats.common.dates import Order, written_day
from core.formats.common.texts import BadValue
from core.formats.csv.cells import DAY, DECIMAL, FirstRows, all_like, filled
from core.formats.csv.columns import FITS
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole, roles_of
from core.formats.csv.proofs import BalanceTally, Ledger, Minors, tally
from core.formats.csv.status import is_known_pending
from core.money import UNKNOWN_CURRENCY

MOST_ROWS = 200  # by which amounts are held to balances
MOST_MONEY = 8  # columns of amounts that are tried against each other
AMOUNT = FITS[ColumnRole.AMOUNT]


class Sample:
    """Rows with a day of a table, the roles that words give its columns, and how it is written."""

    def __init__(
        self,
        names: Row,
        body: Sequence[Row],
        roles: Mapping[ColumnRole, int],
        point: Point,
        order: Order,
        ends: tuple[int, int] | None = None,
    ) -> None:
        status = roles.get(ColumnRole.STATUS)
        booked = roles[ColumnRole.BOOKED]
        self.names, self.roles, self.point = names, roles, point
        # What the balances around the table are; of no use where there are more rows than these.
        self.ends = ends if len(body) <= MOST_ROWS else None
        kept = FirstRows(
            row
            for row in body[:MOST_ROWS]
            if len(row) >= len(names) and (status is None or not is_known_pending(row[status]))
        )
        self.body = body if isinstance(body, FirstRows) and len(kept) == len(body) else kept
        self._days = [written_day(row[booked], order) for row in self.body]
        self._numbers: dict[int, Minors] = {}

    def cells(self, at: int) -> list[str]:
        """What stands in a column, row by row."""
        return [row[at] for row in self.body]

    def filled(self, at: int) -> list[str]:
        """What stands in a column, where something does."""
        return filled(self.body, at)

    def numbers(self, at: int) -> Minors:
        """A column's amounts, None where none is, as fine as any currency is."""
        if at not in self._numbers:
            self._numbers[at] = [self._number(cell) for cell in self.cells(at)]
        return self._numbers[at]

    def _number(self, cell: str) -> int | None:
        try:
            return read_amount(cell, self.point, UNKNOWN_CURRENCY)
        except BadValue:
            return None

    @cached_property
    def unnamed_money(self) -> list[int]:
        """The columns of amounts with decimals that no word gives a role."""
        return [
            at
            for at in range(len(self.names))
            if at not in self.roles.values()
            and not roles_of(self.names[at])
            and self._may_be_money(at)
            and any(map(DECIMAL, self.filled(at)))
        ]

    @cached_property
    def whole_numbers(self) -> list[int]:
        """The columns of numbers without decimals that no word gives a role."""
        return [
            at
            for at in range(len(self.names))
            if at not in self.roles.values()
            and at not in self.unnamed_money
            and not roles_of(self.names[at])
            and self._may_be_money(at)
        ]

    def _may_be_money(self, at: int) -> bool:
        return all_like(self.body, at, AMOUNT) and not all_like(self.body, at, DAY)

    @cached_property
    def ledgers(self) -> list[Ledger]:
        """The rows of each account and currency in the order of their days."""
        keys = [
            at
            for role in (ColumnRole.CURRENCY, ColumnRole.OWN, ColumnRole.OWN_NAME)
            if (at := self.roles.get(role)) is not None
        ]
        rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, row in enumerate(self.body):
            rows[tuple(row[at] for at in keys)].append(number)
        return [Ledger(self._ways(each)) for each in rows.values()]

    def _ways(self, rows: Sequence[int]) -> tuple[Sequence[int], ...]:
        """The rows oldest first; both ways where all are of one day, or of days without order."""
        days: list[date] = [day.on for row in rows if (day := self._days[row])]
        pairs = list(pairwise(days))
        rises = sum(1 for before, after in pairs if before < after)
        falls = sum(1 for before, after in pairs if before > after)
        if rises == falls:
            return (rows, rows[::-1])
        return (rows if rises > falls else rows[::-1],)

    def tally(self, amounts: Minors, balance: int) -> BalanceTally:
        """How these amounts lead through the balances of that column."""
        return tally(amounts, self.numbers(balance), self.ledgers)

    def lead_to_the_end(self, amounts: Minors) -> bool:
        """Whether these amounts lead from the balance before the table to the one after it."""
        moved = sum(filter(None, amounts))
        return self.ends is not None and moved != 0 and self.ends[1] - self.ends[0] == moved
