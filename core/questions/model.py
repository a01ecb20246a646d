"""What an underwriter asks, and how an answer is said and judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.analysis.figures import FORMULAS
from core.analysis.model import AnswerState, Basis, MissingKind, ReservationKind, Unit
from core.bilingual import Bilingual

_BASES = {each.id: each.basis for each in FORMULAS}


class Verdict(StrEnum):
    """How an answer looks to a lender; `none` where the number alone says neither."""

    NONE = "none"
    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Scale:
    """A question's thresholds: `good` > `bad` where more is better, else less is.

    Money is in minor units, a ratio is a fraction of one.
    """

    good: int | Decimal
    bad: int | Decimal

    def judge(self, value: int | Decimal) -> Verdict:
        """Good up to and with `good`, bad from and with `bad`, between them to watch."""
        sign = 1 if self.good < self.bad else -1
        if sign * (value - self.good) <= 0:
            return Verdict.GOOD
        return Verdict.BAD if sign * (value - self.bad) >= 0 else Verdict.WATCH


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its words, the figure that answers it, and the sentence that says why.

    `because` has a template for each case; `some` is the usual one, `none` stands for zero. The
    verdict is by `scale`, with `in_relation_to` on the figure's share of that other figure.
    """

    id: str
    wording: Bilingual
    figure: str
    because: Mapping[str, Bilingual]
    scale: Scale | None = None
    in_relation_to: str | None = None

    @property
    def basis(self) -> Basis:
        """What its figure is about."""
        return _BASES[self.figure]


@dataclass(frozen=True, slots=True)
class MissingDocument:
    """A document that would settle a question, in the words to ask for it."""

    kind: MissingKind
    account: str | None
    starts_on: date | None
    ends_on: date | None
    text: Bilingual


@dataclass(frozen=True, slots=True)
class AnswerReservation:
    """One thing that an answer is subject to, in words; of which account or document."""

    kind: ReservationKind
    account: str | None
    document: UUID | None
    text: Bilingual


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's answer: value, verdict and why; what would settle it where there is no value.

    `evidence` are the bookings and `statements` the statements that the figure rests on;
    `reservations` are what it is subject to.
    """

    question: str
    figure: str
    state: AnswerState
    value: int | Decimal | None
    unit: Unit
    currency: str
    verdict: Verdict
    because: Bilingual
    missing: tuple[MissingDocument, ...] = ()
    evidence: tuple[UUID, ...] = ()
    statements: tuple[UUID, ...] = ()
    reservations: tuple[AnswerReservation, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether it was answered, but not for certain: what it is subject to may change it."""
        return self.state is AnswerState.ANSWERED and bool(self.reservations)
