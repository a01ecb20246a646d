"""Amounts beside fees and taxes: which column has what was booked, gross or net."""

from core.formats.csv.headers import ColumnRole
from core.formats.csv.sample import Sample

R = ColumnRole


def named_amount(sample: Sample) -> int | None:
    """The column that is named as the booking's amount: with fees, what is left after them."""
    roles = sample.roles
    if R.AMOUNT in roles and not _is_after_fee(sample, roles[R.AMOUNT]):
        return roles[R.AMOUNT]
    gross, net = roles.get(R.GROSS), roles.get(R.NET)
    if R.TAX in roles and gross is not None and not _is_after_fee(sample, gross):
        return gross
    return gross if net is None else net


def is_net_open(sample: Sample, amount: int) -> bool:
    """Whether it is open what a column called net or gross leaves out, or has in it."""
    roles = sample.roles
    gross, net = roles.get(R.GROSS), roles.get(R.NET)
    if R.AMOUNT in roles and amount == net and _is_after_fee(sample, roles[R.AMOUNT]):
        return False
    if amount not in (gross, net):
        others = [at for at in (gross, net) if at is not None]
        return any(_differ(sample, amount, at) for at in others)
    if (gross is None or net is None) and sample.unnamed_money:
        return True
    if gross is None:
        return R.TAX in roles
    if net is None:
        return R.FEE in roles and any(sample.numbers(roles[R.FEE]))
    return _differ(sample, gross, net) and not any(
        _differ_by(sample, gross, net, between)
        for role in (R.FEE, R.TAX)
        if (between := roles.get(role)) is not None
    )


def _is_after_fee(sample: Sample, whole: int) -> bool:
    """Whether fees are all that the net amounts lack of these, and one of them at least is one."""
    net, fee = sample.roles.get(R.NET), sample.roles.get(R.FEE)
    return (
        net is not None
        and fee is not None
        and _differ(sample, whole, net)
        and _differ_by(sample, whole, net, fee)
    )


def _differ(sample: Sample, first: int, second: int) -> bool:
    """Whether two columns have other amounts in a row in which both have one."""
    pairs = zip(sample.numbers(first), sample.numbers(second), strict=True)
    return any(one != other for one, other in pairs if one is not None and other is not None)


def _differ_by(sample: Sample, gross: int, net: int, between: int) -> bool:
    """Whether gross and net differ by what stands in a third column, whatever its sign."""
    columns = zip(*map(sample.numbers, (gross, net, between)), strict=True)
    return all(
        abs((first or 0) - (second or 0)) == abs(third or 0) for first, second, third in columns
    )
