"""What a bank statement says, whatever its format: accounts, balances, transactions."""

from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from core.bilingual import Bilingual
from core.documents.model import Finding, Recognised
from core.evidence import Box, Bytes

UNNAMED = "unnamed"
"""The number of an account whose file does not say it; on record its document's id is added."""


NO_REFERENCE = frozenset(("", "NONREF", "NOTPROVIDED"))
"""What stands in files where a booking has no reference."""


class Account(NamedTuple):
    """The account a statement is about; `number` is its IBAN, else what the bank calls it."""

    number: str
    currency: str
    holder: str | None = None
    bank: str | None = None


class Balance(NamedTuple):
    """What stood on the account at the start (opening) or end (closing) of a day, signed."""

    amount: int
    on: date


class Detail(NamedTuple):
    """One of the payments inside a batch booking; shown, never summed beside its booking."""

    amount: int | None
    currency: str | None
    counterparty: str | None
    counterparty_account: str | None
    remittance: str


class Particulars(NamedTuple):
    """What a booking bears beside its text: SEPA's references, and how it was ordered and keyed.

    `purpose` is an ISO 20022 code such as `SALA`; `original_amount` is unsigned, in minor units of
    `original_currency`, and what was ordered where that is not what was booked; `booking_key` is
    the bank's own code of the booking, such as `NTRF` or `051`.
    """

    purpose: str | None = None
    creditor_id: str | None = None
    mandate: str | None = None
    end_to_end_id: str | None = None
    original_amount: int | None = None
    original_currency: str | None = None
    booking_key: str | None = None

    @classmethod
    def of(
        cls,
        purpose: str | None,
        creditor_id: str | None,
        mandate: str | None,
        end_to_end_id: str | None,
    ) -> "Particulars | None":
        """Those with these references, less what means nothing; None where none is left."""
        if end_to_end_id in NO_REFERENCE:
            end_to_end_id = None
        if mandate in NO_REFERENCE:
            mandate = None
        if not (purpose or creditor_id or mandate or end_to_end_id):
            return None
        return cls.__new__(cls, purpose or None, creditor_id or None, mandate, end_to_end_id)


class Transaction(NamedTuple):
    """One booking. `amount` is signed minor units: money in is positive.

    `pending` bookings are shown, never counted. `reversal` says that the file marks it as one.
    `gvc` is the German three-digit business transaction code, `iso` the ISO 20022 code as
    `DOMAIN-FAMILY-SUBFAMILY`, `return_reason` an ISO return code such as `MS03`. Where the file has
    pages, `box` is the place on one and `evidence` the whole file: a page is no run of bytes.
    """

    booked_on: date
    valued_on: date | None
    amount: int
    currency: str
    pending: bool
    reversal: bool
    counterparty: str | None
    counterparty_account: str | None
    remittance: str
    gvc: str | None
    iso: str | None
    return_reason: str | None
    bank_reference: str | None
    details: tuple[Detail, ...]
    evidence: Bytes
    box: Box | None = None
    particulars: Particulars | None = None


StatementKind = Literal["statement", "intraday", "notice"]


class ControlSums(NamedTuple):
    """How many bookings a statement says that it has, and what they come to, without sign.

    Totals are in minor units. None is what the statement does not say.
    """

    bookings: int | None = None
    total: int | None = None
    credits: int | None = None
    credit_total: int | None = None
    debits: int | None = None
    debit_total: int | None = None


class Statement(NamedTuple):
    """A statement's head: whose account, which period, between which balances.

    `number` orders an account's statements where the bank numbers them. `starts_on` and `ends_on`
    are inclusive; where the file names no period they come from the balances' dates, else from
    the first and last booking once those are known (None until then). `kind` is `statement`
    (balances are final), `intraday` or `notice`; only a `statement` is held to its balances.
    `available` is what could be drawn at its end, credit lines counted in, and `credit_line` how
    much those are; `account_kind` is the bank's word for the account's kind, such as `CACC`.
    """

    kind: StatementKind
    account: Account
    number: str | None
    starts_on: date | None
    ends_on: date | None
    opening: Balance | None
    closing: Balance | None
    available: Balance | None = None
    credit_line: int | None = None
    account_kind: str | None = None
    controls: ControlSums | None = None


make = tuple.__new__
"""Makes one of these tuples of all its fields, in half the time that its own constructor takes."""


class UnreadRow(NamedTuple):
    """A row with a day and something like an amount of which a parser cannot tell what it is.

    It is no booking, balance, total or pending line that can be proven to be one. `place` says
    where it stands, in words for people; `on` is its day and `account` its account's number, where
    these are told: else it may be of any day and account of its file.
    """

    place: Bilingual
    on: date | None = None
    account: str | None = None


Item = Statement | Transaction | Finding | Recognised | UnreadRow
"""What a parser yields: a head, then its bookings; what it found odd stands anywhere between.

A document that is no statement is recognised for what it is instead.
"""


class StoredTransaction(NamedTuple):
    """A transaction on record: the account it stands on, and what it was found to be.

    `duplicate` says that another statement had it already; it is kept but never counted.
    `category` and `bounced` are set once the application's bookings were looked at together.
    """

    id: UUID
    document_id: UUID
    statement_id: UUID
    account: str
    transaction: Transaction
    duplicate: bool = False
    category: str | None = None
    bounced: bool = False


class StoredStatement(NamedTuple):
    """A statement on record, its period settled.

    `difference` is closing - (opening + bookings), None where a balance is missing; `flipped` says
    that its reversals had to be read against their sign for the balances to fit. `unread_rows` are
    those that may be bookings of it, and were not read.
    """

    id: UUID
    document_id: UUID
    statement: Statement
    starts_on: date
    ends_on: date
    difference: int | None
    flipped: bool
    transaction_count: int
    unread_rows: int = 0
