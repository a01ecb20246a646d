"""Whether a statement's bookings lead from its opening balance to its closing balance."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import UNKNOWN_CURRENCY
from core.statements.model import Balance, Transaction


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How a statement stands to its balances: `reconciles`, `differs` or `no_balance`.

    `difference` is closing − (opening + Σ booked) in minor units, 0 where there is nothing to
    compare; `flipped` says that its reversals count with the opposite sign of what they bear.
    """

    state: str
    difference: int
    flipped: bool


def choose_sign(
    opening: Balance | None,
    closing: Balance | None,
    transactions: Sequence[Transaction],
    currency: str = UNKNOWN_CURRENCY,
) -> tuple[list[Transaction], Reconciliation]:
    """The bookings with their reversals signed such that opening + Σ = closing.

    Banks disagree whether CdtDbtInd is a reversal's own side or that of the payment it undoes.
    As given wins where it fits, flipped where only that does; where neither fits they stay as
    given and differ. Pending bookings never count. With a balance missing, or bookings in
    several currencies or in another than the account's, there is nothing to hold them to:
    `no_balance`.
    """
    as_given = list(transactions)
    booked = [each for each in as_given if not each.pending]
    currencies = {each.currency for each in booked}
    if booked and currency != UNKNOWN_CURRENCY:
        currencies.add(currency)
    if opening is None or closing is None or len(currencies) > 1:
        return as_given, Reconciliation("no_balance", 0, flipped=False)
    difference = closing.amount - opening.amount - sum(each.amount for each in booked)
    if difference == 0:
        return as_given, Reconciliation("reconciles", 0, flipped=False)
    reversed_ = sum(each.amount for each in booked if each.reversal)
    if difference == -2 * reversed_:
        flipped = [
            each._replace(amount=-each.amount) if each.reversal else each for each in as_given
        ]
        return flipped, Reconciliation("reconciles", 0, flipped=True)
    return as_given, Reconciliation("differs", difference, flipped=False)
