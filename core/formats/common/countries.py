"""The currency of an account that only its country tells: it is taken, and it is said."""

from core.bilingual import Bilingual
from core.documents.model import Finding


def currency_by_country(currency: str, account: str) -> Finding:
    """What is said where a file names no currency, and its account's country has this one."""
    return Finding(
        "currency_by_country",
        Bilingual(
            "No currency stands beside the amounts, above them or at the balances. They were taken"
            f" to be in {currency}, the currency of the country of account {account}; an account"
            " there may be kept in another.",
            "Weder neben den Beträgen noch darüber oder bei den Salden steht eine Währung."
            f" Angenommen wurde {currency}, die"
            f" Währung des Landes von Konto {account}; dort können Konten auch in anderen"
            " Währungen geführt werden.",
        ),
    )
