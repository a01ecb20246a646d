"""Amounts whose file names no currency, once it is known which they are in.

A parser keeps them as fine as any currency is (`UNKNOWN_CURRENCY`): nothing is guessed or lost.
"""

from collections.abc import Iterable

from core import money
from core.bilingual import Bilingual
from core.errors import Unreadable
from core.money import UNKNOWN_CURRENCY
from core.statements.model import Balance, Transaction

BALANCE = Bilingual("A balance", "Ein Saldo")


def rows_in(currency: str, transactions: Iterable[Transaction]) -> list[Transaction]:
    """The bookings, of which all that name no currency are in this one; raises Unreadable."""
    return [
        each if each.currency != UNKNOWN_CURRENCY else _row_in(currency, each)
        for each in transactions
    ]


def balance_in(currency: str, balance: Balance | None) -> Balance | None:
    """A balance that names no currency, in this one; raises Unreadable where it is finer."""
    return balance and balance._replace(amount=minor_in(currency, balance.amount, BALANCE))


def minor_in(currency: str, minor: int, what: Bilingual) -> int:
    """The same amount in minor units of this currency; Unreadable names `what` it is."""
    try:
        return money.to_currency(minor, currency)
    except money.BadAmount as problem:
        raise Unreadable(
            Bilingual(
                f"{what.en}, beside which no currency stands, cannot be kept: {problem.reason.en}.",
                f"{what.de}, ohne Angabe einer Währung, kann nicht übernommen werden:"
                f" {problem.reason.de}.",
            )
        ) from None


def _row_in(currency: str, transaction: Transaction) -> Transaction:
    start = transaction.evidence.start
    what = Bilingual(
        f"The amount in the row at byte {start}", f"Der Betrag in der Zeile ab Byte {start}"
    )
    return transaction._replace(
        amount=minor_in(currency, transaction.amount, what), currency=currency
    )
