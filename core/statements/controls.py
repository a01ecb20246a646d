"""The sums that a statement itself says that its bookings have, held to those that were read."""

from collections.abc import Iterator, Sequence

from core import money
from core.bilingual import Bilingual
from core.documents import Finding
from core.statements.model import ControlSums, Statement, Transaction


def control_findings(head: Statement, bookings: Sequence[Transaction]) -> Iterator[Finding]:
    """A finding for each number or total that a statement says and that its bookings have not."""
    said = head.controls
    if said is None:
        return
    all_found = [_counted(bookings), _counted([each for each in bookings if not each.pending])]
    if any(_agrees(said, found) for found in all_found):
        return
    found = all_found[0]
    for name, (en, de) in WORDS.items():
        stated, read = getattr(said, name), getattr(found, name)
        if stated is not None and stated != read:
            yield _differs(head, Bilingual(en, de), stated, read, is_money="total" in name)


WORDS = {
    "bookings": ("entries", "Buchungen"),
    "total": ("entries in sum", "Buchungen in Summe"),
    "credits": ("credit entries", "Gutschriften"),
    "credit_total": ("credit entries in sum", "Gutschriften in Summe"),
    "debits": ("debit entries", "Belastungen"),
    "debit_total": ("debit entries in sum", "Belastungen in Summe"),
}


def _agrees(said: ControlSums, found: ControlSums) -> bool:
    return all(stated in (None, read) for stated, read in zip(said, found, strict=True))


def _counted(bookings: Sequence[Transaction]) -> ControlSums:
    credits_ = [each.amount for each in bookings if each.amount > 0]
    debits = [-each.amount for each in bookings if each.amount < 0]
    return ControlSums(
        bookings=len(bookings),
        total=sum(credits_) + sum(debits),
        credits=len(credits_),
        credit_total=sum(credits_),
        debits=len(debits),
        debit_total=sum(debits),
    )


def _differs(
    head: Statement, what: Bilingual, stated: int, read: int, *, is_money: bool
) -> Finding:
    account, currency = head.account.number, head.account.currency
    numbers = [
        f"{money.digits(each, currency)} {currency}" if is_money else str(each)
        for each in (stated, read)
    ]
    return Finding(
        "control_sums",
        Bilingual(
            f"The statement's own summary for account {account} says {numbers[0]} {what.en}; in the"
            f" file there are {numbers[1]}. Some may be missing.",
            f"Die Zusammenfassung des Auszugs zum Konto {account} nennt {numbers[0]} {what.de}; in"
            f" der Datei sind es {numbers[1]}. Es können welche fehlen.",
        ),
    )
