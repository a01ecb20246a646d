"""The figures of a business report, of annual accounts, of a loan's papers: each with its place.

A figure is read where words name its row and its column, and where what must follow from it does:
subtotals, both sides of a balance sheet, a rate that is interest and repayment. All else is left.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from core.documents import DocumentKind, FigureSpan, FigureTerm, Origin, PaperFigure
from core.evidence import Bytes
from core.formats.common.months import MONTH
from core.formats.papers.forms import (
    ACCOUNTS,
    REPORT,
    FormRow,
    accounts_add_up,
    report_adds_up,
)
from core.formats.pdf import balance_sheet, instalments
from core.formats.pdf.groups import Group, groups
from core.formats.pdf.page import Line, Word, box
from core.formats.pdf.printed import Amount
from core.money import Money

EURO = "EUR"
# German law has books kept in euro (§ 244 HGB); what says thousands, or another currency, is left.
NOT_EURO = re.compile(r"\b(?:TEUR|T€|Tsd\.?|Mio\.?|CHF|USD|GBP|PLN|CZK|DKK|SEK|NOK|HUF)(?!\w)")
DATED = rf"{MONTH}\s?/?\s?\d{{4}}|\d{{2}}[./]\d{{4}}"
RANGE = re.compile(
    rf"(?:{DATED})\s?(?:-|–|bis)\s?(?:{DATED})|kumuliert\w*|jahreswerte?", re.IGNORECASE
)
ONE = re.compile(DATED, re.IGNORECASE)
RATIO = re.compile(r"%(?:\s?[A-Za-zÄÖÜ.-]+)?|\baufschlag\b|\bveränd", re.IGNORECASE)
LETTERED = re.compile(r"[a-z]{1,2}\)")
LOSS = re.compile(r"jahresfehlbetrag", re.IGNORECASE)
NEAR = 20.0  # points between a column's name and its amounts at most
TERMS = {
    FormRow.REVENUE: FigureTerm.REVENUE,
    FormRow.OUTPUT: FigureTerm.TOTAL_OUTPUT,
    FormRow.MATERIAL: FigureTerm.MATERIAL_COSTS,
    FormRow.PERSONNEL: FigureTerm.PERSONNEL_COSTS,
    FormRow.DEPRECIATION: FigureTerm.DEPRECIATION,
    FormRow.OTHER_COSTS: FigureTerm.OTHER_COSTS,
    FormRow.TOTAL_COSTS: FigureTerm.TOTAL_COSTS,
    FormRow.OPERATING: FigureTerm.OPERATING_RESULT,
    FormRow.RESULT: FigureTerm.RESULT,
}
Form = Sequence[tuple[FormRow, re.Pattern[str]]]


@dataclass(slots=True)
class _Cell:
    """What a form tells for a row: the sum of those that bear its name, and where the first is."""

    cents: int
    line: Line
    words: Sequence[Word]


class _Stretch(NamedTuple):
    """From where to where on a page a column or its name goes."""

    left: float
    right: float

    def distance(self, other: "_Stretch") -> tuple[float, float]:
        """The gap between two, then how far their middles are apart."""
        gap = max(0.0, self.left - other.right, other.left - self.right)
        return gap, abs(self.left + self.right - other.left - other.right)


class _Label(NamedTuple):
    """The name of a column: for which span it is, None for ratios."""

    span: FigureSpan | None
    stretch: _Stretch


def figures(
    kind: DocumentKind, pages: Sequence[Sequence[Line]], size: int
) -> tuple[PaperFigure, ...]:
    """The figures of a paper of that kind in a file of so many bytes."""
    lines = [line for page in pages for line in page]
    if kind is DocumentKind.OTHER:
        return tuple(instalments.instalments(lines, size))
    if any(NOT_EURO.search(line.text) for line in lines):
        return ()
    if kind is DocumentKind.BUSINESS_REPORT:
        return tuple(_report(lines, size))
    if kind is DocumentKind.ANNUAL_ACCOUNTS:
        return (*_accounts(lines, size), *balance_sheet.figures(pages, size))
    return ()


def _report(lines: Sequence[Line], size: int) -> Iterator[PaperFigure]:
    """Those of a business report, by its columns."""
    rows = [group for line in lines for group in groups(line)[:1]]
    columns = _columns(rows)
    head = next((at for at, line in enumerate(lines) if _labels(line, ratios=False)), None)
    if head is None:
        return
    labels = [label for line in lines[head : head + 2] for label in _labels(line, ratios=True)]
    for span, column in _assigned(labels, columns).items():
        cells = _cells(rows, REPORT, partial(_stands_in, column))
        yield from _told(cells, span, report_adds_up, size)


def _stands_in(column: _Stretch, amount: Amount) -> bool:
    return column.left <= amount.word.left and amount.word.right <= column.right


def _accounts(lines: Sequence[Line], size: int) -> Iterator[PaperFigure]:
    """Those of a profit and loss account: of a row's amounts the first is the year's."""
    start = next((at for at, line in enumerate(lines) if _is_account(line)), None)
    if start is None:
        return
    rows = [group for line in lines[start + 1 :] for group in groups(line)[:1]]
    cells = _cells(rows, ACCOUNTS, lambda _: True)
    yield from _told(cells, FigureSpan.YEAR, accounts_add_up, size)


def _is_account(line: Line) -> bool:
    text = re.sub(r"\W", "", line.text.lower())
    return text.startswith("gewinnundverlustrechnung") or text.startswith("guvrechnung")


def _told(
    cells: Mapping[FormRow, _Cell],
    span: FigureSpan,
    adds_up: Callable[[Mapping[FormRow, int]], bool],
    size: int,
) -> Iterator[PaperFigure]:
    if not adds_up({row: cell.cents for row, cell in cells.items()}):
        return
    for row, term in TERMS.items():
        if (cell := cells.get(row)) is not None:
            origin = Origin(Bytes(0, size), box=box(cell.line, cell.words))
            yield PaperFigure(term, span, Money(cell.cents, EURO), origin)


def _cells(
    rows: Sequence[Group], form: Form, wanted: Callable[[Amount], bool]
) -> dict[FormRow, _Cell]:
    """What each row of a form tells in the column that is wanted."""
    cells: dict[FormRow, _Cell] = {}
    above: FormRow | None = None  # a row whose amounts stand in the parts below it
    for group in rows:
        row = next((row for row, name in form if name.match(group.name)), None)
        amount = next((each for each in group.amounts if wanted(each)), None)
        if above is not None and LETTERED.match(group.label):
            row = above
        else:
            above = row if row is not None and not group.amounts else None
        if row is None or amount is None:
            continue
        cents = -abs(amount.cents) if LOSS.match(group.name) else amount.cents
        if row in cells:
            cells[row].cents += cents
        else:
            cells[row] = _Cell(cents, group.line, [*group.words, amount.word])
    return cells


def _columns(rows: Sequence[Group]) -> list[_Stretch]:
    """The columns of amounts: those that overlap stand below each other, wherever they end."""
    columns: list[_Stretch] = []
    for left, right in sorted(
        (each.word.left, each.word.right) for r in rows for each in r.amounts
    ):
        if columns and left <= columns[-1].right:
            columns[-1] = _Stretch(columns[-1].left, max(right, columns[-1].right))
        else:
            columns.append(_Stretch(left, right))
    return columns


def _labels(line: Line, *, ratios: bool) -> list[_Label]:
    """The names of columns on a line: for which span each is, None for one of ratios."""
    found, text = [], line.text
    for pattern, span in ((RANGE, FigureSpan.YEAR_TO_DATE), (ONE, FigureSpan.MONTH), (RATIO, None)):
        if span is None and not ratios:
            continue
        for match in pattern.finditer(text):
            first = line.words[text.count(" ", 0, match.start())]
            last = line.words[text.count(" ", 0, match.end())]
            found.append(_Label(span, _Stretch(first.left, last.right)))
        text = pattern.sub(lambda match: re.sub(r"\S", "·", match[0]), text)
    spans = {label.span for label in found}
    return found if ratios or spans >= {FigureSpan.MONTH, FigureSpan.YEAR_TO_DATE} else []


def _assigned(labels: Sequence[_Label], columns: Sequence[_Stretch]) -> dict[FigureSpan, _Stretch]:
    """The column of each span: the nearest to its one name, to which no other name is nearer."""
    found: dict[FigureSpan, _Stretch] = {}
    for label in labels if columns else ():
        column = min(columns, key=label.stretch.distance)
        nearest = min(labels, key=lambda each: column.distance(each.stretch))
        alone = [each.span for each in labels].count(label.span) == 1
        near = column.distance(label.stretch)[0] <= NEAR
        if label.span is not None and alone and near and nearest == label:
            found[label.span] = column
    return found
