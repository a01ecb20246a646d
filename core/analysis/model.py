"""What a business's bookings amount to: their kinds, the figures, and what is missing for one.

All amounts are signed integers in the currency's minor unit; all dates are booking dates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from uuid import UUID

from core.statements.model import Detail, Transaction

Json: TypeAlias = "int | str | list[Json] | dict[str, Json] | None"


class Category(StrEnum):
    """What a booking economically is."""

    REVENUE = "revenue"
    COLLECTION = "collection"
    CASH_DEPOSIT = "cash_deposit"
    LOAN_DISBURSEMENT = "loan_disbursement"
    OWNER_INJECTION = "owner_injection"
    REFUND_RECEIVED = "refund_received"
    OWN_DEBIT_RETURNED = "own_debit_returned"
    TRANSFER_RETURNED = "transfer_returned"
    TAX_REFUND = "tax_refund"
    INSURANCE_BENEFIT = "insurance_benefit"
    STATE_BENEFIT = "state_benefit"
    INTEREST_RECEIVED = "interest_received"
    INVESTMENT_INCOME = "investment_income"

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
    OWNER_DRAW = "owner_draw"
    INVESTMENT = "investment"

    OWN_TRANSFER = "own_transfer"
    GAMBLING = "gambling"
    SEIZURE = "seizure"
    REVERSAL = "reversal"
    REVERSED = "reversed"


EARNED = frozenset({Category.REVENUE, Category.COLLECTION, Category.CASH_DEPOSIT})
"""Credits that count as revenue."""


class UnlabelledBooking(NamedTuple):
    """What a booking says of itself: its transaction and the account it stands on."""

    account: str
    booked_on: date
    amount: int
    pending: bool = False
    reversal: bool = False
    counterparty: str | None = None
    counterparty_account: str | None = None
    remittance: str = ""
    gvc: str | None = None
    iso: str | None = None
    return_reason: str | None = None
    details: tuple[Detail, ...] = ()

    @classmethod
    def of(cls, account: str, transaction: Transaction) -> "UnlabelledBooking":
        """A transaction on the account of this number."""
        return cls.__new__(  # by keywords the class itself takes twice as long
            cls,
            account=account,
            booked_on=transaction.booked_on,
            amount=transaction.amount,
            pending=transaction.pending,
            reversal=transaction.reversal,
            counterparty=transaction.counterparty,
            counterparty_account=transaction.counterparty_account,
            remittance=transaction.remittance,
            gvc=transaction.gvc,
            iso=transaction.iso,
            return_reason=transaction.return_reason,
            details=transaction.details,
        )


class BookingLabel(NamedTuple):
    """What a booking is; `bounced` says of an own payment that it came back and was never paid."""

    category: Category
    bounced: bool = False


class Booking(NamedTuple):
    """One labelled booking that is not pending."""

    id: UUID
    account: str
    booked_on: date
    amount: int
    category: Category
    bounced: bool = False
    counterparty: str | None = None
    counterparty_account: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The days one statement covers, both inclusive, and the balances it starts and ends with.

    `difference` is closing - (opening + bookings), None where a balance is missing; `unread_rows`
    may be bookings of it.
    """

    statement: UUID
    account: str
    starts_on: date
    ends_on: date
    opening: int | None
    closing: int | None
    difference: int | None
    unread_rows: int = 0


class ReservationKind(StrEnum):
    """What an answer is given subject to."""

    GAP = "gap"
    ACCOUNT_MISSING = "account_missing"
    ACCOUNT_LEFT_OUT = "account_left_out"
    NOT_RECONCILED = "not_reconciled"
    ROWS_NOT_READ = "rows_not_read"
    DOCUMENT_ALTERED = "document_altered"
    DOCUMENT_DOUBTFUL = "document_doubtful"
    KIND_DIFFERS = "kind_differs"


