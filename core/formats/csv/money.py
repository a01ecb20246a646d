"""What a table's columns of amounts are, and which way money went: by words, or proven by balances.

Where both speak and differ, balances win, and it is said. Where neither tells, nothing is taken.
"""

import re
from itertools import permutations
from typing import cast

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.formats.csv.assignment import (
    AMOUNTS_UNTOLD,
    CREDIT_MARK,
    SIDES_UNTOLD,
    UNSIGNED,
    Assignment,
    all_minus,
    amounts_by,
    any_minus,
    any_plus,
    complement_each_other,
    is_signed,
)
from core.formats.csv.cards import read_card
from core.formats.csv.columns import SignRule
from core.formats.csv.fees import is_net_open, named_amount
from core.formats.csv.headers import ColumnRole, currency_beside, fold
from core.formats.csv.proofs import Minors
from core.formats.csv.sample import Sample
from core.formats.csv.side_column import (
    debits_have_minus,
    is_beside_letters,
    with_side_column,
)
from core.formats.csv.trials import fitting_assignments

R = ColumnRole
SIGNED = re.compile(r"[-+(\[\u2010-\u2015\u2212]|(?<![A-Z])(?:[SHDC]|[DCdc][Rr])\.?\s*$")
LEAST_MARKED = 2  # amounts by which it shows that only credits are marked
BY_BALANCES = Finding(
    "titles_contradicted",
    Bilingual(
        "The balances prove other amounts than the names of the columns say, or the other sign:"
        " the balances were gone by.",
        "Die Salden belegen andere Beträge oder Vorzeichen, als die Namen der Spalten sagen: Es"
        " gelten die Salden.",
    ),
)


def assign(sample: Sample) -> Assignment | None:
    """The only assignment that words or balances allow; None where there are no amounts."""
    by_words = _by_words(sample)
    balance = sample.roles.get(R.BALANCE)
    if by_words is None or by_words.untold:
        fitting = fitting_assignments(sample, balance, ())
        return fitting[0] if len(fitting) == 1 else by_words
    if not _is_contradicted(sample, by_words, balance):
        return _with_balances(sample, by_words) if balance is None else by_words
    fitting = fitting_assignments(sample, balance, tuple(by_words.roles.values()))
    if not fitting:
        return by_words
    if len(fitting) > 1:
        return by_words._replace(untold=SIDES_UNTOLD)
    return fitting[0]._replace(findings=(BY_BALANCES,))


def _is_contradicted(sample: Sample, by_words: Assignment, balance: int | None) -> bool:
    """Whether balances show other amounts than words do."""
    amounts = amounts_by(by_words, sample)
    if balance is not None:
        return sample.tally(amounts, balance).breaks > 0
    if sample.ends is not None and not sample.lead_to_the_end(amounts):
        return True
    strange = _strange(sample, by_words)
    return bool(strange) and not any(sample.tally(amounts, at).proves for at in strange)


def _strange(sample: Sample, by_words: Assignment) -> list[int]:
    """The columns of amounts that words leave: balances under a name that nobody knows, maybe."""
    return [at for at in sample.unnamed_money if at not in by_words.roles.values()]


def _with_balances(sample: Sample, by_words: Assignment) -> Assignment:
    """The amounts with the only column of that which they prove to be their balances."""
    amounts = amounts_by(by_words, sample)
    proven = [at for at in _strange(sample, by_words) if sample.tally(amounts, at).proves]
    more = {R.BALANCE: proven[0]} if len(proven) == 1 else {}
    return by_words._replace(roles=by_words.roles | more)


def _by_words(sample: Sample) -> Assignment | None:
    """What words say of the amounts, or that they leave it open; None where there are none."""
    roles = sample.roles
    debit, credit = roles.get(R.DEBIT), roles.get(R.CREDIT)
    amount = named_amount(sample)
    if debit is not None and credit is not None:
        return _two_sides(sample, debit, credit)
    one = debit if credit is None else credit
    if one is not None and not any(sample.numbers(one)):
        one = None if amount is not None else one
    if amount is None and one is None:
        return _without_words(sample)
    if one is None or (amount is not None and _agrees(sample, amount, one)):
        return _signed(sample, cast(int, amount))
    other = _complement(sample, one)
    if other is not None:
        return _two_sides(sample, *((one, other) if one == debit else (other, one)))
    if amount is None and _is_alone(sample, one):
        return _two_sides(sample, *((one, None) if one == debit else (None, one)))
    loose = {R.AMOUNT: one if amount is None else amount}
    return Assignment(loose, untold=SIDES_UNTOLD)


