"""The days that statements speak of, as spans of days, both inclusive."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from core.statements.model import StoredStatement

DAY = timedelta(days=1)
NO_NAMES: Mapping[str, str] = {}
Span = tuple[date, date]  # first and last day


class CoveredDays:
    """The days that statements speak of, by account; spans that touch are one."""

    def __init__(self) -> None:
        self._spans: dict[object, list[Span]] = defaultdict(list)

    def add(self, account: object, first: date, last: date) -> None:
        """Cover these days as well."""
        spans = self._spans[account]
        begin = bisect_left(spans, (first, first))
        if begin and spans[begin - 1][1] + DAY >= first:
            begin -= 1
        end = begin
        while end < len(spans) and spans[end][0] <= last + DAY:
            end += 1
        touching = spans[begin:end]
        del spans[begin:end]
        firsts, lasts = [each for each, _ in touching], [each for _, each in touching]
        insort(spans, (min([first, *firsts]), max([last, *lasts])))

    def covers(self, account: object, first: date, last: date) -> bool:
        """Whether all of these days are covered."""
        spans = self._spans.get(account, ())
        at = bisect_right(spans, (first, date.max)) - 1
        return at >= 0 and spans[at][1] >= last


def by_account(
    statements: Iterable[StoredStatement], apart: timedelta, names: Mapping[str, str] = NO_NAMES
) -> dict[str, list[Span]]:
    """The days of each account's statements; those that are no further apart are one span.

    `names` are the full numbers of accounts that some statements call by a part of it.
    """
    days: dict[str, list[Span]] = defaultdict(list)
    for each in statements:
        number = each.statement.account.number
        days[names.get(number, number)].append((each.starts_on, each.ends_on))
    return {number: joined(spans, apart) for number, spans in days.items()}


def in_both(ours: Sequence[Span], theirs: Sequence[Span]) -> Iterator[Span]:
    """The days in spans of both; not a single one, on which one may end and the other begin."""
    mine, other = 0, 0
    while mine < len(ours) and other < len(theirs):
        first = max(ours[mine][0], theirs[other][0])
        last = min(ours[mine][1], theirs[other][1])
        if first < last:
            yield first, last
        if ours[mine][1] == last:
            mine += 1
        else:
            other += 1


def joined(days: Iterable[Span], apart: timedelta) -> list[Span]:
    """Spans of days in order; those that are no further apart are one."""
    found: list[Span] = []
    for first, last in sorted(days):
        if found and first <= found[-1][1] + apart:
            first, last = found[-1][0], max(found.pop()[1], last)
        found.append((first, last))
    return found
