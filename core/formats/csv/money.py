"""What a table's columns of amounts are, and which way money went: by words, or proven by balances.

Where both speak and differ, balances win, and it is said. Where neither tells, nothing is taken.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import permutations, product
from typing import NamedTuple, cast

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.formats.csv.columns import SignRule, Untold
from core.formats.csv.headers import ColumnRole, currency_beside, fold, roles_of
from core.formats.csv.proofs import Minors
from core.formats.csv.sample import MOST_MONEY, Sample
from core.formats.csv.sides import LETTERS, WORDS, side_key, sides_of

R = ColumnRole
MOST_SIDES = 6  # columns of two values that are tried as sides
LONGEST_SIDE = 16
MOST_VALUES = 4  # of a column of sides, some of which are odd
SIGNED = re.compile(r"[-+(\[\u2010-\u2015\u2212]|(?<![A-Z])(?:[SHDC]|[DCdc][Rr])\.?\s*$")
CARD = re.compile(
    "karteninhaber|kartennummer|kreditkarte|^karte$|cardmember|cardholder|cardnumber|creditcard"
    "|kortnummer|kaartnummer|numerocarte|numerocarta|numerotarjeta|cardno"
)
PAID_CARD = re.compile(
    r"zahlung erhalten|zahlungseingang|ausgleich|payment received|(?:\w+ ){0,2}payment.{0,3}thank"
    r"|autopay"
    r"|paiement re(?:c|ç)u|pagamento ricevuto|pago recibido|betaling ontvangen|besten dank"
    r"|direct debit payment|ihre zahlung|indbetaling|betaling modtaget|inbetalning",
    re.IGNORECASE,
)
LONGEST_PAID = 60
LEAST_MARKED = 2  # amounts by which it shows that only credits are marked
CREDIT_MARK = re.compile(r"^\+|(?:\+|(?<![A-Z])(?:[HC]|[Cc][Rr])\.?)\s*$")
SIDES_UNTOLD = Untold(
    "signs_unknown",
    Bilingual(
        "Nothing in the table tells which amounts came in and which went out: no sign, no word that"
        " is known, no balances that prove it. Export it with balances, or send the bank's"
        " CAMT.053, MT940 or PDF statements instead.",
        "Nichts in der Tabelle zeigt, welche Beträge eingingen und welche ausgingen: kein"
        " Vorzeichen, kein bekanntes Wort, keine Salden, die es belegen. Bitte mit Salden"
        " exportieren oder stattdessen die Kontoauszüge der Bank als CAMT.053, MT940 oder PDF"
        " senden.",
    ),
)
# Of a table whose first rows bear no sign: further rows may.
UNSIGNED = SIDES_UNTOLD._replace(by_more_rows=True)
AMOUNTS_UNTOLD = Untold(
    "columns_unknown",
    Bilingual(
        "The table has several columns of amounts, and nothing tells which is the booking's: no"
        " name that is known, no balances that prove it. Export it with balances, or send the"
        " bank's CAMT.053, MT940 or PDF statements instead.",
        "Die Tabelle hat mehrere Spalten mit Beträgen, und nichts zeigt, welche der der Buchung"
        " ist: kein bekannter Name, keine Salden, die es belegen. Bitte mit Salden exportieren oder"
        " stattdessen die Kontoauszüge der Bank als CAMT.053, MT940 oder PDF senden.",
    ),
)
BY_BALANCES = Finding(
    "titles_contradicted",
    Bilingual(
        "The balances prove other amounts than the names of the columns say, or the other sign:"
        " the balances were gone by.",
        "Die Salden belegen andere Beträge oder Vorzeichen, als die Namen der Spalten sagen: Es"
        " gelten die Salden.",
    ),
)
CARD_TURNED = Finding(
    "card_signs_turned",
    Bilingual(
        "On this card's list what was spent has no minus and what was paid has one: the signs were"
        " turned.",
        "Auf dieser Kartenliste steht Ausgegebenes ohne und Bezahltes mit Minus: Die Vorzeichen"
        " wurden umgekehrt.",
    ),
)


class Assignment(NamedTuple):
    """Which columns hold a booking's amount, and how they say its sign."""

    roles: dict[ColumnRole, int]
    signs: SignRule = SignRule()
    findings: tuple[Finding, ...] = ()
    untold: Untold | None = None


