"""The sign of an OFX booking: by what is written before its amount, and by what its kind says.

Amounts bear their sign in OFX. Where the kind of a booking says otherwise, the ledger's balances
decide, if those of two statements of the account stand in the file. Without them an amount's own
sign holds, and it is told; but a file in which no amount has a minus, though some kinds say debit
and others credit, bears no signs at all: there the kinds are all that tells them, and each must.
Likewise where each debit and each credit has the other sign than its kind: all of them are turned.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import attrgetter, lt, mul

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.errors import Unreadable
from core.statements.model import Balance, Transaction

AMOUNT, PARTICULARS = attrgetter("amount"), attrgetter("particulars")
SIDES: dict[str | None, int] = {
    **dict.fromkeys(("CREDIT", "DEP", "DIRECTDEP", "DIV"), 1),
    **dict.fromkeys(
        ("DEBIT", "FEE", "SRVCHG", "ATM", "POS", "CHECK", "PAYMENT", "DIRECTDEBIT"), -1
    ),
}  # what else there is may be either
PAID = "PAYMENT"  # to a card it is a credit


class SignedBookings:
    """The bookings of a statement, and what was odd about them, with the signs that they have."""

    def __init__(self, items: Sequence[Finding | Transaction], *, of_card: bool) -> None:
        self.items = items
        self._of_card = of_card
        self.proven = False
        """Whether balances say that each of them was booked."""

    def settle(
        self, account: str, opening: Balance | None, closing: Balance | None
    ) -> Iterator[Finding]:
        """Give the bookings the signs that fit; what is odd about that.

        `opening` is what the account's statement before closed with. Raises Unreadable where
        nothing tells a sign.
        """
        bookings = [each for each in self.items if isinstance(each, Transaction)]
        sides = self._sides_of(bookings)
        contrary = sum(map(lt, map(mul, sides, map(AMOUNT, bookings)), repeat(0)))
        if opening and closing and opening.on <= closing.on:
            booked = [each for each in bookings if not each.pending]
            moved = closing.amount - opening.amount
            if moved == sum(each.amount for each in booked):
                self.proven = True
                return
            if contrary and moved == sum(self._named(each).amount for each in booked):
                self.proven = True
                yield self._by_kind(account, contrary)
                return
        if not contrary:
            return
        turned = contrary == len(bookings) and len(set(sides)) > 1
        signed = any(each.amount < 0 for each in bookings) or 1 not in sides
        if signed and not turned:
            yield _told(account, contrary)
            return
        if any(not side and each.amount for side, each in zip(sides, bookings, strict=True)):
            raise Unreadable(SIGNS_UNKNOWN, code="signs_unknown")
        yield self._by_kind(account, contrary)

    def _sides_of(self, bookings: Iterable[Transaction]) -> list[int]:
        """1 for a kind that is a credit, -1 for one that is a debit, 0 for what may be either."""
        sides = SIDES | {PAID: 1} if self._of_card else SIDES
        told = map(PARTICULARS, bookings)
        return [sides.get(each.booking_key, 0) if each else 0 for each in told]

    def _named(self, each: Transaction) -> Transaction:
        (side,) = self._sides_of([each])
        return each._replace(amount=side * abs(each.amount)) if side * each.amount < 0 else each

    def _by_kind(self, account: str, contrary: int) -> Finding:
        self.items = [
            self._named(each) if isinstance(each, Transaction) else each for each in self.items
        ]
        return Finding(
            "signs_by_kind",
            Bilingual(
                f"The amounts of account {account} do not bear the signs of their bookings:"
                f" {contrary} were taken as debits or credits by the kind that is named.",
                f"Die Beträge des Kontos {account} tragen nicht das Vorzeichen ihrer Buchungen:"
                f" {contrary} wurden nach der genannten Art als Belastung oder Gutschrift"
                " gelesen.",
            ),
        )


SIGNS_UNKNOWN = Bilingual(
    "No amount in the OFX file has a minus, though some bookings are called debits; of others it is"
    " not said which side they are on. Send the bank's CAMT.053, MT940 or PDF statements instead.",
    "Kein Betrag in der OFX-Datei hat ein Minus, obwohl einige Buchungen Belastungen heißen; von"
    " anderen ist nicht gesagt, auf welcher Seite sie stehen. Bitte stattdessen die Kontoauszüge"
    " der Bank als CAMT.053, MT940 oder PDF senden.",
)


def _told(account: str, contrary: int) -> Finding:
    return Finding(
        "sign_contradicted",
        Bilingual(
            f"Of {contrary} bookings of account {account} the kind (TRNTYPE) says the other side"
            " than the sign of the amount. They were taken by their sign.",
            f"Bei {contrary} Buchungen des Kontos {account} nennt die Art (TRNTYPE) die andere"
            " Seite als das Vorzeichen des Betrags. Es gilt das Vorzeichen.",
        ),
    )
