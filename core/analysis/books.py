"""The inputs arranged once for all formulas: window, bookings by category, daily balances."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from uuid import UUID

from core.analysis.coverage import (
    DAY,
    CoveredRun,
    add_months,
    choose_window,
    cover,
    find_gaps,
    find_lags,
)
from core.analysis.lives import tell_lives
from core.analysis.model import EARNED, Booking, Category, FigureInputs, Window

MONTHS_NEEDED = 12


class Books:
    """The inputs, and what several formulas need of them; each part is computed at most once."""

    def __init__(self, inputs: FigureInputs, months_needed: int = MONTHS_NEEDED) -> None:
        self.inputs = inputs
        self.months_needed = months_needed
        self.coverage = cover(inputs.periods)
        self.lives = tell_lives(self.coverage, inputs.bookings)
        self.gaps = [*find_gaps(self.coverage), *find_lags(self.coverage, self.lives)]
        self.window = choose_window(self.coverage, self.lives)
        self.unread = [each for each in inputs.periods if each.unread_rows]

    @cached_property
    def by_category(self) -> dict[Category, list[Booking]]:
        """The window's bookings of each category."""
        bookings: dict[Category, list[Booking]] = defaultdict(list)
        if self.window is not None:
            first, last = self.window.starts_on, self.window.ends_on
            for booking in self.inputs.bookings:
                if first <= booking.booked_on <= last:
                    bookings[booking.category].append(booking)
        return bookings

    def labelled(self, *categories: Category) -> list[Booking]:
        """The window's bookings of these categories."""
        return [booking for each in categories for booking in self.by_category.get(each, ())]

    @cached_property
    def revenue(self) -> dict[date, int]:
        """Revenue by month of the window: what was earned less collections that came back."""
        sums = dict.fromkeys(self.months(), 0)
        for booking in self.labelled(*sorted(EARNED), Category.CUSTOMER_DEBIT_RETURNED):
            sums[booking.booked_on.replace(day=1)] += booking.amount
        return sums

    def months(self) -> Iterator[date]:
        """The first day of each month of the window."""
        if self.window is not None:
            for count in range(self.window.months):
                yield add_months(self.window.starts_on, count)

    @cached_property
    def changes(self) -> dict[str, dict[date, int]]:
        """By how much each account's bookings moved it, by day."""
        sums: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
        for booking in self.inputs.bookings:
            sums[booking.account][booking.booked_on] += booking.amount
        return sums

    def net_movement(self, account: str, until: date) -> int:
        """By how much an account's bookings moved it up to the end of a day."""
        days, sums = self._movements.get(account, ((), (0,)))
        return sums[bisect_right(days, until)]

    @cached_property
    def _movements(self) -> dict[str, tuple[Sequence[date], Sequence[int]]]:
        """Each account's days with bookings, and the sums before each of them and after all."""
        return {
            account: (
                sorted(by_day),
                list(accumulate((by_day[day] for day in sorted(by_day)), initial=0)),
            )
            for account, by_day in self.changes.items()
        }

    @cached_property
    def balances(self) -> dict[str, list[int] | None]:
        """The balance of each account alive at the end of each day of the window.

        None where none is known. Before its opening and after its closing there is nothing on it.
        """
        if self.window is None:
            return dict.fromkeys(self.coverage)
        return {
            account: self._daily_balances(account, self.window)
            for account in self.coverage
            if self.lives[account].within(self.window)
        }

    @cached_property
    def summed_balances(self) -> list[int] | None:
        """All accounts' end-of-day balances summed, by day; None if one account has none."""
        known = [each for each in self.balances.values() if each is not None]
        if len(known) < len(self.balances):
            return None
        return [sum(day) for day in zip(*known, strict=True)]

    def statements(self, window: Window) -> tuple[UUID, ...]:
        """The statements that cover days of the window."""
        return tuple(
            period.statement
            for period in self.inputs.periods
            if period.starts_on <= window.ends_on and period.ends_on >= window.starts_on
        )

    def _daily_balances(self, account: str, window: Window) -> list[int] | None:
        """Balances from one that is known, carried over days without a booking."""
        run = next(run for run in self.coverage[account] if window.starts_on <= run.ends_on)
        known = _known_balance(run)
        if known is None:
            return None
        stood_on, balance = known
        base = balance - self.net_movement(account, stood_on)
        days = (window.starts_on + timedelta(days=count) for count in range(window.days))
        return [base + self.net_movement(account, day) for day in days]


def _known_balance(run: CoveredRun) -> tuple[date, int] | None:
    """A balance known in the run, and the day at whose end it stood.

    Within a run a closing one is: an opening is dated by its own day here, by the eve there.
    """
    first = run.periods[0]
    if first.opening is not None:
        return first.starts_on - DAY, first.opening
    closed = [(each.ends_on, each.closing) for each in run.periods if each.closing is not None]
    opened = (
        (each.starts_on - DAY, each.opening) for each in run.periods if each.opening is not None
    )
    return max(closed, default=None, key=itemgetter(0)) or next(opened, None)
