"""What is said of what an invoice tells and is not kept of it."""

from collections.abc import Sequence

from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable

MOST_LISTED = 3


def amount(name: Bilingual, currency: str, unit: str) -> Finding:
    """That a total is told in another currency than the invoice's, and in no other."""
    return Finding(
        "invoice_other_currency",
        Bilingual(
            f"The invoice is in {currency}, but its {name.en} is told in {unit[:10]}; it was left"
            " out.",
            f"Die Rechnung lautet auf {currency}, eine Angabe aber auf {unit[:10]} ({name.de}); sie"
            " wurde ausgelassen.",
        ),
    )


def accounts(others: Sequence[str]) -> Finding:
    """That an invoice names these accounts to pay to besides the first."""
    listed = ", ".join(each[:34] for each in others[:MOST_LISTED])
    return Finding(
        "several_payee_accounts",
        Bilingual(
            f"The invoice names more than one account to pay to; besides the first: {listed}.",
            f"Die Rechnung nennt mehr als ein Konto des Empfängers; außer dem ersten: {listed}.",
        ),
    )


def no_currency(named: str) -> Unreadable:
    """Why an invoice is refused that names as its currency what is none."""
    return Unreadable(
        Bilingual(
            f"What the invoice names as its currency is none: {named[:20]!r}. A currency is named"
            " by three letters, such as EUR.",
            f"Was die Rechnung als Währung nennt, ist keine: {named[:20]!r}. Eine Währung wird mit"
            " drei Buchstaben genannt, etwa EUR.",
        ),
        code="invoice_incomplete",
    )
