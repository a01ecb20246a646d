"""Which rows of a statement may be its bookings: all of them, or some without the rest."""

from collections.abc import Iterator, Sequence

from core.formats.pdf.printed_statement import PrintedRow, PrintedStatement
from core.formats.pdf.proof_outcome import outcome_of
from core.formats.pdf.readings import by_title
from core.formats.pdf.table import AmountRole

MOST_PARTS = 8  # titles within a table behind which rows may be no bookings
LEAST_COMPLETE = 3  # bookings that balances beside them hold
TOTALS = "total"  # what a row is called that may tell a sum


def candidates(printed: PrintedStatement) -> Iterator[tuple[Sequence[PrintedRow], bool]]:
    """The rows that may be the bookings: without those that look like balances, or with them.

    And without what follows its closing balance on later pages. False stands beside those of which
    it must be explained what was left out.
    """
    booked = [row for row in printed.rows if not row.pending]
    if (complete := _complete(printed)) is not None:
        yield complete, True
    yield from _without_balances(booked)
    closing = printed.closing
    if closing is not None and 0 < closing.after < len(printed.rows):
        inside = [row for row in printed.rows[: closing.after] if not row.pending]
        after = printed.rows[closing.after :]
        if all(row.line.page > closing.line.page for row in after):
            yield from _without_balances(inside)
    yield from _parts(printed)


def _parts(printed: PrintedStatement) -> Iterator[tuple[Sequence[PrintedRow], bool]]:
    """The rows above a title: only where the balances at both ends prove them."""
    if printed.opening is None or printed.closing is None:
        return
    titles = sorted(each for each in {*printed.parts} if 0 < each < len(printed.rows))
    for at in titles[:MOST_PARTS]:
        booked = [row for row in printed.rows[:at] if not row.pending]
        if booked and leads(printed, booked):
            yield booked, True


def _complete(printed: PrintedStatement) -> Sequence[PrintedRow] | None:
    """The rows up to a title of which each has a balance that holds, where none has below it."""
    titled = by_title(printed)
    if titled is None or not any(AmountRole.BALANCE in each for each in titled.roles.values()):
        return None
    for at in printed.parts[:MOST_PARTS]:
        above = [row for row in printed.rows[:at] if not row.pending]
        below = [row for row in printed.rows[at:] if not row.pending]
        if len(above) < LEAST_COMPLETE or not below:
            continue
        held, rest = outcome_of(printed, above, titled), outcome_of(printed, below, titled)
        if held is None or rest is None or any(rest.balances) or None in held.balances:
            continue
        if held.held >= len(above) - 1 and (printed.closing is not None or not held.broken):
            return above
    return None


def _without_balances(
    booked: Sequence[PrintedRow],
) -> Iterator[tuple[Sequence[PrintedRow], bool]]:
    plain = [row for row in booked if row.perhaps is None]
    without_totals = [row for row in booked if row.perhaps != TOTALS]
    if len(plain) < len(without_totals):
        yield plain, False
    yield without_totals, True
    if len(without_totals) < len(booked):
        yield booked, True


def leads(printed: PrintedStatement, rows: Sequence[PrintedRow]) -> bool:
    """Whether a reading by titles leads from the opening to the closing balance."""
    titled = by_title(printed)
    outcome = None if titled is None else outcome_of(printed, rows, titled)
    if outcome is None or printed.opening is None or printed.closing is None:
        return False
    total = sum(amount or 0 for amount in outcome.amounts)
    return printed.opening.cents + total == printed.closing.cents
