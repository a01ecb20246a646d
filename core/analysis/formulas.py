"""What a formula is: a name, a version, and a pure function from the books to an outcome."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from core.analysis.books import Books
from core.analysis.model import (
    AnswerState,
    Basis,
    Figure,
    Json,
    Missing,
    MissingKind,
    NoValueReason,
    Unit,
    Window,
)
from core.bilingual import Bilingual
from core.money import mean


@dataclass(frozen=True, slots=True)
class FormulaResult:
    """What a formula found: a value, or the reason why there is none and what is missing."""

    value: int | Decimal | None = None
    reason: NoValueReason | None = None
    missing: tuple[Missing, ...] = ()
    detail: Mapping[str, Json] = field(default_factory=dict)
    evidence: tuple[UUID, ...] = ()
    statements: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """One version of a figure's rule; a changed rule is a new version beside the old."""

    id: str
    version: int
    unit: Unit
    title: Bilingual
    basis: Basis
    find: Callable[[Books], FormulaResult]

    def apply(self, books: Books) -> Figure:
        """The figure of these books; without any statement it is not answerable."""
        if books.coverage:
            result = self.find(books)
        else:
            result = FormulaResult(
                reason=NoValueReason.NO_STATEMENTS, missing=(Missing(MissingKind.STATEMENTS),)
            )
        return Figure(
            id=self.id,
            version=self.version,
            unit=self.unit,
            currency=books.inputs.currency,
            window=books.window,
            state=AnswerState.ANSWERED if result.reason is None else AnswerState.NOT_ANSWERABLE,
            value=result.value,
            reason=result.reason,
            missing=result.missing,
            detail=result.detail,
            evidence=result.evidence,
            statements=result.statements,
        )


def windowed(find: Callable[[Books, Window], FormulaResult]) -> Callable[[Books], FormulaResult]:
    """A rule that needs a window: without a whole month it is not answerable."""

    def find_within(books: Books) -> FormulaResult:
        if books.window is None:
            gaps = (
                Missing(MissingKind.STATEMENTS, gap.account, gap.starts_on, gap.ends_on)
                for gap in books.gaps
            )
            missing = tuple(gaps) or (Missing(MissingKind.STATEMENTS),)
            return FormulaResult(reason=NoValueReason.NO_WHOLE_MONTH, missing=missing)
        return find(books, books.window)

    return find_within


def ratio(part: int, whole: int) -> Decimal:
    """part / whole to four decimals, half-even; whole must be positive."""
    return Decimal(mean(part * 10_000, whole)).scaleb(-4)
