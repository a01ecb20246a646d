"""What a table's columns of amounts may be: which hold them, and how they say the sign."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.formats.csv.columns import SignRule, Untold
from core.formats.csv.headers import ColumnRole
from core.formats.csv.proofs import Minors
from core.formats.csv.sample import Sample

R = ColumnRole
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


class Assignment(NamedTuple):
    """Which columns hold a booking's amount, and how they say its sign."""

    roles: dict[ColumnRole, int]
    signs: SignRule = SignRule()
    findings: tuple[Finding, ...] = ()
    untold: Untold | None = None


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


def is_signed(sample: Sample, amount: int) -> bool:
    """Whether a sign or a side stands beside an amount, or nothing moved in any row."""
    numbers = sample.numbers(amount)
    if any_minus(numbers) or not any(numbers):
        return True
    return any(CREDIT_MARK.search(cell.strip()) for cell in sample.filled(amount))


def complement_each_other(sample: Sample, first: int, second: int) -> bool:
    """Whether each row has an amount in one of two columns, and nothing or zero in the other."""
    pairs = zip(sample.numbers(first), sample.numbers(second), strict=True)
    return all(bool(one) != bool(other) or (one is None) != (other is None) for one, other in pairs)


def any_minus(numbers: Sequence[int | None]) -> bool:
    return any(each is not None and each < 0 for each in numbers)


def any_plus(numbers: Sequence[int | None]) -> bool:
    return any(each is not None and each > 0 for each in numbers)


def all_minus(numbers: Minors) -> bool:
    return any_minus(numbers) and not any_plus(numbers)
