"""What columns of amounts are to each other: a balance beside an amount, two sides, a fee."""

from collections.abc import Mapping, Sequence
from itertools import permutations

from core.formats.common.amounts import Point, find_point, read_amount
from core.formats.common.texts import BadValue
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole

MOST_MONEY = 8  # columns of amounts that are tried against each other


def fees_lead(roles: Mapping[ColumnRole, int], body: Sequence[Row], point: Point) -> bool:
    """Whether balances go down by fees that stand beside the amounts; elsewhere these have them."""
    columns = [roles.get(each) for each in (ColumnRole.AMOUNT, ColumnRole.FEE, ColumnRole.BALANCE)]
    needed = [at for at in columns if at is not None]
    rows = [row for row in body if max(needed) < len(row)]
    if len(needed) < len(columns):
        return False
    try:
        read = [[read_amount(row[at], point, "EUR") for at in needed] for row in rows]
    except BadValue:
        return False
    complete = [
        (amount, abs(fee or 0), left) for amount, fee, left in read if None not in (amount, left)
    ]
    amounts, fees, balances = zip(*complete, strict=True) if complete else ((), (), ())
    after = [amount - fee for amount, fee in zip(amounts, fees, strict=True)]
    return _lead_either_way(after, balances) and not _lead_either_way(amounts, balances)


def balance_or_sides(body: Sequence[Row], money: Sequence[int]) -> dict[ColumnRole, int]:
    """What several columns of amounts are: a balance beside an amount, or two sides of one."""
    first, second, *others = money
    sided = all(bool(row[first].strip()) != bool(row[second].strip()) for row in body)
    # A third that every row has is the balance; where there are more, these two may be fees.
    if sided and (not others or (len(others) == 1 and all(row[others[0]].strip() for row in body))):
        return {ColumnRole.DEBIT: first, ColumnRole.CREDIT: second}
    point = find_point(row[at] for row in body for at in money) or Point.COMMA
    try:
        read = {at: [read_amount(row[at], point, "EUR") or 0 for row in body] for at in money}
    except BadValue:
        return {}
    for amount, balance in permutations(money[:MOST_MONEY], 2):
        amounts, balances = read[amount], read[balance]
        if _lead_either_way(amounts, balances):
            return {ColumnRole.AMOUNT: amount, ColumnRole.BALANCE: balance}
    return {}


def _lead_either_way(amounts: Sequence[int], balances: Sequence[int]) -> bool:
    """Whether amounts lead from balance to balance, the oldest first or the newest."""
    return _leads(amounts, balances) or _leads(amounts[::-1], balances[::-1])


def _leads(amounts: Sequence[int], balances: Sequence[int]) -> bool:
    """Whether each amount leads from one balance to the next."""
    steps = zip(balances, balances[1:], amounts[1:], strict=False)
    return all(before + amount == after for before, after, amount in steps)
