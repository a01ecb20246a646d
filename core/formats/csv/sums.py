"""Rows at the end of a table that are what all others come to: a total, whatever it says."""

from collections.abc import Sequence
from operator import attrgetter

from core.formats.csv.totals import RowMeaning
from core.statements.model import Transaction

LEAST = 3  # rows whose sum is more than chance
MOST = 3  # totals one below the other: what came in, what went out, and both together
AMOUNT, PENDING = attrgetter("amount"), attrgetter("pending")


def at_ends(rows: Sequence[Transaction], moved: int | None) -> dict[int, RowMeaning]:
    """Which rows at either end are sums of all others, and whether that is certain.

    `moved` is by how much the account changed as it is told elsewhere; None where it is not.
    """
    amounts = list(map(AMOUNT, rows))
    if any(map(PENDING, rows)):
        amounts = [0 if row.pending else row.amount for row in rows]
    whole = sum(amounts)
    if moved is not None and moved == whole:
        return {}
    size = len(rows)
    for count in range(1, MOST + 1):
        for ends in (range(size - count, size), range(count)):
            if size - count >= LEAST and _are_sums(amounts, whole, ends):
                return {at: each for at in ends if (each := _meaning(rows, at, ends, moved))}
    return {}


def _are_sums(amounts: Sequence[int], whole: int, ends: range) -> bool:
    """Whether these are, in any order, what all others come to: one alone, or each side too."""
    told = [amounts[at] for at in ends]
    left = whole - sum(told)
    if not all(told) or left not in _possible(told):
        return False
    if len(told) == 1:
        return True
    others = [*amounts[: ends.start], *amounts[ends.stop :]]
    came = [each for each in others if each > 0]
    into, out = sum(came), left - sum(came)
    more = [left] * (len(told) - 2)
    both = min(len(came), len(others) - len(came)) > 1
    return both and any(sorted(told) == sorted([into, side, *more]) for side in (out, -out))


def _possible(told: Sequence[int]) -> Sequence[int]:
    """What all others may come to where these are their sums, told without a look at them."""
    if len(told) != 2:
        return told
    one, other = told
    return one + other, one - other, other - one


def _meaning(
    rows: Sequence[Transaction], at: int, ends: range, moved: int | None
) -> RowMeaning | None:
    """What such a row is: no booking, or not certain; None for one that came before or is named."""
    row = rows[at]
    if moved is not None or not any(map(str.isalpha, row.remittance + (row.counterparty or ""))):
        return RowMeaning.NONE
    twin = (row.amount, row.counterparty, row.remittance)
    is_usual = len(ends) == 1 and any(
        (each.amount, each.counterparty, each.remittance) == twin
        for other, each in enumerate(rows)
        if other != at
    )
    return None if is_usual or row.counterparty_account else RowMeaning.DOUBTFUL
