"""What an underwriter asks, and how an answer is said and judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.analysis.model import AnswerState, MissingKind, Unit
from core.bilingual import Bilingual


class Verdict(StrEnum):
    """How an answer looks to a lender; `none` where the number alone says neither."""

    NONE = "none"
    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Scale:
    """Where good ends and bad begins; `good` > `bad` where more is better, else less is."""

    good: Decimal
    bad: Decimal

    def judge(self, value: int | Decimal) -> Verdict:
        """Good up to and with `good`, bad from and with `bad`, between them to watch."""
        sign = 1 if self.good < self.bad else -1
        if sign * (value - self.good) <= 0:
            return Verdict.GOOD
        return Verdict.BAD if sign * (value - self.bad) >= 0 else Verdict.WATCH


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A lender's scales, by question; money in minor units, ratios as fractions of one."""

    average_balance: Scale = Scale(Decimal(0), Decimal(-10_000_00))
    lowest_balance: Scale = Scale(Decimal(0), Decimal(-50_000_00))
    days_in_red: Scale = Scale(Decimal(5), Decimal(60))
    own_payments_bounced: Scale = Scale(Decimal(0), Decimal(3))
    customer_debits_bounced: Scale = Scale(Decimal(5), Decimal(50))
    customer_debits_bounced_ratio: Scale = Scale(Decimal("0.03"), Decimal("0.1"))
    debt_service_to_revenue: Scale = Scale(Decimal("0.1"), Decimal("0.25"))
    growth: Scale = Scale(Decimal(0), Decimal("-0.2"))
    completeness: Scale = Scale(Decimal(12), Decimal(5))
    reconciliation: Scale = Scale(Decimal(0), Decimal(1))
    seizures: Scale = Scale(Decimal(0), Decimal(1))
    gambling: Scale = Scale(Decimal(0), Decimal(5))
    undeclared_lenders: Scale = Scale(Decimal(0), Decimal(2))


class Basis(StrEnum):
    """What a question is about, which says how far statements that do not reconcile harm it."""

    FLOWS = "flows"
    BALANCES = "balances"
    PAPERS = "papers"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its words, the figure that answers it, and the sentence that says why.

    `because` has a template for each case; `some` is the usual one, `none` stands for zero. With
    `in_relation_to` the verdict is on the figure's share of that other figure.
    """

    id: str
    wording: Bilingual
    figure: str
    basis: Basis
    because: Mapping[str, Bilingual]
    scale: Callable[[Thresholds], Scale] | None = None
    in_relation_to: str | None = None


@dataclass(frozen=True, slots=True)
class RequestedDocument:
    """Paper that would settle a question, in the words to ask for it."""

    kind: MissingKind
    account: str | None
    starts_on: date | None
    ends_on: date | None
    text: Bilingual


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's answer: value, verdict and why; what would settle it where there is no value.

    `evidence` are the bookings and `statements` the statements that the figure rests on.
    """

    question: str
    figure: str
    state: AnswerState
    value: int | Decimal | None
    unit: Unit
    currency: str
    verdict: Verdict
    because: Bilingual
    missing: tuple[RequestedDocument, ...] = ()
    evidence: tuple[UUID, ...] = ()
    statements: tuple[UUID, ...] = ()
