"""Assignments of a table's amounts that are tried: those count that balances prove."""

from collections.abc import Iterator, Sequence
from itertools import permutations, product

from core.formats.csv.assignment import (
    Assignment,
    amounts_by,
    any_minus,
    complement_each_other,
    is_signed,
)
from core.formats.csv.columns import SignRule
from core.formats.csv.headers import ColumnRole, roles_of
from core.formats.csv.proofs import Minors
from core.formats.csv.sample import MOST_MONEY, Sample
from core.formats.csv.sides import side_key, sides_of

R = ColumnRole
MOST_SIDES = 6  # columns of two values that are tried as sides
LONGEST_SIDE = 16


def fitting_assignments(
    sample: Sample, balance: int | None, named: Sequence[int]
) -> list[Assignment]:
    """The assignments whose amounts lead from balance to balance, one of each that says the same.

    SignRule and words are gone by before anything is turned, and columns with decimals before those
    without.
    """
    roles = [R.AMOUNT, R.DEBIT, R.CREDIT, R.GROSS, R.NET]
    money = [at for role in roles if (at := sample.roles.get(role)) is not None]
    money = list(dict.fromkeys([*named, *money, *sample.unnamed_money]))[:MOST_MONEY]
    for columns in (money, (money + sample.whole_numbers)[:MOST_MONEY]):
        for tries in (_told_tries, _untold_tries):
            fitting: dict[tuple[int | None, ...], Assignment] = {}
            for left in [None, *columns] if balance is None else [balance]:
                others = [at for at in columns if at != left]
                filled = [at for at in (*others, *sample.whole_numbers) if at != left]
                for each in tries(sample, others):
                    amounts = amounts_by(each, sample)
                    if _is_whole(sample, amounts, filled) and _proves(sample, amounts, left):
                        more = {} if left is None else {R.BALANCE: left}
                        with_balance = each._replace(roles=each.roles | more)
                        fitting.setdefault(tuple(amounts), with_balance)
            if fitting:
                return list(fitting.values())
    return []


def _proves(sample: Sample, amounts: Minors, balance: int | None) -> bool:
    """Whether the balances of that column, None for those around the table, prove amounts."""
    if balance is None:
        return sample.lead_to_the_end(amounts)
    return sample.tally(amounts, balance).proves


def _is_whole(sample: Sample, amounts: Minors, columns: Sequence[int]) -> bool:
    """Whether no row is left without an amount in which one of these columns has one."""
    return all(
        each is not None or not any(sample.numbers(at)[row] for at in columns)
        for row, each in enumerate(amounts)
    )


def _told_tries(sample: Sample, columns: Sequence[int]) -> Iterator[Assignment]:
    """Amounts with their signs, or beside a column of sides in words."""
    for at in columns:
        if is_signed(sample, at):
            yield Assignment({R.AMOUNT: at})
        for side_at, values in _two_valued(sample):
            if sides := sides_of(values):
                yield from _with_sides(at, side_at, sides)


def _untold_tries(sample: Sample, columns: Sequence[int]) -> Iterator[Assignment]:
    """Amounts as they stand or turned, a column for each side, or one of sides in unknown words."""
    for at in columns:
        yield Assignment({R.AMOUNT: at})
        yield Assignment({R.AMOUNT: at}, SignRule(turned=True))
    for debit, credit in permutations(columns, 2):
        if complement_each_other(sample, debit, credit):
            ways = product(
                {True, False},
                {False, any_minus(sample.numbers(credit))},
            )
            for minus_out, turned in ways:
                signs = SignRule(minus_out=minus_out, credits_turned=turned)
                yield Assignment({R.DEBIT: debit, R.CREDIT: credit}, signs)
    for at, (side_at, (first, second)) in product(columns, list(_two_valued(sample))[:MOST_SIDES]):
        for out, came in ((first, second), (second, first)):
            yield from _with_sides(at, side_at, {out: -1, came: 1})


def _with_sides(amount: int, at: int, sides: dict[str, int]) -> Iterator[Assignment]:
    for minus_out in (True, False):
        yield Assignment({R.AMOUNT: amount, R.SIDE: at}, SignRule(sides, minus_out=minus_out))


def _two_valued(sample: Sample) -> Iterator[tuple[int, tuple[str, str]]]:
    """Columns that have one of two short values in every row."""
    taken = {at for role, at in sample.roles.items() if role not in (R.SIDE, R.TEXT)}
    for at in range(len(sample.names)):
        if at in taken or at in sample.unnamed_money:
            continue
        values = set(map(side_key, sample.cells(at)))
        if len(sample.body) == 1 and not roles_of(sample.names[at]):
            values.add("the other")
        if len(values) == 2 and "" not in values and all(len(v) <= LONGEST_SIDE for v in values):
            first, second = sorted(values)
            yield at, (first, second)
