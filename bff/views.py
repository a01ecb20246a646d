"""The shapes of the web app's screens; its own TypeScript types are written from these.

Money is decimal text with all of the currency's decimals, days are `YYYY-MM-DD`, times RFC 3339.
"""

from typing import Literal, TypedDict

Language = Literal["en", "de"]
Product = Literal["loan", "mortgage"]
Status = Literal[
    "received", "reading", "needs_documents", "in_review", "approved", "declined", "withdrawn"
]
DocumentStatus = Literal["queued", "reading", "read", "unreadable"]
Verdict = Literal["good", "watch", "bad", "none"]
AnswerState = Literal["answered", "not_answerable"]
Unit = Literal["money", "count", "ratio", "days", "months"]
Outcome = Literal["approved", "declined"]
Category = Literal[
    "revenue",
    "collection",
    "cash_deposit",
    "loan_disbursement",
    "owner_injection",
    "own_transfer",
    "refund_received",
    "own_debit_returned",
    "transfer_returned",
    "tax_refund",
    "insurance_benefit",
    "state_benefit",
    "interest_received",
    "investment_income",
    "gambling",
    "supplier",
    "salary",
    "tax",
    "social_security",
    "loan_service",
    "rent",
    "leasing",
    "insurance",
    "fees",
    "customer_debit_returned",
    "refund_paid",
    "cash_withdrawal",
    "seizure",
    "owner_draw",
    "investment",
    "reversal",
    "reversed",
]
Reconciles = Literal["reconciles", "differs", "no_balance"]


class Text(TypedDict):
    """The same words in each language of the web app."""

    en: str
    de: str


class Amount(TypedDict):
    """Money as decimal text."""

    value: str
    currency: str


class Person(TypedDict):
    """Who is signed in."""

    id: str
    name: str
    email: str
    role: str


class Session(TypedDict):
    """The person at the screen."""

    person: Person


class InboxRow(TypedDict):
    """One case in the inbox, with how many of its answers want a look."""

    id: str
    applicant: str
    product: Product
    amount: Amount
    status: Status
    partner: str | None
    external_reference: str | None
    received_at: str
    bad: int
    watch: int
    unanswered: int


class Inbox(TypedDict):
    """One page of the inbox; `counts` are per status, whatever status is chosen."""

    rows: list[InboxRow]
    total: int
    page: int
    per_page: int
    counts: dict[Status, int]


class Declared(TypedDict):
    """What the applicant says about itself."""

    annual_revenue: Amount | None
    monthly_debt_service: Amount | None
    existing_lenders: list[str] | None


class Application(TypedDict):
    """Who wants how much, and for what."""

    id: str
    legal_name: str
    legal_form: str | None
    country: str
    register_court: str | None
    register_number: str | None
    vat_id: str | None
    lei: str | None
    product: Product
    amount: Amount
    term_months: int
    purpose: str | None
    property_value: Amount | None
    declared: Declared
    status: Status
    partner: str | None
    external_reference: str | None
    received_at: str


class Document(TypedDict):
    """A file of the case and how far its reading is."""

    id: str
    filename: str
    kind: str | None
    status: DocumentStatus
    size: int
    sha256: str
    received_at: str
    reason: str | None


class Statement(TypedDict):
    """One statement and whether its balances agree with its bookings."""

    id: str
    document_id: str
    account: str
    bank: str | None
    holder: str | None
    starts_on: str | None
    ends_on: str | None
    opening: Amount | None
    closing: Amount | None
    bookings: int
    state: Reconciles
    difference: Amount | None


class Gap(TypedDict):
    """Days that no statement of an account covers, both ends included."""

    account: str
    starts_on: str
    ends_on: str


class Value(TypedDict):
    """A number with its unit; `currency` only where the unit is money."""

    unit: Unit
    value: str
    currency: str | None


class Window(TypedDict):
    """The whole months that everything is computed for."""

    starts_on: str
    ends_on: str


class Figure(TypedDict):
    """A computed figure; `evidence` is the number of bookings that it rests on."""

    id: str
    name: str
    version: int
    title: Text
    value: Value | None
    evidence: int


class Month(TypedDict):
    """Money in, money out and the balance at the end of one month, over all accounts."""

    month: str
    inflow: Amount
    outflow: Amount
    balance: Amount | None


class Answer(TypedDict):
    """The answer to one question; `missing` names the documents that would settle it."""

    id: str
    question: str
    wording: Text
    state: AnswerState
    verdict: Verdict
    value: Value | None
    because: Text
    missing: list[Text]
    evidence: int


class Decision(TypedDict):
    """What was decided, by whom and why."""

    outcome: Outcome
    reasons: list[str]
    note: str | None
    decided_by: str
    decided_at: str


class Reason(TypedDict):
    """A reason that can be given for an outcome."""

    id: str
    outcome: Outcome
    text: Text


class Happening(TypedDict):
    """One entry of the case's history."""

    at: str
    actor: str
    action: str


class Case(TypedDict):
    """Everything about one application, as one screen shows it."""

    application: Application
    documents: list[Document]
    statements: list[Statement]
    gaps: list[Gap]
    window: Window | None
    figures: list[Figure]
    months: list[Month]
    answers: list[Answer]
    decision: Decision | None
    may_decide: bool
    reasons: list[Reason]
    history: list[Happening]
    revision: str


class CaseStatus(TypedDict):
    """How far a case is; another `revision` means that the screen is out of date."""

    status: Status
    revision: str


class Part(TypedDict):
    """One payment inside a batch booking."""

    amount: Amount | None
    counterparty: str | None
    remittance: str


class Transaction(TypedDict):
    """One booking and the place in the file where it stands, as a byte range."""

    id: str
    account: str
    booked_on: str
    valued_on: str | None
    amount: Amount
    counterparty: str | None
    counterparty_account: str | None
    remittance: str
    category: Category
    gvc: str | None
    iso: str | None
    return_reason: str | None
    pending: bool
    parts: list[Part]
    document_id: str
    start: int
    end: int


class Transactions(TypedDict):
    """One page of bookings; `sum` is over all of them, not over the page."""

    rows: list[Transaction]
    total: int
    sum: Amount | None
    page: int
    per_page: int


class Evidence(TypedDict):
    """The very bytes a fact rests on, as text, between what stands around them."""

    filename: str
    sha256: str
    start: int
    end: int
    before: str
    text: str
    after: str
