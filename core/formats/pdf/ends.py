"""Balances that stand among a table's bookings with a day, like one: those at its two ends."""

from collections.abc import Sequence
from dataclasses import replace

from core.formats.pdf.balances import TRANSFERS
from core.formats.pdf.printed import dates
from core.formats.pdf.printed_statement import PrintedBalance, PrintedRow, PrintedStatement

LEAST = 4  # rows of which two may be balances: fewer add up by chance


def take_balances(printed: PrintedStatement) -> None:
    """Take the rows at the table's ends that tell nothing but a balance for those it lacks.

    A word that banks also use for transfers is taken only where balances prove it; else the row is
    told and not counted, as it may be a booking.
    """
    booked = [row for row in printed.rows if not row.pending]
    if len(booked) < 2:
        return
    first, last = (row if row.alone and row.placed else None for row in (booked[0], booked[-1]))
    if _is_newest_first(booked):
        closing, opening = first, last
    else:
        opening, closing = first, last
    opening = opening if printed.opening is None else None
    closing = closing if printed.closing is None else None
    found = [row for row in (opening, closing) if row is not None]
    whole = len(found) == 2 or (printed.opening or printed.closing)
    for row in found:
        if TRANSFERS.search(row.line.text) and not whole:
            printed.loose.append(row.line)
        elif row is opening:
            printed.opening = replace(_balance(row), dates=[])
        else:
            printed.closing = _balance(row)
        _take_out(printed, row)
    if closing is not None and printed.closing is not None:
        after = 0 if _is_newest_first(booked) else len(printed.rows)
        printed.closing = replace(printed.closing, after=after)


def take_by_sums(
    printed: PrintedStatement,
    rows: Sequence[PrintedRow],
    amounts: Sequence[int | None],
    *,
    back: bool,
) -> bool:
    """Take a row at an end for the balance that the table lacks, where all others lead to it."""
    signed = [amount or 0 for amount in amounts]
    if len(rows) < LEAST or (printed.opening and printed.closing):
        return False
    first, last = (-1, 0) if back else (0, -1)
    total = sum(signed)
    opening = printed.opening.cents if printed.opening else None
    if opening is not None:
        found = [last] if opening + total - signed[last] == signed[last] else []
    elif printed.closing is None:
        found = [first, last] if total - signed[last] == signed[last] else []
    else:
        starts, until = printed.head.starts_on, printed.head.ends_on
        before = rows[first].day.on(until) if until else None
        early = before is not None and starts is not None and before < starts
        found = [first] if early and total == printed.closing.cents else []
    for at, row, cents in [(at, rows[at], signed[at]) for at in found]:
        balance = PrintedBalance(cents, dates(row.line.reading), row.line, 0)
        if at == first and printed.opening is None:
            printed.opening = replace(balance, dates=[])
        else:
            printed.closing = balance
        _take_out(printed, row)
    if found and printed.closing is not None:
        printed.closing = replace(printed.closing, after=0 if back else len(printed.rows))
    return bool(found)


def _is_newest_first(rows: Sequence[PrintedRow]) -> bool:
    days = [(row.day.year or 0, row.day.month, row.day.day) for row in rows]
    return days[0] > days[-1]


def _balance(row: PrintedRow) -> PrintedBalance:
    amount = row.placed[-1][1]
    owed = row.table.owes(amount)
    return PrintedBalance(amount.cents, dates(row.line.reading), row.line, 0, owed)


def _take_out(printed: PrintedStatement, row: PrintedRow) -> None:
    """Take a row from among the bookings, and count those before each balance anew."""
    at = next(at for at, each in enumerate(printed.rows) if each is row)
    del printed.rows[at]

    def moved(balance: PrintedBalance) -> PrintedBalance:
        return replace(balance, after=balance.after - (balance.after > at))

    printed.carried = [moved(each) for each in printed.carried]
    printed.opening = printed.opening and moved(printed.opening)
    printed.closing = printed.closing and moved(printed.closing)
