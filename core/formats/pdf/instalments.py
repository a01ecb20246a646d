"""The instalment of a loan: by a repayment plan, which proves it, or a contract that names it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

from core.documents import FigureSpan, FigureTerm, Origin, PaperFigure
from core.evidence import Bytes
from core.formats.pdf.currency import DOLLAR, currencies
from core.formats.pdf.page import Line, box
from core.formats.pdf.printed import Amount, amounts, leading_day
from core.money import Money

LEAST = 3  # rows of a plan
COLUMNS = range(4, 6)  # of amounts: rate, interest, repayment, what is left, and one more
CENTS = 1  # by which rounding may be off
NAMED = re.compile(
    r"(?:monatliche|vierteljährliche|gleichbleibende|regelmäßige)[rsn]?\s+(?:\w+\s+)?(?:rate|annuität"
    r"|leistung|kreditrate|leistungsrate)\b|\bmonatsrate\b|\b(?:monthly|quarterly)\s+(?:\w+\s+)?"
    r"(?:instal?ment|payment|repayment)\b|\bmensualité\b|\brata\s+mensile\b|\bcuota\s+mensual\b",
    re.IGNORECASE,
)


class _Row(NamedTuple):
    line: Line
    amounts: tuple[Amount, ...]


def instalments(lines: Sequence[Line], size: int) -> Iterator[PaperFigure]:
    """The instalment that a loan's papers tell for sure; nothing where they do not."""
    currency = _currency(lines)
    found = _of_plan(lines) or _of_contract(lines)
    if currency is None or found is None:
        return
    row, amount = found
    origin = Origin(Bytes(0, size), box=box(row.line, [amount.word]))
    money = Money(amount.cents, currency)
    yield PaperFigure(FigureTerm.INSTALMENT, FigureSpan.EACH, money, origin)


def _of_plan(lines: Sequence[Line]) -> tuple[_Row, Amount] | None:
    """The amount of most rows that is interest and repayment, which leads to what is left."""
    rows = [
        _Row(line, found)
        for line in lines
        if leading_day(line.words) and len(found := tuple(amounts(line.words))) >= LEAST
    ]
    width = max(
        (len(row.amounts) for row in rows), key=[len(r.amounts) for r in rows].count, default=0
    )
    rows = [row for row in rows if len(row.amounts) == width]
    if len(rows) < LEAST or width not in COLUMNS:
        return None
    fitting = {
        order[0]
        for order in permutations(range(width), 4)
        if _fits([[row.amounts[at].cents for at in order] for row in rows])
    }
    if len(fitting) != 1:
        return None
    (at,) = fitting
    values = [row.amounts[at].cents for row in rows]
    usual = max(set(values), key=values.count)
    if 2 * values.count(usual) <= len(values):
        return None
    row = rows[values.index(usual)]
    return row, row.amounts[at]


def _fits(rows: Sequence[Sequence[int]]) -> bool:
    """Whether the columns are rate, interest, repayment and what is left of the loan."""
    return all(
        abs(rate - interest - repaid) <= CENTS and min(rate, repaid, left + 1) > 0 and interest >= 0
        for rate, interest, repaid, left in rows
    ) and all(abs(one[3] - two[2] - two[3]) <= CENTS for one, two in pairwise(rows))


def _of_contract(lines: Sequence[Line]) -> tuple[_Row, Amount] | None:
    """The one amount that stands behind the words for an instalment."""
    found: list[tuple[_Row, Amount]] = []
    for line in lines:
        match = NAMED.search(line.text)
        told = tuple(amounts(line.words)) if match else ()
        first = line.text.count(" ", 0, match.end()) if match else 0
        behind = [each for each in told if each.first > first]
        if match and len(behind) != 1:
            return None  # several, or one that stands elsewhere
        found += [(_Row(line, told), each) for each in behind]
    same = {amount.cents for _, amount in found}
    return found[0] if len(same) == 1 else None


def _currency(lines: Sequence[Line]) -> str | None:
    """The one currency that is named."""
    codes: set[str] = set()
    for line in lines:
        codes |= currencies(line.text)
    return codes.pop() if len(codes) == 1 and DOLLAR not in codes else None