def assign(sample: Sample) -> Assignment | None:
    """The only assignment that words or balances allow; None where there are no amounts."""
    by_words = _by_words(sample)
    balance = sample.roles.get(R.BALANCE)
    if by_words is None or by_words.untold:
        fitting = _fitting(sample, balance, ())
        return fitting[0] if len(fitting) == 1 else by_words
    if not _is_contradicted(sample, by_words, balance):
        return _with_balances(sample, by_words) if balance is None else by_words
    fitting = _fitting(sample, balance, tuple(by_words.roles.values()))
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
    amount = _named_amount(sample)
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
    pairs = [pair for pair in permutations(money, 2) if _complements(sample, *pair)]
    for debit, credit in pairs if len(pairs) == 2 and len(money) == 2 else ():
        # A minus in all of the one, and in none of the other, is as good as a word.
        if _all_minus(sample.numbers(debit)) and not _any_minus(sample.numbers(credit)):
            return _two_sides(sample, debit, credit)
    return Assignment({R.AMOUNT: money[0]}, untold=AMOUNTS_UNTOLD)


def _named_amount(sample: Sample) -> int | None:
    """The column that is named as the booking's amount: with fees, what is left after them."""
    roles = sample.roles
    if R.AMOUNT in roles and not _is_after_fee(sample, roles[R.AMOUNT]):
        return roles[R.AMOUNT]
    gross, net = roles.get(R.GROSS), roles.get(R.NET)
    if R.TAX in roles and gross is not None and not _is_after_fee(sample, gross):
        return gross
    return gross if net is None else net


def _is_after_fee(sample: Sample, whole: int) -> bool:
    """Whether fees are all that the net amounts lack of these, and one of them at least is one."""
    net, fee = sample.roles.get(R.NET), sample.roles.get(R.FEE)
    return (
        net is not None
        and fee is not None
        and _differ(sample, whole, net)
        and _differ_by(sample, whole, net, fee)
    )


def _is_net_open(sample: Sample, amount: int) -> bool:
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


def _two_sides(sample: Sample, debit: int | None, credit: int | None) -> Assignment:
    """A column for each side; a minus in one is that of all debits, or takes one back."""
    roles = {role: at for role, at in ((R.DEBIT, debit), (R.CREDIT, credit)) if at is not None}
    spent: Minors = [] if debit is None else sample.numbers(debit)
    came: Minors = [] if credit is None else sample.numbers(credit)
    both = sum(1 for first, second in zip(spent, came, strict=False) if first and second)
    minus_out = _minus_out(spent)
    odd = minus_out is None or (_any_minus(came) and not _any_plus(came)) or 2 * both > len(spent)
    both_named = bool(spent and came)
    untold = SIDES_UNTOLD if odd or (both_named and 2 * both > len(spent)) else None
    return Assignment(roles, SignRule(minus_out=bool(minus_out)), untold=untold)


def _minus_out(debits: Minors) -> bool | None:
    """Whether a minus says no more than that it is a debit; else it takes one back.

    None where it is open: debits are with and without.
    """
    minus = sum(1 for each in debits if each is not None and each < 0)
    plain = sum(1 for each in debits if each is not None and each > 0)
    if minus and plain and minus > plain:
        return None
    return not plain


def _signed(sample: Sample, amount: int) -> Assignment:
    """One column of amounts, with its signs or a column of sides: without either nothing tells."""
    roles = {R.AMOUNT: amount}
    found = _side(sample, amount)
    if found is not None:
        return found
    untold = AMOUNTS_UNTOLD if _is_net_open(sample, amount) else None
    if _marks_credits_only(sample, amount) or _is_beside_letters(sample, amount):
        untold = SIDES_UNTOLD
    elif not _is_signed(sample, amount):
        untold = UNSIGNED
    if untold is None and _rivals(sample, amount):
        untold = AMOUNTS_UNTOLD
    return Assignment(roles, untold=untold) if untold else _card(sample, amount)


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


def _side(sample: Sample, amount: int) -> Assignment | None:
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
        if doubted and at in kinds and _any_minus(sample.numbers(amount)):
            continue  # the kinds of booking say less than the signs do
        return found
    if open_sides and not _is_signed(sample, amount):
        return Assignment({R.AMOUNT: amount}, untold=SIDES_UNTOLD)
    return None


def _is_beside_letters(sample: Sample, amount: int) -> bool:
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


def _with_side(sample: Sample, amount: int, at: int, sides: dict[str, int]) -> Assignment:
    said = [sides.get(side_key(cell)) for cell in sample.cells(at)]
    pairs = [
        (number, side)
        for number, side in zip(sample.numbers(amount), said, strict=True)
        if number and side
    ]
    if any(number < 0 for number, _ in pairs) and all(number * side > 0 for number, side in pairs):
        return Assignment({R.AMOUNT: amount})  # the signs say the same
    minus_out = _minus_out([number for number, side in pairs if side < 0])
    came = [number for number, side in pairs if side > 0]
    letters = at != sample.roles.get(R.SIDE) and not sides.keys() <= WORDS.keys()
    odd = (
        minus_out is None
        or (letters and any(number < 0 for number, _ in pairs))
        or (_any_minus(came) and not _any_plus(came))
    )
    return Assignment(
        {R.AMOUNT: amount, R.SIDE: at},
        SignRule(sides, minus_out=bool(minus_out)),
        untold=SIDES_UNTOLD if odd else None,
    )


