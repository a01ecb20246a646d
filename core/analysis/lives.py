"""When accounts live: each from its opening to its closing, where statements tell of them.

An account begins with its first statement if that opens with nothing, and ends with its last one if
that leaves nothing: as long as money moved on it in between, it did not stand at nothing again and
again as one that is swept does, and no other account pays it, or is paid by it, before or after.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from core.analysis.counterparties import account_key
from core.analysis.coverage import CoveredRun
from core.analysis.model import Booking, Life

DAYS_UNDER_WAY = timedelta(days=10)
"""How long before its opening, or after its closing, an account's money may be on its way."""


def tell_lives(
    coverage: Mapping[str, Sequence[CoveredRun]], bookings: Iterable[Booking]
) -> dict[str, Life]:
    """The life of each account that statements are about."""
    if not any(map(_may_tell, coverage.values())):  # as nearly always
        return dict.fromkeys(coverage, Life())
    moved: dict[str, set[date]] = defaultdict(set)
    named: dict[str, set[date]] = defaultdict(set)
    for booking in bookings:
        moved[booking.account].add(booking.booked_on)
        if booking.counterparty_account:
            named[account_key(booking.counterparty_account) or ""].add(booking.booked_on)
    return {
        account: _life(runs, moved[account], named[account_key(account) or ""])
        for account, runs in coverage.items()
    }


def _may_tell(runs: Sequence[CoveredRun]) -> bool:
    return any(each.opening == 0 for each in runs[0].periods) or any(
        each.closing == 0 for each in runs[-1].periods
    )


def _life(runs: Sequence[CoveredRun], moved: set[date], named: set[date]) -> Life:
    first, last = runs[0].starts_on, runs[-1].ends_on
    if not moved or _is_swept(runs, min(moved), max(moved)):
        return Life()
    opened = any(each.opening == 0 for each in runs[0].periods if each.starts_on == first)
    closed = any(each.closing == 0 for each in runs[-1].periods if each.ends_on == last)
    earliest, latest = min(named, default=first), max(named, default=last)
    return Life(
        first if opened and earliest >= first - DAYS_UNDER_WAY else None,
        last if closed and latest <= last + DAYS_UNDER_WAY else None,
    )


def _is_swept(runs: Sequence[CoveredRun], first: date, last: date) -> bool:
    """Whether a statement begins or ends at nothing amid the days on which money moved."""
    return any(
        (each.opening == 0 and first < each.starts_on <= last)
        or (each.closing == 0 and first <= each.ends_on < last)
        for run in runs
        for each in run.periods
    )
