"""A column that says of each amount on which side it is, by words or by letters."""

from core.formats.csv.assignment import (
    SIDES_UNTOLD,
    Assignment,
    any_minus,
    any_plus,
    is_signed,
)
from core.formats.csv.columns import SignRule
from core.formats.csv.headers import ColumnRole, roles_of
from core.formats.csv.proofs import Minors
from core.formats.csv.sample import Sample
from core.formats.csv.sides import LETTERS, WORDS, side_key, sides_of

R = ColumnRole
MOST_VALUES = 4  # of a column of sides, some of which are odd


def with_side_column(sample: Sample, amount: int) -> Assignment | None:
    """The amounts with the column that says their sides by words; None where there is none."""
    named = sample.roles.get(R.SIDE)
    roles = sample.roles.values()
    free = [at for at in range(len(sample.names)) if at not in roles]
    kinds = [at for role in (R.TEXT, R.STATUS) if (at := sample.roles.get(role)) is not None]
    open_sides = False
    for at in ([] if named is None else [named]) + free + kinds:
        cells = list(map(str.strip, sample.cells(at)))
        if at != named and "" in cells:
            continue
        sides = sides_of(filter(None, cells), sample.names[at] if at == named else None)
        if sides is None:
            values = set(map(side_key, filter(None, cells)))
            open_sides = open_sides or (at == named and 0 < len(values) <= MOST_VALUES)
            continue
        found = _with_side(sample, amount, at, sides)
        doubted = found.untold or len(set(sides.values())) == 1
        if doubted and at in kinds and any_minus(sample.numbers(amount)):
            continue  # the kinds of booking say less than the signs do
        return found
    if open_sides and not is_signed(sample, amount):
        return Assignment({R.AMOUNT: amount}, untold=SIDES_UNTOLD)
    return None


def _with_side(sample: Sample, amount: int, at: int, sides: dict[str, int]) -> Assignment:
    said = [sides.get(side_key(cell)) for cell in sample.cells(at)]
    pairs = [
        (number, side)
        for number, side in zip(sample.numbers(amount), said, strict=True)
        if number and side
    ]
    if any(number < 0 for number, _ in pairs) and all(number * side > 0 for number, side in pairs):
        return Assignment({R.AMOUNT: amount})  # the signs say the same
    minus_out = debits_have_minus([number for number, side in pairs if side < 0])
    came = [number for number, side in pairs if side > 0]
    letters = at != sample.roles.get(R.SIDE) and not sides.keys() <= WORDS.keys()
    odd = (
        minus_out is None
        or (letters and any(number < 0 for number, _ in pairs))
        or (any_minus(came) and not any_plus(came))
    )
    return Assignment(
        {R.AMOUNT: amount, R.SIDE: at},
        SignRule(sides, minus_out=bool(minus_out)),
        untold=SIDES_UNTOLD if odd else None,
    )


def debits_have_minus(debits: Minors) -> bool | None:
    """Whether a minus says no more than that it is a debit; else it takes one back.

    None where it is open: debits are with and without.
    """
    minus = sum(1 for each in debits if each is not None and each < 0)
    plain = sum(1 for each in debits if each is not None and each > 0)
    if minus and plain and minus > plain:
        return None
    return not plain


def is_beside_letters(sample: Sample, amount: int) -> bool:
    """Whether letters that may be sides stand under an unknown name and differ from the signs."""
    numbers, taken = sample.numbers(amount), sample.roles.values()
    for at, name in enumerate(sample.names):
        if at in taken or roles_of(name):
            continue
        cells = sample.cells(at)
        if set(map(side_key, set(cells))) - {""} not in LETTERS:
            continue
        pairs = zip(map(side_key, cells), numbers, strict=True)
        signs = {(key, number > 0) for key, number in pairs if key and number}
        if len({came for _, came in signs}) < len(signs):
            return True
    return False
