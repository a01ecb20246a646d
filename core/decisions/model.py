"""What a person at the lender decided, why, and on which answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from core.errors import Complaint, Invalid

LONGEST_NOTE = 2000


class DecisionOutcome(StrEnum):
    """How a case ends."""

    APPROVED = "approved"
    DECLINED = "declined"


class DecisionReason(StrEnum):
    """Why, in words from a list; the first few speak for the business, the others against."""

    SOUND_FIGURES = "sound_figures"
    SUFFICIENT_COLLATERAL = "sufficient_collateral"
    KNOWN_CUSTOMER = "known_customer"
    INSUFFICIENT_REVENUE = "insufficient_revenue"
    EXISTING_DEBT_TOO_HIGH = "existing_debt_too_high"
    RETURNED_PAYMENTS = "returned_payments"
    ACCOUNT_OVERDRAWN = "account_overdrawn"
    SEIZURE = "seizure"
    UNDECLARED_LENDERS = "undeclared_lenders"
    DOCUMENTS_NOT_CONCLUSIVE = "documents_not_conclusive"
    POLICY = "policy"
    OTHER = "other"


REASONS = {
    DecisionOutcome.APPROVED: (
        DecisionReason.SOUND_FIGURES,
        DecisionReason.SUFFICIENT_COLLATERAL,
        DecisionReason.KNOWN_CUSTOMER,
        DecisionReason.OTHER,
    ),
    DecisionOutcome.DECLINED: (
        DecisionReason.INSUFFICIENT_REVENUE,
        DecisionReason.EXISTING_DEBT_TOO_HIGH,
        DecisionReason.RETURNED_PAYMENTS,
        DecisionReason.ACCOUNT_OVERDRAWN,
        DecisionReason.SEIZURE,
        DecisionReason.UNDECLARED_LENDERS,
        DecisionReason.DOCUMENTS_NOT_CONCLUSIVE,
        DecisionReason.POLICY,
        DecisionReason.OTHER,
    ),
}


class CaseRevision(NamedTuple):
    """A word for each state of a case: one for what is asked for, one for all that it rests on."""

    terms: str
    grounds: str

    def __str__(self) -> str:
        return f"{self.terms}-{self.grounds}"

    @classmethod
    def of(cls, terms: str, grounds: tuple[object, ...]) -> "CaseRevision":
        """The revision of a case with these terms, and these marks of all else."""
        return cls(terms, sha256(repr(grounds).encode()).hexdigest()[:16])

    @classmethod
    def parse(cls, text: str) -> "CaseRevision":
        """A revision as it was written; what is none is that of no case."""
        terms, _, grounds = text.partition("-")
        return cls(terms, grounds)


@dataclass(frozen=True, slots=True)
class Decision:
    """A case's decision; `rested_on` are the answers as they stood, frozen with it."""

    id: UUID
    application_id: UUID
    outcome: DecisionOutcome
    reasons: tuple[DecisionReason, ...]
    note: str | None
    person_id: UUID
    decided_at: datetime
    rested_on: list[dict[str, Any]]


def check(outcome: DecisionOutcome, reasons: tuple[DecisionReason, ...], note: str | None) -> None:
    """Raise Invalid unless the outcome has a fitting reason, and `other` is explained."""
    complaints = []
    if not reasons:
        complaints.append(Complaint("/reasons", "reasons: give at least one"))
    for reason in reasons:
        if reason not in REASONS[outcome]:
            complaints.append(Complaint("/reasons", f"reasons: {reason} does not fit {outcome}"))
    if DecisionReason.OTHER in reasons and not (note or "").strip():
        complaints.append(Complaint("/note", "note: say what the other reason is"))
    if note is not None and len(note) > LONGEST_NOTE:
        complaints.append(Complaint("/note", f"note: at most {LONGEST_NOTE} characters"))
    if complaints:
        raise Invalid(*complaints)
