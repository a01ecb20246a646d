"""Whose account a table is of: a bank's, or one that others keep, by what its rows tell."""

import re
from collections.abc import Sequence

from core.errors import Unreadable
from core.formats.papers import judge
from core.formats.papers.titles import PLANNED
from core.formats.pdf.printed_statement import PrintedRow, PrintedStatement

SEVERAL = 4  # rows: of fewer it may be chance on which side each stands
MOSTLY = 0.8  # of the rows: so many tell whose account it is
PLAN = re.compile(rf"plan\b|{PLANNED.pattern}")
INVOICE = re.compile(
    r"(?:(?:ausgangs|eingangs|storno)?-?rechnung\w*|re(?:chnungs)?-?nr\b|invoice|inv\b|facture|fattura"
    r"|factura|factuur|faktura|credit note|mahngebühr\w*|avoir\b)"
)
PAYMENT = re.compile(
    r"(?:zahlung\w*|skonto|payment|receipt|paiement|règlement|pagamento|pago\b|betaling|zapłata|wpłata)"
)


def refusal(printed: PrintedStatement) -> Unreadable | None:
    """Why a printed account is none of a bank's, by its own rows: what they tell, how they add."""
    texts = [text for row in printed.rows if (text := _text(row))]
    if printed.is_turned:
        return judge.not_banks(judge.IN_OWN_BOOKS)
    most = MOSTLY * len(printed.rows)
    planned, invoices, payments = (
        sum(each.match(text) is not None for text in texts) for each in (PLAN, INVOICE, PAYMENT)
    )
    if texts and planned >= most:
        return judge.not_banks(judge.PLANNED)
    if invoices and invoices + payments >= most:
        head = printed.head
        if head.account is None or (head.bank is None and _on_sides(printed.rows)):
            return judge.not_banks(judge.OPEN_ITEMS)
    return None


def _on_sides(rows: Sequence[PrintedRow]) -> bool:
    """Whether invoices all raise a balance that payments lower, or the other way round."""
    if len(rows) < SEVERAL:
        return False
    signs: tuple[set[bool], set[bool]] = set(), set()
    for row in rows:
        text = _text(row)
        for pattern, found in zip((INVOICE, PAYMENT), signs, strict=True):
            if row.amount and pattern.match(text):
                found.add(row.amount > 0)
    return all(len(each) == 1 for each in signs) and signs[0] != signs[1]


def _text(row: PrintedRow) -> str:
    """The first line of what a row tells."""
    return " ".join(word.text for word in row.text[0]).lower() if row.text else ""
