"""The figures of a business report, of annual accounts, of a loan's papers: each with its place.

A figure is read where words name its row and its column, and where what must follow from it does:
subtotals, both sides of a balance sheet, a rate that is interest and repayment. All else is left.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from core.documents import DocumentKind, FigureSpan, FigureTerm, Origin, PaperFigure
from core.evidence import Bytes
from core.formats.papers.forms import (
    ACCOUNTS,
    CENTS,
    REPORT,
    FormRow,
    accounts_add_up,
    report_adds_up,
)
from core.formats.pdf import balance_sheet, instalments
from core.formats.pdf.columns_named import (
    MOST_HEADING,
    OTHERS,
    RATIO,
    TOTAL,
    NamedColumn,
    current,
    named_columns,
    scale_of,
)
from core.formats.pdf.groups import Group, groups, numbers
from core.formats.pdf.page import Line, Word, box
from core.formats.pdf.printed import Amount
from core.money import Money

EURO = "EUR"
# German law has books kept in euro (§ 244 HGB); what says millions, or another currency, is left.
NOT_EURO = re.compile(r"\b(?:MEUR|Mio\.?|CHF|USD|GBP|PLN|CZK|DKK|SEK|NOK|HUF)(?!\w)")
ROUNDED = 2  # whole numbers by which a sum of such may be off
LEAST_MONTHS = 2
RESULT = FormRow.RESULT
LETTERED = re.compile(r"[a-z]{1,2}\)")
LOSS = re.compile(r"jahresfehlbetrag", re.IGNORECASE)
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
    """Those of a business report, by its columns: several reports in a file must say the same."""
    found: dict[tuple[FigureTerm, FigureSpan], list[PaperFigure]] = {}
    for part, first in _reports(lines):
        for each in _of_report(part, first, size):
            found.setdefault((each.figure, each.span), []).append(each)
    for same in found.values():
        if len({each.amount for each in same}) == 1:
            yield same[0]


def _reports(lines: Sequence[Line]) -> Iterator[tuple[Sequence[Line], int]]:
    """The reports of a file, each from the lines above it, and at which of them it begins."""
    starts = next(
        (
            found
            for row in (FormRow.REVENUE, FormRow.OUTPUT)
            if (found := [at for at, each in enumerate(lines) if _row_of(each, REPORT) is row])
        ),
        [],
    )
    begin = 0
    for start, after in zip(starts, [*starts[1:], len(lines)], strict=True):
        rows = [at for at in range(start, after) if _row_of(lines[at], REPORT) is not None]
        yield lines[begin : rows[-1] + 1], start - begin
        begin = rows[-1] + 1  # what stands below is the next one's heading


def _row_of(line: Line, form: Form) -> FormRow | None:
    """Which row of a form a line with figures is."""
    group = next(iter(groups(line, numbers)), None)
    return _named(group, form) if group is not None and group.amounts else None


def _of_report(lines: Sequence[Line], first: int, size: int) -> Iterator[PaperFigure]:
    rows, whole = _rows(lines[first:], REPORT)
    columns = named_columns([each for each in rows if _named(each, REPORT)], lines[:first])
    chosen = dict(current(columns))
    total = None if FigureSpan.YEAR_TO_DATE in chosen else _total(columns, rows, whole)
    if total is not None:
        chosen[FigureSpan.YEAR_TO_DATE] = total
    for span, column in chosen.items():
        cells = _cells(rows, REPORT, column.stretch.holds)
        scale = scale_of(column, columns, lines[:first])
        if cells and scale:
            adds_up = partial(report_adds_up, slack=ROUNDED * 100 if whole else CENTS)
            yield from _told(cells, span, adds_up, size, scale)


def _total(
    columns: Sequence[NamedColumn], rows: Sequence[Group], whole: bool
) -> NamedColumn | None:
    """The column that is called a total and in each row is the sum of all months'."""
    months = [each for each in columns if each.span is FigureSpan.MONTH]
    totals = [each for each in columns if each.span is None and TOTAL.search(each.text)]
    totals = [each for each in totals if not (each.unknown or RATIO.search(each.text))]
    if len(months) < LEAST_MONTHS or len(totals) != 1:
        return None
    cells = [_cells(rows, REPORT, each.stretch.holds) for each in (*months, totals[0])]
    slack = 100 * len(months) // 2 if whole else CENTS
    for row, cell in cells[-1].items():
        parts = sum(each[row].cents for each in cells[:-1] if row in each)
        if abs(parts - cell.cents) > slack:
            return None
    return totals[0] if cells[-1] else None