def _is_signed(sample: Sample, amount: int) -> bool:
    """Whether a sign or a side stands beside an amount, or nothing moved in any row."""
    numbers = sample.numbers(amount)
    if _any_minus(numbers) or not any(numbers):
        return True
    return any(CREDIT_MARK.search(cell.strip()) for cell in sample.filled(amount))


def _marks_credits_only(sample: Sample, amount: int) -> bool:
    """Whether some amounts are marked as credits and the others not at all, as on cards' lists."""
    cells = list(map(str.strip, sample.filled(amount)))
    marked = [cell for cell in cells if SIGNED.search(cell) or cell.startswith("+")]
    few = len(cells) < LEAST_MARKED or len(marked) == len(cells) or not marked
    return not few and all(map(CREDIT_MARK.search, marked))


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


@lru_cache(maxsize=4096)
def _says_card_was_paid(cell: str) -> bool:
    """Whether that is what a cell says; a longer one may be what any payment was for."""
    return len(cell) <= LONGEST_PAID and PAID_CARD.match(cell.strip()) is not None


def _card(sample: Sample, amount: int) -> Assignment:
    """One column of amounts with signs; those of a card's list may be the other way round."""
    roles = {R.AMOUNT: amount}
    numbers = sample.numbers(amount)
    is_card = any(CARD.search(fold(name)) for name in sample.names)
    minus = sum(1 for each in numbers if each and each < 0)
    plain = sum(1 for each in numbers if each and each > 0)
    if not is_card and plain <= minus:
        return Assignment(roles)
    paid = [
        number
        for number, row in zip(numbers, sample.body, strict=True)
        if number and any(map(_says_card_was_paid, row))
    ]
    # What was paid says it, not what there is more of.
    turned = bool(paid) and all(each < 0 for each in paid) and plain >= minus - len(paid)
    if is_card and turned:
        return Assignment(roles, SignRule(turned=True), (CARD_TURNED,))
    spent_plain = plain > minus and not any(each > 0 for each in paid)
    if (is_card and spent_plain) or (turned and plain > minus):
        return Assignment(roles, untold=SIDES_UNTOLD)
    return Assignment(roles)


def _is_alone(sample: Sample, one: int) -> bool:
    """Whether a column of one side is all there is: no row has nothing there and more elsewhere."""
    numbers = sample.numbers(one)
    nothing = [at for at, each in enumerate(numbers) if not each]
    others = [*sample.unnamed_money, *sample.whole_numbers]
    elsewhere = any(
        all(sample.numbers(at)[row] for row in nothing) and _complements(sample, one, at)
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
        if found := [at for at in columns if _complements(sample, one, at)]:
            return found[0] if len(found) == 1 else None
    return None


def _complements(sample: Sample, first: int, second: int) -> bool:
    """Whether each row has an amount in one of two columns, and nothing or zero in the other."""
    pairs = zip(sample.numbers(first), sample.numbers(second), strict=True)
    return all(bool(one) != bool(other) or (one is None) != (other is None) for one, other in pairs)


def _any_minus(numbers: Sequence[int | None]) -> bool:
    return any(each is not None and each < 0 for each in numbers)


def _any_plus(numbers: Sequence[int | None]) -> bool:
    return any(each is not None and each > 0 for each in numbers)


def _all_minus(numbers: Minors) -> bool:
    return _any_minus(numbers) and not _any_plus(numbers)


def amounts_by(assignment: Assignment, sample: Sample) -> Minors:
    """Each row's amount by an assignment."""
    roles, signs = assignment.roles, assignment.signs
    nothing: Minors = [None] * len(sample.body)
    if R.AMOUNT not in roles:
        spent, came = (
            sample.numbers(roles[role]) if role in roles else nothing
            for role in (R.DEBIT, R.CREDIT)
        )
        return list(map(signs.net, spent, came))
    amounts = sample.numbers(roles[R.AMOUNT])
    if R.SIDE in roles:
        cells = sample.cells(roles[R.SIDE])
        return [
            None if each is None else signs.on_side(each, cell)
            for each, cell in zip(amounts, cells, strict=True)
        ]
    return [None if each is None else -each for each in amounts] if signs.turned else amounts


def _fitting(sample: Sample, balance: int | None, named: Sequence[int]) -> list[Assignment]:
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
        if _is_signed(sample, at):
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
        if _complements(sample, debit, credit):
            ways = product(
                {True, False},
                {False, _any_minus(sample.numbers(credit))},
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
