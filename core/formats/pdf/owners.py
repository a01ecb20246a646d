"""Whose account a table is of: a bank's, or one that others keep, by what its rows tell."""

import re

from core.errors import Unreadable
from core.formats.papers import judge
from core.formats.pdf.printed_statement import PrintedStatement

MOSTLY = 0.8  # of the rows: so many tell whose account it is
PLANNED = re.compile(
    r"(?:plan(?:ung|wert|zahl)?|geplant\w*|forecast|planned|budget|prévu|previst[oa])\b"
)
INVOICE = re.compile(
    r"(?:(?:ausgangs|eingangs|storno)?-?rechnung\w*|re(?:chnungs)?-?nr\b|invoice|inv\b|facture|fattura"
    r"|factura|factuur|faktura|credit note|mahngebühr\w*|avoir\b)"
)
PAYMENT = re.compile(
    r"(?:zahlung\w*|skonto|payment|receipt|paiement|règlement|pagamento|pago\b|betaling)"
)


def refusal(printed: PrintedStatement) -> Unreadable | None:
    """Why a printed account is none of a bank's, by its own rows: what they tell, how they add."""
    texts = [
        " ".join(word.text for word in row.text[0]).lower() for row in printed.rows if row.text
    ]
    if printed.is_turned:
        return judge.in_own_books()
    most = MOSTLY * len(printed.rows)
    planned, invoices, payments = (
        sum(each.match(text) is not None for text in texts) for each in (PLANNED, INVOICE, PAYMENT)
    )
    if texts and planned >= most:
        return judge.planned()
    items = invoices + payments
    if printed.head.account is None and invoices and items >= most:
        return judge.of_open_items()
    return None