def _accounts(lines: Sequence[Line], size: int) -> Iterator[PaperFigure]:
    """Those of the first profit and loss account that proves itself: a list may name it before."""
    starts = [at for at, line in enumerate(lines) if _is_account(line)]
    told = (tuple(_of_account(lines, start, size)) for start in starts)
    yield from next(filter(None, told), ())


def _of_account(lines: Sequence[Line], start: int, size: int) -> Iterator[PaperFigure]:
    """The year's figures, another year's left out, up to the result."""
    rows, whole = _rows(lines[start + 1 :], ACCOUNTS)
    ends = (at for at, each in enumerate(rows) if each.amounts and _named(each, ACCOUNTS) is RESULT)
    rows = rows[: next(ends, -1) + 1]
    named = [each for each in rows if each.amounts and _named(each, ACCOUNTS)]
    if not named:
        return
    first = lines.index(named[0].line)
    columns = named_columns(named, lines[start + 1 : first])
    last = max((each.year for each in columns if each.year), default=None)
    others = [
        each
        for each in columns
        if OTHERS.search(each.text) or (each.year is not None and each.year != last)
    ]
    own = [each for each in columns if each not in others]
    scales = {scale_of(each, columns, lines[max(0, start - MOST_HEADING) : first]) for each in own}
    if len(scales) != 1 or not all(scales):
        return
    cells = _cells(rows, ACCOUNTS, lambda amount: not any(c.stretch.holds(amount) for c in others))
    adds_up = partial(accounts_add_up, slack=ROUNDED * 100 if whole else CENTS)
    yield from _told(cells, FigureSpan.YEAR, adds_up, size, scales.pop())


def _is_account(line: Line) -> bool:
    text = re.sub(r"\W", "", line.text.lower())
    return text.startswith("gewinnundverlustrechnung") or text.startswith("guvrechnung")


def _told(
    cells: Mapping[FormRow, _Cell],
    span: FigureSpan,
    adds_up: Callable[[Mapping[FormRow, int]], bool],
    size: int,
    scale: int,
) -> Iterator[PaperFigure]:
    if not adds_up({row: cell.cents for row, cell in cells.items()}):
        return
    for row, term in TERMS.items():
        if (cell := cells.get(row)) is not None:
            origin = Origin(Bytes(0, size), box=box(cell.line, cell.words))
            yield PaperFigure(term, span, Money(cell.cents * scale, EURO), origin)


def _rows(lines: Sequence[Line], form: Form) -> tuple[list[Group], bool]:
    """The rows of lines, and whether their figures are whole numbers, as thousands mostly are."""
    exact = [group for line in lines for group in groups(line)[:1]]
    if any(each.amounts and _named(each, form) for each in exact):
        return exact, False
    return [group for line in lines for group in groups(line, numbers)[:1]], True


def _named(group: Group, form: Form) -> FormRow | None:
    return next((row for row, name in form if name.match(group.name)), None)


def _cells(
    rows: Sequence[Group], form: Form, wanted: Callable[[Amount], bool]
) -> dict[FormRow, _Cell]:
    """What each row of a form tells in the column that is wanted."""
    cells: dict[FormRow, _Cell] = {}
    above: FormRow | None = None  # a row whose amounts stand in the parts below it
    for group in rows:
        row = _named(group, form)
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
