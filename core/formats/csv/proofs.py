"""What balances prove: whether amounts lead from one to the next, in the order of the rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

Minors = Sequence[int | None]


class BalanceTally(NamedTuple):
    """How many balances amounts lead to, and how many they do not; more of one weigh them."""

    fits: int = 0
    breaks: int = 0

    @property
    def proves(self) -> bool:
        """Whether every balance is led to, and one at least is."""
        return self.fits > 0 and self.breaks == 0


class Ledger(NamedTuple):
    """The rows of one account and currency, oldest first, or both ways where days do not tell."""

    ways: tuple[Sequence[int], ...]


def tally(amounts: Minors, balances: Minors, ledgers: Iterable[Ledger]) -> BalanceTally:
    """How amounts lead through the balances of each ledger, each in the way that fits best."""
    fits = breaks = 0
    for ledger in ledgers:
        found = [_follow(amounts, balances, rows) for rows in ledger.ways]
        best = min(found, key=lambda each: (each.breaks, -each.fits))
        fits, breaks = fits + best.fits, breaks + best.breaks
    return BalanceTally(fits, breaks)


def _follow(amounts: Minors, balances: Minors, rows: Sequence[int]) -> BalanceTally:
    steps = list(_steps(amounts, balances, rows))
    fits = sum(1 for moved, stepped in steps if moved == stepped and moved)
    return BalanceTally(fits, sum(1 for moved, stepped in steps if moved != stepped))


def _steps(amounts: Minors, balances: Minors, rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """What moved between each two balances, and by how much these differ."""
    before: int | None = None
    moved = 0
    for row in rows:
        moved += amounts[row] or 0
        after = balances[row]
        if after is None:
            continue
        if before is not None:
            yield moved, after - before
        before, moved = after, 0
