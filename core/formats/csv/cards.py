"""Lists of a card, on which what was spent may have no minus and what was paid may have one."""

import re
from collections.abc import Sequence
from functools import lru_cache

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.formats.csv.assignment import SIDES_UNTOLD, Assignment
from core.formats.csv.columns import SignRule
from core.formats.csv.headers import ColumnRole, fold
from core.formats.csv.sample import Sample

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
TRADED = ("transdate", "transactiondate", "tradedate")
POSTED = ("postdate", "posteddate", "postingdate")
LONGEST_PAID = 60
CARD_TURNED = Finding(
    "card_signs_turned",
    Bilingual(
        "On this card's list what was spent has no minus and what was paid has one: the signs were"
        " turned.",
        "Auf dieser Kartenliste steht Ausgegebenes ohne und Bezahltes mit Minus: Die Vorzeichen"
        " wurden umgekehrt.",
    ),
)


def read_card(sample: Sample, amount: int) -> Assignment:
    """One column of amounts with signs; those of a card's list may be the other way round."""
    roles = {ColumnRole.AMOUNT: amount}
    numbers = sample.numbers(amount)
    names = [*map(fold, sample.names)]
    is_card = any(map(CARD.search, names)) or _is_by_days(names)
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


def _is_by_days(names: Sequence[str]) -> bool:
    """Whether a list has the days of a card's: of the purchase and of its posting, and its kind."""
    return "category" in names and all(map(set(names).intersection, (TRADED, POSTED)))


@lru_cache(maxsize=4096)
def _says_card_was_paid(cell: str) -> bool:
    """Whether that is what a cell says; a longer one may be what any payment was for."""
    return len(cell) <= LONGEST_PAID and PAID_CARD.match(cell.strip()) is not None
