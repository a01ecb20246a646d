"""The shapes of the web app's screens; its own TypeScript types are written from these.

Money is decimal text with all of the currency's decimals, days are `YYYY-MM-DD`, times RFC 3339.
"""

from datetime import UTC, datetime
from typing import Literal, TypedDict

from core.analysis import Category, Unit
from core.analysis import State as AnswerState
from core.applications import Product, Status
from core.decisions import Outcome, Reason
from core.documents import Kind as DocumentKind
from core.documents import Status as DocumentStatus
from core.documents import Term
from core.evidence import Box as Place
from core.money import Money, digits
from core.questions import Verdict
from core.users import Role

Language = Literal["en", "de"]
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
    role: Role
    locale: Language


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
    property_address: str | None
    declared: Declared
    status: Status
    partner: str | None
    sandbox: bool
    external_reference: str | None
    received_at: str


class Finding(TypedDict):
    """What is odd about a document: a code that the page has words for, and a detail in English."""

    code: str
    detail: str


class Box(TypedDict):
    """A rectangle on a page, in points from the page's top left corner; pages count from 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class Fact(TypedDict):
    """A text, a day or an amount that a document says, and where: in bytes, and on a page.

    The bytes are those of the attached file where one is named.
    """

    term: Term
    text: str | None
    day: str | None
    amount: Amount | None
    start: int
    end: int
    attachment: str | None
    box: Box | None


class Document(TypedDict):
    """A file of the case and how far its reading is."""

    id: str
    filename: str
    kind: DocumentKind | None
    status: DocumentStatus
    size: int
    received_at: str
    findings: list[Finding]
    facts: list[Fact]


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


class Basis(TypedDict):
    """What a figure rests on: so many bookings that add up to so much, or whole statements."""

    figure: str
    bookings: int
    sum: Amount
    statements: list[str]


class Figure(TypedDict):
    """A computed figure and the version of the formula that computed it."""

    name: str
    version: int
    title: Text
    value: Value | None
    basis: Basis


class Month(TypedDict):
    """Money in, money out and the balance at the end of one month, over all accounts."""

    month: str
    inflow: Amount
    outflow: Amount
    balance: Amount | None


class Answer(TypedDict):
    """The answer to one question; `missing` names the documents that would settle it."""

    question: str
    wording: Text
    state: AnswerState
    verdict: Verdict
    value: Value | None
    because: Text
    missing: list[Text]
    basis: Basis | None


class Decision(TypedDict):
    """What was decided, by whom and why."""

    outcome: Outcome
    reasons: list[Reason]
    note: str | None
    decided_by: str
    decided_at: str


class Happening(TypedDict):
    """One entry of the case's history; no actor means that we did it ourselves."""

    at: str
    actor: str | None
    action: str
    filename: str | None
    status: Status | None


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
    may_hand_in: bool
    reasons: dict[Outcome, list[Reason]]
    document_limit: int
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
    """One booking and the place in the file where it stands: a byte range, or a box on a page."""

    id: str
    account: str
    booked_on: str
    valued_on: str | None
    amount: Amount
    counterparty: str | None
    counterparty_account: str | None
    remittance: str
    category: Category | None
    gvc: str | None
    iso: str | None
    return_reason: str | None
    pending: bool
    parts: list[Part]
    part_count: int
    document_id: str
    start: int
    end: int
    box: Box | None


class Transactions(TypedDict):
    """One page of the bookings that a figure rests on, and how many there are in all."""

    rows: list[Transaction]
    total: int
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


class PageImage(TypedDict):
    """A page of a file as it looks, as a `data:` address; width and height are in points."""

    filename: str
    sha256: str
    pages: int
    width: float
    height: float
    image: str


class UsagePartner(TypedDict):
    """A partner, and by version how often it called and when last."""

    id: str
    name: str
    sandbox: bool
    calls: dict[str, int]
    last_at: dict[str, str]


class UsageDay(TypedDict):
    """A day, and how often each version was called."""

    day: str
    calls: dict[str, int]


class UsageRow(TypedDict):
    """How often a partner called an operation from a build; null where none was named."""

    partner: str
    sandbox: bool
    version: str
    operation: str
    build: str | None
    calls: int
    last_at: str


class Usage(TypedDict):
    """Who called the public API: partners and days of the period, and the busiest operations."""

    versions: list[str]
    partners: list[UsagePartner]
    days: list[UsageDay]
    rows: list[UsageRow]
    more: bool


def amount(minor: int, currency: str) -> Amount:
    """Minor units as the web app takes them."""
    return {"value": digits(minor, currency), "currency": currency}


def money(said: Money | None) -> Amount | None:
    """Money as the web app takes it, where there is some."""
    return None if said is None else amount(said.minor, said.currency)


def box(place: Place | None) -> Box | None:
    """A place on a page, where there is one."""
    if place is None:
        return None
    page, left, top, right, bottom = place
    return {"page": page, "left": left, "top": top, "right": right, "bottom": bottom}


def moment(at: datetime) -> str:
    """A time in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
