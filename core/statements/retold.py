"""What one file tells twice: exports joined in a table, and tables of one account without a name.

Where a table begins anew at an earlier day, what follows is held to what came before: bookings that
both tell of all the days that both speak of are told again. Twins, which stand beside each other,
are not. Where the balances agree with all that is told, nothing is told again; where they agree
with what is left without all that is alike to the letter, reference and all, that is told again.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from operator import le
from typing import NamedTuple

from core.statements.model import Statement, Transaction

MOST_BEGINNINGS = 30  # a table that goes back more often is in no order of days
FEWEST = 2  # bookings that are told again; one alone may be a twin
Told = tuple[date, int, str, str | None, str]


class RetoldBookings(NamedTuple):
    """By their places: the bookings that are told once, and those that each further time tells."""

    once: list[int]
    again: list[list[int]]


def retold(head: Statement, bookings: Sequence[Transaction]) -> RetoldBookings | None:
    """Which bookings of one statement are told again, None where none is."""
    if _agrees(head, bookings):
        return None
    return _by_balances(head, bookings) or _by_days(bookings)


def _by_balances(head: Statement, bookings: Sequence[Transaction]) -> RetoldBookings | None:
    """Those that are alike to others, where the balances hold without just these."""
    if head.opening is None or head.closing is None:
        return None
    booked = [each for each in bookings if not each.pending]
    surplus = head.opening.amount + sum(each.amount for each in booked) - head.closing.amount
    if surplus == 2 * sum(each.amount for each in booked if each.reversal):
        return None  # they bear the other sign, and that is all
    known: set[tuple[Told, str | None]] = set()
    once: list[int] = []
    again: list[int] = []
    for at, each in enumerate(bookings):
        alike = _told(each), each.bank_reference
        (again if alike in known and not each.pending else once).append(at)
        known.add(alike)
    if not again or sum(bookings[at].amount for at in again) != surplus:
        return None
    return RetoldBookings(once, [again])


def _by_days(bookings: Sequence[Transaction]) -> RetoldBookings | None:
    """Those of what begins anew at an earlier day, and that stood there before."""
    days = [each.booked_on for each in bookings]
    if all(map(le, days, days[1:])):
        return None
    starts = [at for at in range(1, len(days)) if days[at] < days[at - 1]]
    if len(starts) > len(days) - len(starts):  # newest first
        starts = [at for at in range(1, len(days)) if days[at] > days[at - 1]]
    if not starts or len(starts) > MOST_BEGINNINGS:
        return None
    once: list[int] = []
    again: list[list[int]] = []
    parts: list[range] = []
    for first, end in pairwise([0, *starts, len(days)]):
        part = range(first, end)
        repeats = _told_before(bookings, parts, part)
        if repeats:
            again.append(repeats)
        known = set(repeats)
        once += [at for at in part if at not in known]
        parts.append(part)
    return RetoldBookings(once, again) if again else None


def same_account(ours: Sequence[Transaction], theirs: Sequence[Transaction]) -> bool:
    """Whether two accounts without a name are one: both tell the same of the days of both."""
    return bool(_agreed_days(ours, theirs))


def _agrees(head: Statement, bookings: Sequence[Transaction]) -> bool:
    """Whether the balances say that each of them was booked."""
    if head.opening is None or head.closing is None:
        return False
    total = sum(each.amount for each in bookings if not each.pending)
    return head.opening.amount + total == head.closing.amount


def _told_before(bookings: Sequence[Transaction], parts: Sequence[range], part: range) -> list[int]:
    """Which bookings of a part an earlier part has as well."""
    ours = [bookings[at] for at in part]
    first, last = _first(ours), _last(ours)
    repeats: set[int] = set()
    for earlier in parts:
        others = [bookings[at] for at in earlier]
        if not any(first <= each.booked_on <= last for each in others):
            continue
        theirs = _agreed_days(others, ours)
        for at in part if theirs else ():
            told = _told(bookings[at])
            if theirs[told]:
                theirs[told] -= 1
                repeats.add(at)
    return sorted(repeats)


def _agreed_days(earlier: Sequence[Transaction], later: Sequence[Transaction]) -> Counter[Told]:
    """What both tell of the days that both speak of; nothing where one tells what the other lacks.

    On the first and the last of these days one of them may have begun, or ended, in between.
    """
    if not (earlier and later):
        return Counter()
    first = max(_first(earlier), _first(later))
    last = min(_last(earlier), _last(later))
    one, other = (
        Counter(_told(each) for each in some if first <= each.booked_on <= last)
        for some in (earlier, later)
    )
    if any(first < told[0] < last for told in _differences(one, other)):
        return Counter()
    edges = {told[0] for told in one - other} & {told[0] for told in other - one}
    both = one & other
    whole = (_first(earlier), _last(earlier)) == (_first(later), _last(later))
    if edges or (whole and one != other) or both.total() < FEWEST:
        return Counter()
    return both


def _differences(one: Counter[Told], other: Counter[Told]) -> Iterator[Told]:
    yield from one - other
    yield from other - one


def _told(each: Transaction) -> Told:
    return each.booked_on, each.amount, each.currency, each.counterparty, each.remittance


def _first(bookings: Sequence[Transaction]) -> date:
    return min(each.booked_on for each in bookings)


def _last(bookings: Sequence[Transaction]) -> date:
    return max(each.booked_on for each in bookings)