@dataclass(frozen=True, slots=True)
class Reservation:
    """One thing that a figure is subject to: of which account, days (inclusive) or document."""

    kind: ReservationKind
    account: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    holder: str | None = None
    document: UUID | None = None
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentDoubt:
    """What speaks against a document, and which statements it holds."""

    kind: ReservationKind
    document: UUID
    filename: str
    statements: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class FigureInputs:
    """All that the figures of one application rest on, in one currency; pending ones left out.

    `declared_lenders` is None where the applicant did not say. `left_out` are the accounts of
    other holders, each with its holder, that nobody ruled on; `doubts` speak against documents.
    """

    currency: str
    periods: tuple[Period, ...]
    bookings: tuple[Booking, ...]
    declared_lenders: tuple[str, ...] | None = None
    left_out: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[DocumentDoubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Whole calendar months, from the first day of the first to the last day of the last."""

    starts_on: date
    ends_on: date

    @property
    def months(self) -> int:
        """How many whole months the window has."""
        years = self.ends_on.year - self.starts_on.year
        return years * 12 + self.ends_on.month - self.starts_on.month + 1

    @property
    def days(self) -> int:
        """How many calendar days the window has."""
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True, slots=True)
class Life:
    """The first and the last day of an account, both inclusive; None where it is not known."""

    opened_on: date | None = None
    closed_on: date | None = None

    def within(self, window: Window) -> bool:
        """Whether it lives on any day of the window."""
        return not (
            (self.opened_on is not None and self.opened_on > window.ends_on)
            or (self.closed_on is not None and self.closed_on < window.starts_on)
        )


class AnswerState(StrEnum):
    """Whether a figure or a question could be answered."""

    ANSWERED = "answered"
    NOT_ANSWERABLE = "not_answerable"


class Basis(StrEnum):
    """What a figure is about, which says how far what is wrong with statements harms it."""

    FLOWS = "flows"
    BALANCES = "balances"
    STATEMENTS = "statements"


class Unit(StrEnum):
    """What a figure counts; money is in minor units, ratios have four decimals."""

    MONEY = "money"
    COUNT = "count"
    RATIO = "ratio"
    DAYS = "days"
    MONTHS = "months"


class NoValueReason(StrEnum):
    """Why a figure has no value."""

    NO_STATEMENTS = "no_statements"
    NO_WHOLE_MONTH = "no_whole_month"
    NO_BALANCES = "no_balances"
    NO_COLLECTIONS = "no_collections"
    NOTHING_DECLARED = "nothing_declared"
    TOO_FEW_MONTHS = "too_few_months"
    NO_REVENUE_TO_COMPARE = "no_revenue_to_compare"
    INCOMPLETE = "incomplete"
    NOT_RECONCILED = "not_reconciled"
    ROWS_NOT_READ = "rows_not_read"


class MissingKind(StrEnum):
    """The kind of document that would settle what is open."""

    STATEMENTS = "statements"
    STATEMENTS_WITH_BALANCES = "statements_with_balances"
    STATEMENT_AGAIN = "statement_again"
    LENDERS = "lenders"


@dataclass(frozen=True, slots=True)
class Missing:
    """A document that would settle a figure; account and dates (inclusive) where they are known."""

    kind: MissingKind
    account: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number about the business, by which formula, over which window, resting on what.

    `value` is minor units for money, a Decimal of four decimals for ratios, else a count.
    `evidence` are the bookings, `statements` the statements that it rests on. Where there are
    `reservations`, a value is provisional.
    """

    id: str
    version: int
    unit: Unit
    currency: str
    window: Window | None
    state: AnswerState
    value: int | Decimal | None
    reason: NoValueReason | None = None
    missing: tuple[Missing, ...] = ()
    detail: Mapping[str, Json] = field(default_factory=dict)
    evidence: tuple[UUID, ...] = ()
    statements: tuple[UUID, ...] = ()
    reservations: tuple[Reservation, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether it has a value, but not for certain: what it is subject to may change it."""
        return self.state is AnswerState.ANSWERED and bool(self.reservations)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the window: what came in, what went out (positive), what stood at its end.

    Own transfers and reversed bookings are in the balance only.
    """

    starts_on: date
    inflow: int
    outflow: int
    revenue: int
    balance: int | None
