"""A line that begins a booking as a row: its day, its text and its amounts with their columns."""

import re
from dataclasses import replace

from core.formats.pdf.balances import (
    AVAILABLE,
    TOTAL,
    BalanceKind,
    balance_kind,
    is_balance_alone,
)
from core.formats.pdf.candidates import TOTALS
from core.formats.pdf.currency import beside
from core.formats.pdf.marks import Marked
from core.formats.pdf.printed import PrintedDay
from core.formats.pdf.printed_statement import PrintedRow
from core.formats.pdf.sections import says_pending
from core.formats.pdf.sides import SideColumn
from core.formats.pdf.table import PrintedColumns

CUT = 1.2  # heights of letters: so near before an amount may stand its thousands
THOUSANDS = re.compile(r"[-+−–]?\d{1,3}")
HUNDREDS = re.compile(r"\d{3},")


def begin(day: PrintedDay, each: Marked, table: PrintedColumns, *, pending: bool) -> PrintedRow:
    """The booking of a day that a line begins, as yet without its amounts."""
    valued, text = table.days.value(each), table.text(each)
    told = " ".join(word.text for word in text)
    alone = is_balance_alone(told)
    perhaps = (
        balance_kind(told)
        or (BalanceKind.EITHER if alone else None)
        or (TOTALS if TOTAL.match(told) or AVAILABLE.fullmatch(told) else None)
    )
    return PrintedRow(
        each.line,
        day,
        valued.day if valued else None,
        list(each.line.words),
        [text] if text else [],
        each.line.bottom,
        table,
        perhaps=perhaps,
        alone=alone,
        pending=pending or says_pending(text),
    )


def fill(
    row: PrintedRow,
    each: Marked,
    table: PrintedColumns,
    sides: SideColumn | None,
    titled: int | None,
) -> None:
    """Put a line's amounts into the row, with the columns they stand in.

    `titled` is the sign that a title above says of them, in a column of neither side.
    """
    for amount in each.amounts:
        column = table.column(amount)
        if column is not None:
            if sides and column == sides.column:
                amount = sides.signed(amount, [*row.words, *each.line.words])
            if titled is not None and table.sideless(column):
                row.sided = True
                if not amount.signed:
                    cents = abs(amount.cents) * titled
                    amount = replace(amount, cents=cents, signed=True, named=True)
            row.placed.append((column, amount))
            if units := beside(each, amount):
                row.units.append((column, units))


def is_cut(row: PrintedRow) -> bool:
    """Whether a number stands so near before an amount that it may be its thousands."""
    words = row.line.words
    for _, amount in row.placed:
        at = next((at for at, word in enumerate(words) if word is amount.word), 0)
        before, word = words[at - 1], amount.word
        near = 0 < word.left - before.right <= CUT * (word.bottom - word.top)
        if at and near and THOUSANDS.fullmatch(before.text) and HUNDREDS.match(word.reading):
            return True
    return False
