"""The currency of an account that only its country tells: it is taken, and it is said."""

from core.bilingual import Bilingual
from core.documents.model import Finding


def currency_by_country(currency: str, account: str) -> Finding:
    """What is said where a file names no currency, and its account's country has this one."""
    return Finding(
        "currency_by_country",
        Bilingual(
            f"The file does not name the currency of its amounts. They were taken to be in"
            f" {currency}, the currency of the country of account {account}; an account there may"
            " be kept in another.",
            f"Die Datei nennt keine Währung für ihre Beträge. Angenommen wurde {currency}, die"
            f" Währung des Landes von Konto {account}; dort können Konten auch in anderen"
            " Währungen geführt werden.",
        ),
    )
