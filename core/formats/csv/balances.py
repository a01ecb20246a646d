"""Whether balances go down by fees that stand beside the amounts."""

from collections.abc import Mapping, Sequence

from core.formats.common.amounts import Point, read_amount
from core.formats.common.texts import BadValue
from core.formats.csv.grid import Row
from core.formats.csv.headers import ColumnRole


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


def _lead_either_way(amounts: Sequence[int], balances: Sequence[int]) -> bool:
    """Whether amounts lead from balance to balance, the oldest first or the newest."""
    return _leads(amounts, balances) or _leads(amounts[::-1], balances[::-1])


def _leads(amounts: Sequence[int], balances: Sequence[int]) -> bool:
    """Whether each amount leads from one balance to the next."""
    steps = zip(balances, balances[1:], amounts[1:], strict=False)
    return all(before + amount == after for before, after, amount in steps)
