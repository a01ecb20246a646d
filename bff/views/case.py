"""The case as one screen shows it: who wants how much, what was found out, what was decided."""

from typing import TypedDict

from bff.views.documents import Document
from bff.views.findings import Answer, Figure, Gap, Month, Statement, Window
from bff.views.values import Amount
from core.analysis import Ownership as Ownership
from core.applications import ApplicationStatus, Product
from core.decisions import DecisionOutcome, DecisionReason


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
    status: ApplicationStatus
    partner: str | None
    sandbox: bool
    external_reference: str | None
    received_at: str


class AccountRuling(TypedDict):
    """What a person said of an account of another holder, and why."""

    counted: bool
    reason: str
    by: str
    at: str


class Account(TypedDict):
    """An account, whose it is, and whether figures and answers rest on it."""

    number: str
    ownership: Ownership
    holder: str | None
    counted: bool
    ruling: AccountRuling | None


class Decision(TypedDict):
    """What was decided, by whom and why."""

    outcome: DecisionOutcome
    reasons: list[DecisionReason]
    note: str | None
    decided_by: str
    decided_at: str


class HistoryEntry(TypedDict):
    """One entry of the case's history; no actor means that we did it ourselves."""

    at: str
    actor: str | None
    action: str
    filename: str | None
    account: str | None
    reason: str | None
    status: ApplicationStatus | None


class Case(TypedDict):
    """Everything about one application, as one screen shows it.

    Of documents and statements the first; `documents_next` and `statements_next` lead to more.
    """

    application: Application
    documents: list[Document]
    document_count: int
    documents_next: str | None
    statements: list[Statement]
    statement_count: int
    statements_next: str | None
    accounts: list[Account]
    may_rule: bool
    gaps: list[Gap]
    window: Window | None
    figures: list[Figure]
    months: list[Month]
    answers: list[Answer]
    decision: Decision | None
    may_decide: bool
    may_hand_in: bool
    reasons: dict[DecisionOutcome, list[DecisionReason]]
    document_limit: int
    history: list[HistoryEntry]
    revision: str


class DocumentPage(TypedDict):
    """More of a case's documents; `next` resumes after them, null at the end."""

    rows: list[Document]
    next: str | None


class StatementPage(TypedDict):
    """More of a case's statements; `next` resumes after them, null at the end."""

    rows: list[Statement]
    next: str | None


class CaseStatus(TypedDict):
    """How far a case is; another `revision` means that the screen is out of date."""

    status: ApplicationStatus
    revision: str
