"""Bookings that a list tells twice or takes back, told by the number (FITID) a bank gives to each.

One number stands for one booking: of bookings alike to the letter one counts. Where a number stands
for bookings that differ, it tells nothing, all of them count, and it is said. Where the balances
agree with all of a list, all of it counts.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import compress
from operator import itemgetter, ne
from typing import NamedTuple

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.statements.model import Transaction

FITID = Transaction._fields.index("bank_reference")
NUMBER = itemgetter(FITID)
ALIKE = itemgetter(
    *map(
        Transaction._fields.index,
        ("booked_on", "amount", "currency", "pending", "counterparty", "remittance"),
    )
)


class Correction(NamedTuple):
    """By its FITID, the booking that another changes, and whether that only takes it back."""

    corrects: str
    deletes: bool


class ListedBookings(NamedTuple):
    """A list's bookings, those that it tells once more, and what was odd about that."""

    once: Sequence[Finding | Transaction]
    again: Sequence[Transaction] = ()
    findings: Sequence[Finding] = ()


def told_once(account: str, items: Sequence[Finding | Transaction]) -> ListedBookings:
    """The bookings of a list, each of them once."""
    bookings = [each for each in items if isinstance(each, Transaction) and each[FITID]]
    numbers = list(map(NUMBER, bookings))
    first = dict(zip(reversed(numbers), reversed(bookings), strict=True))
    if len(first) == len(bookings):
        return ListedBookings(items)
    later = [
        each for number, each in zip(numbers, bookings, strict=True) if first[number] is not each
    ]
    firsts = [first[NUMBER(each)] for each in later]
    differ = map(ne, map(ALIKE, firsts), map(ALIKE, later))
    differing = set(map(NUMBER, compress(later, differ)))
    again = [each for each in later if NUMBER(each) not in differing] if differing else later
    left_out = set(map(id, again))
    once = [each for each in items if id(each) not in left_out]
    return ListedBookings(once, again, [_reused(account, differing)] if differing else ())


def corrected(
    account: str, items: Sequence[Finding | Transaction], corrections: Mapping[str, Correction]
) -> ListedBookings:
    """The bookings without those that others of the list replace, or take back."""
    gone = {each.corrects for each in corrections.values()}
    gone |= {number for number, each in corrections.items() if each.deletes}
    left = [each for each in items if not (isinstance(each, Transaction) and each[FITID] in gone)]
    listed = {each[FITID] for each in items if isinstance(each, Transaction)}
    return ListedBookings(
        left,
        (),
        [_correction(account, each, each.corrects in listed) for each in corrections.values()],
    )


def _reused(account: str, numbers: Collection[str]) -> Finding:
    some = ", ".join(sorted(numbers)[:3])
    return Finding(
        "reference_reused",
        Bilingual(
            f"Account {account}: the file gives one number (FITID) to bookings that differ:"
            f" {some}. All of them were counted; send another export if some are one booking.",
            f"Konto {account}: Die Datei gibt verschiedenen Buchungen dieselbe Nummer (FITID:"
            f" {some}). Alle wurden gezählt; bitte einen anderen Export senden, falls mehrere"
            " davon eine Buchung sind.",
        ),
    )


def _correction(account: str, correction: Correction, listed: bool) -> Finding:
    number = correction.corrects
    if listed:
        en, de = "It was left out.", "Sie wurde ausgelassen."
    else:
        en = "It is not in this file; if another has it, it counts there still."
        de = "Sie steht nicht in dieser Datei; steht sie in einer anderen, zählt sie dort weiter."
    verb_en, verb_de = (
        ("takes back", "nimmt die Bank zurück")
        if correction.deletes
        else ("replaces", "ersetzt die Bank")
    )
    return Finding(
        "booking_corrected",
        Bilingual(
            f"Account {account}: the bank {verb_en} its booking {number}. {en}",
            f"Konto {account}: Die Buchung {number} {verb_de}. {de}",
        ),
    )
