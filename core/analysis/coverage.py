"""Which days the statements cover, and the window of whole months that all accounts share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from core.analysis.model import Period, Window

DAY = timedelta(days=1)
LONGEST_BRIDGE = 10  # days; banks issue no statement where nothing was booked
LONGEST_WINDOW = 24  # months


@dataclass(frozen=True, slots=True)
class CoveredRun:
    """Statements of one account that join without a gap, first to last day inclusive."""

    account: str
    starts_on: date
    ends_on: date
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Days between two runs that no statement of the account covers, both inclusive."""

    account: str
    starts_on: date
    ends_on: date


def cover(periods: Iterable[Period]) -> dict[str, list[CoveredRun]]:
    """Each account's runs in order of time; the accounts are those that statements are about."""
    by_account: dict[str, list[Period]] = defaultdict(list)
    for period in sorted(periods, key=lambda each: (each.account, each.starts_on, each.ends_on)):
        by_account[period.account].append(period)
    return {account: _join(account, own) for account, own in by_account.items()}


def _join(account: str, periods: Sequence[Period]) -> list[CoveredRun]:
    runs: list[list[Period]] = []
    last: Period | None = None
    for period in periods:
        if last is not None and (_touches(last, period) or _bridges(last, period)):
            runs[-1].append(period)
        else:
            runs.append([period])
        # A statement within an earlier, longer one does not shorten what is covered.
        if last is None or period.ends_on >= last.ends_on:
            last = period
    return [
        CoveredRun(account, run[0].starts_on, max(each.ends_on for each in run), tuple(run))
        for run in runs
    ]


def _touches(earlier: Period, later: Period) -> bool:
    """Whether the later statement starts at most a day after the earlier one ends."""
    return later.starts_on <= earlier.ends_on + DAY


def _bridges(earlier: Period, later: Period) -> bool:
    """Whether nothing can have been booked in the days between two statements."""
    days = (later.starts_on - earlier.ends_on).days - 1
    return days <= LONGEST_BRIDGE and later.opening is not None and later.opening == earlier.closing


def find_gaps(coverage: Mapping[str, Sequence[CoveredRun]]) -> list[Gap]:
    """The days between the runs of each account."""
    return [
        Gap(account, earlier.ends_on + DAY, later.starts_on - DAY)
        for account, runs in coverage.items()
        for earlier, later in pairwise(runs)
    ]


def choose_window(coverage: Mapping[str, Sequence[CoveredRun]]) -> Window | None:
    """The whole months that every account covers, back from the last; None if there is none."""
    if not coverage:
        return None
    shared = set.intersection(*(_whole_months(runs) for runs in coverage.values()))
    if not shared:
        return None
    first = last = max(shared)
    while add_months(first, -1) in shared and add_months(first, LONGEST_WINDOW - 1) > last:
        first = add_months(first, -1)
    return Window(first, end_of_month(last))


def _whole_months(runs: Sequence[CoveredRun]) -> set[date]:
    months = set()
    for run in runs:
        month = add_months(run.starts_on - DAY, 1)  # the first that starts on or after the run
        while end_of_month(month) <= run.ends_on:
            months.add(month)
            month = add_months(month, 1)
    return months


def add_months(day: date, count: int) -> date:
    """The first day of the month that lies `count` months after the day's own."""
    years, month = divmod(day.month - 1 + count, 12)
    return date(day.year + years, month + 1, 1)


def end_of_month(day: date) -> date:
    """The last day of the day's month."""
    return add_months(day, 1) - DAY
