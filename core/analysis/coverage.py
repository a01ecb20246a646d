"""Which days the statements cover, and the window of whole months that all accounts share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from core.analysis import bankdays
from core.analysis.model import Life, Period, Window

DAY = timedelta(days=1)
LONGEST_BRIDGE = 10  # days; banks issue no statement where nothing was booked
LONGEST_WINDOW = 24  # months
LONGEST_LAG = 2  # months by which an account's statements may end before another's


@dataclass(frozen=True, slots=True)
class CoveredRun:
    """Statements of one account that join without a gap, first to last day inclusive."""

    account: str
    starts_on: date
    ends_on: date
    periods: tuple[Period, ...]

    @property
    def reach(self) -> tuple[date, date]:
        """The first and last day covered, with those around on which no bank books."""
        return bankdays.back_to_bank_day(self.starts_on), bankdays.on_to_bank_day(self.ends_on)


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
    if (later.starts_on - earlier.ends_on).days - 1 > LONGEST_BRIDGE:
        return False
    if later.opening is None or earlier.closing is None:
        return bankdays.none_between(earlier.ends_on, later.starts_on)
    return later.opening == earlier.closing


def find_gaps(coverage: Mapping[str, Sequence[CoveredRun]]) -> list[Gap]:
    """The days between the runs of each account."""
    return [
        Gap(account, earlier.ends_on + DAY, later.starts_on - DAY)
        for account, runs in coverage.items()
        for earlier, later in pairwise(runs)
    ]


def find_lags(coverage: Mapping[str, Sequence[CoveredRun]], lives: Mapping[str, Life]) -> list[Gap]:
    """The days since an account's last statement, where others go on long after it.

    One that was closed has no more; one that was not ends the window, and may hide what became
    of the business.
    """
    last = max((runs[-1].ends_on for runs in coverage.values()), default=date.min)
    return [
        Gap(account, runs[-1].ends_on + DAY, last)
        for account, runs in coverage.items()
        if lives[account].closed_on is None
        and add_months(runs[-1].reach[1] + DAY, LONGEST_LAG + 1) <= last + DAY
    ]


def choose_window(
    coverage: Mapping[str, Sequence[CoveredRun]], lives: Mapping[str, Life] | None = None
) -> Window | None:
    """The whole months, back from the last, in which every account alive is covered.

    None if there is none. An account of whose life nothing is known lives always.
    """
    lives = lives or {}
    covered = {
        each: _whole_months(runs, lives.get(each, Life())) for each, runs in coverage.items()
    }
    months = sorted(set().union(*covered.values()), reverse=True)

    def counts(month: date) -> bool:
        whole = Window(month, end_of_month(month))
        return all(
            month in of or not lives.get(each, Life()).within(whole) for each, of in covered.items()
        )

    last = next(filter(counts, months), None)
    if last is None:
        return None
    first, known = last, set(months)
    while add_months(first, LONGEST_WINDOW - 1) > last:
        before = add_months(first, -1)
        if before not in known or not counts(before):
            break
        first = before
    return Window(first, end_of_month(last))


def _whole_months(runs: Sequence[CoveredRun], life: Life) -> set[date]:
    """The months that are covered, those of its opening and closing from then on and until then."""
    months = set()
    for run in runs:
        starts_on, ends_on = run.reach
        if life.opened_on == run.starts_on:
            starts_on = min(starts_on, add_months(run.starts_on, 0))
        if life.closed_on == run.ends_on:
            ends_on = max(ends_on, end_of_month(run.ends_on))
        month = add_months(starts_on - DAY, 1)  # the first that starts on or after the run
        while end_of_month(month) <= ends_on:
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
