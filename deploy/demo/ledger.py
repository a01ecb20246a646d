"""The made-up ledger: what each booking economically is, and what the bank prints about it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from deploy.demo.people import Party


class Label(StrEnum):
    """What a booking economically is, whatever its text and codes say."""

    REVENUE = "revenue"
    COLLECTION = "collection"
    CASH_DEPOSIT = "cash_deposit"
    LOAN_DISBURSEMENT = "loan_disbursement"
    OWNER_INJECTION = "owner_injection"
    OWN_TRANSFER = "own_transfer"
    REFUND_RECEIVED = "refund_received"
    OWN_DEBIT_RETURNED = "own_debit_returned"
    TRANSFER_RETURNED = "transfer_returned"
    TAX_REFUND = "tax_refund"
    INSURANCE_BENEFIT = "insurance_benefit"
    STATE_BENEFIT = "state_benefit"
    INTEREST_RECEIVED = "interest_received"
    INVESTMENT_INCOME = "investment_income"
    GAMBLING = "gambling"
    SUPPLIER = "supplier"
    SALARY = "salary"
    TAX = "tax"
    SOCIAL_SECURITY = "social_security"
    LOAN_SERVICE = "loan_service"
    RENT = "rent"
    LEASING = "leasing"
    INSURANCE = "insurance"
    FEES = "fees"
    CUSTOMER_DEBIT_RETURNED = "customer_debit_returned"
    REFUND_PAID = "refund_paid"
    CASH_WITHDRAWAL = "cash_withdrawal"
    SEIZURE = "seizure"
    OWNER_DRAW = "owner_draw"
    INVESTMENT = "investment"
    REVERSAL = "reversal"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank and its habits: how its files differ from another's.

    `flips` says that a reversal carries the direction of the booking it corrects instead of its
    own; `keeps_roles` that a returned payment still names who paid and who was paid at first;
    `shouts` that names and texts come in capitals; `names_both` that the company itself is named
    beside the other side; `gvc_inside` that the GVC stands with the payment, not the entry.
    """

    name: str
    bic: str
    code: str
    version: Literal["02", "08"]
    issuer: str
    gives_gvc: bool
    flips: bool
    keeps_roles: bool
    sepa_keys: bool
    shouts: bool
    names_both: bool
    gvc_inside: bool


@dataclass(frozen=True, slots=True)
class Account:
    """One of the company's accounts; amounts are in cents.

    It lives from `opened` to `closed`, both inclusive; None where the story does not tell.
    """

    iban: str
    bank: Bank
    credit_line: int
    opening: int
    opened: date | None = None
    closed: date | None = None

    def lives_in(self, month: date) -> bool:
        """Whether it lives in the month that begins on that day."""
        return not (
            (self.opened is not None and self.opened.replace(day=1) > month)
            or (self.closed is not None and self.closed < month)
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """What the bank prints of a booking: codes, text and names, true or blurred."""

    gvc: str | None
    iso: str | None
    text: str
    remittance: str
    name: str | None
    iban: str | None
    end_to_end: str | None = None
    mandate: str | None = None
    reason: str | None = None
    reversal_mark: bool = False


@dataclass(frozen=True, slots=True)
class BatchPart:
    """One payment inside a batch booking; `amount` is signed cents."""

    amount: int
    party: Party
    remittance: str
    end_to_end: str
    mandate: str | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking; `amount` is signed cents, money in is positive.

    `reference` is unique and printed as the bank's own. `origin` names the booking that this one
    returns or reverses; `undone_by` the reversal that took this one back.
    """

    reference: str
    account: str
    booked_on: date
    valued_on: date
    amount: int
    label: Label
    party: Party | None
    printed: Printed
    speaks: bool
    parts: tuple[BatchPart, ...] = ()
    origin: str | None = None
    undone_by: str | None = None
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """All bookings of all accounts in the order in which the banks booked them."""

    bookings: tuple[Booking, ...]
    _of: dict[str, tuple[Booking, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the bookings by account once; statements ask for them often."""
        accounts: dict[str, list[Booking]] = {}
        for booking in self.bookings:
            accounts.setdefault(booking.account, []).append(booking)
        object.__setattr__(self, "_of", {iban: tuple(of) for iban, of in accounts.items()})

    def of(self, account: Account) -> tuple[Booking, ...]:
        """The bookings of one account, pending ones included."""
        return self._of.get(account.iban, ())

    def balance(self, account: Account, before: date) -> int:
        """What stood on the account when that day began, in cents."""
        booked = (b for b in self.of(account) if not b.pending and b.booked_on < before)
        return account.opening + sum(b.amount for b in booked)