def _without_words(sample: Sample) -> Assignment | None:
    """The amounts of a table in which no word names them."""
    money = sample.unnamed_money
    if not money:
        return None
    if len(money) == 1:
        return _signed(sample, money[0])
    pairs = [pair for pair in permutations(money, 2) if complement_each_other(sample, *pair)]
    if len({currency_beside(sample.names[at]) for at in money} - {None}) > 1:
        pairs = []  # a column for each currency, not for each side
    for debit, credit in pairs if len(pairs) == 2 and len(money) == 2 else ():
        # A minus in all of the one, and in none of the other, is as good as a word.
        if all_minus(sample.numbers(debit)) and not any_minus(sample.numbers(credit)):
            return _two_sides(sample, debit, credit)
    return Assignment({R.AMOUNT: money[0]}, untold=AMOUNTS_UNTOLD)


def _two_sides(sample: Sample, debit: int | None, credit: int | None) -> Assignment:
    """A column for each side; a minus in one is that of all debits, or takes one back."""
    roles = {role: at for role, at in ((R.DEBIT, debit), (R.CREDIT, credit)) if at is not None}
    spent: Minors = [] if debit is None else sample.numbers(debit)
    came: Minors = [] if credit is None else sample.numbers(credit)
    both = sum(1 for first, second in zip(spent, came, strict=False) if first and second)
    minus_out = debits_have_minus(spent)
    odd = minus_out is None or (any_minus(came) and not any_plus(came)) or 2 * both > len(spent)
    both_named = bool(spent and came)
    untold = SIDES_UNTOLD if odd or (both_named and 2 * both > len(spent)) else None
    return Assignment(roles, SignRule(minus_out=bool(minus_out)), untold=untold)


def _signed(sample: Sample, amount: int) -> Assignment:
    """One column of amounts, with its signs or a column of sides: without either nothing tells."""
    roles = {R.AMOUNT: amount}
    found = with_side_column(sample, amount)
    if found is not None:
        return found
    untold = AMOUNTS_UNTOLD if is_net_open(sample, amount) else None
    if _marks_credits_only(sample, amount) or is_beside_letters(sample, amount):
        untold = SIDES_UNTOLD
    elif not is_signed(sample, amount):
        untold = UNSIGNED
    if untold is None and _rivals(sample, amount):
        untold = AMOUNTS_UNTOLD
    return Assignment(roles, untold=untold) if untold else read_card(sample, amount)


def _rivals(sample: Sample, amount: int) -> list[int]:
    """Other columns with the same name and other amounts in each row, as of other currencies."""
    name = fold(sample.names[amount])
    rows = [row for row, each in enumerate(sample.numbers(amount)) if each]
    return [
        at
        for at, each in enumerate(sample.names)
        if at != amount
        and name
        and fold(each) == name
        and currency_beside(each) != currency_beside(sample.names[amount])
        and all(sample.numbers(at)[row] for row in rows)
        and list(sample.numbers(at)) != list(sample.numbers(amount))
    ]


def _marks_credits_only(sample: Sample, amount: int) -> bool:
    """Whether some amounts are marked as credits and the others not at all, as on cards' lists."""
    cells = list(map(str.strip, sample.filled(amount)))
    marked = [cell for cell in cells if SIGNED.search(cell) or cell.startswith("+")]
    few = len(cells) < LEAST_MARKED or len(marked) == len(cells) or not marked
    return not few and all(map(CREDIT_MARK.search, marked))


def _is_alone(sample: Sample, one: int) -> bool:
    """Whether a column of one side is all there is: no row has nothing there and more elsewhere."""
    numbers = sample.numbers(one)
    nothing = [at for at, each in enumerate(numbers) if not each]
    others = [*sample.unnamed_money, *sample.whole_numbers]
    elsewhere = any(
        all(sample.numbers(at)[row] for row in nothing) and complement_each_other(sample, one, at)
        for at in others
    )
    return None not in numbers and not (nothing and elsewhere)


def _agrees(sample: Sample, amount: int, one: int) -> bool:
    """Whether amounts with signs say what the one side that is named does."""
    side = -1 if sample.roles.get(R.DEBIT) == one else 1
    pairs = zip(sample.numbers(amount), sample.numbers(one), strict=True)
    return all(total == side * abs(part) for total, part in pairs if part and total is not None)


def _complement(sample: Sample, one: int) -> int | None:
    """The only column of amounts that has one just where the named side has none."""
    for columns in (sample.unnamed_money, sample.whole_numbers):
        if found := [at for at in columns if complement_each_other(sample, one, at)]:
            return found[0] if len(found) == 1 else None
    return None
