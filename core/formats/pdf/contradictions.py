"""Where a printed statement leaves something open or says something against itself.

What is carried forward from page to page, and every running balance, is held against the bookings.
"""

from collections.abc import Iterator
from datetime import date

from core.bilingual import Bilingual
from core.documents import Finding
from core.formats.pdf.doubts import doubts
from core.formats.pdf.page import CERTAIN, Line
from core.formats.pdf.printed import NUMBER, leading_day
from core.formats.pdf.printed_statement import PrintedStatement
from core.money import stated
from core.statements.model import UnreadRow

CLOSING_MISSING = Bilingual(
    "The statement has an opening balance and no closing one: its last page may be missing, and"
    " nothing shows that no booking lacks. The whole statement would settle it.",
    "Der Kontoauszug hat einen Anfangssaldo und keinen Endsaldo: Vielleicht fehlt die letzte Seite,"
    " und nichts zeigt, dass keine Buchung fehlt. Der ganze Auszug würde das klären.",
)


def oddities(printed: PrintedStatement, last: date, currency: str) -> Iterator[Finding]:
    """What a statement leaves open or says against itself."""
    if printed.head.account is None:
        yield Finding(
            "account_unknown",
            Bilingual(
                "A statement names no account number that can be read, so no other document is"
                " matched with it.",
                "Ein Kontoauszug nennt keine lesbare Kontonummer; deshalb wird er mit keinem"
                " anderen Dokument abgeglichen.",
            ),
        )
    for row in printed.rows:
        if row.day.on(last) is None:
            where = f"{row.line.page}: {row.line.text[:80]}"
            detail = Bilingual(
                f"A booking's day does not exist; left out. Page {where}",
                f"Den Tag einer Buchung gibt es nicht; sie wurde ausgelassen. Seite {where}",
            )
            yield Finding("impossible_date", detail)
    yield from _contradictions(printed, currency)
    words = [word for row in printed.rows for word in row.words if NUMBER.fullmatch(word.reading)]
    if all(word.confidence >= CERTAIN for word in words):
        if printed.opening and printed.closing is None and not printed.is_proven:
            yield Finding("closing_missing", CLOSING_MISSING)
        return
    if printed.opening is None or printed.closing is None:
        yield Finding(
            "not_held_to_balances",
            Bilingual(
                "The opening or closing balance of a scanned statement cannot be read, so nothing"
                " shows whether its amounts were read right.",
                "Anfangs- oder Endsaldo eines gescannten Kontoauszugs ist nicht lesbar; ob seine"
                " Beträge richtig gelesen wurden, ist deshalb nicht nachprüfbar.",
            ),
        )
    yield from doubts(printed)


def _contradictions(printed: PrintedStatement, currency: str) -> Iterator[Finding]:
    """Each balance on the way that is not what the bookings lead to; then it goes on from there."""
    if printed.opening is None:
        return
    running = printed.opening.cents
    if printed.is_proven:
        return
    rows = printed.rows[::-1] if printed.newest_first else printed.rows
    for at, row in enumerate(rows):
        if row.pending:
            continue
        for carried in printed.carried:
            after = len(rows) - carried.after if printed.newest_first else carried.after
            if after == at and carried.cents != running:
                yield _contradiction(carried.line, running, carried.cents, currency)
                running = carried.cents
        running += row.amount or 0
        if row.balance is not None and row.balance != running:
            yield _contradiction(row.line, running, row.balance, currency)
            running = row.balance
    summed = printed.opening.cents + sum(row.amount or 0 for row in printed.rows if not row.pending)
    if printed.closing is not None and printed.closing.cents not in (running, summed):
        yield _contradiction(printed.closing.line, running, printed.closing.cents, currency)


def _contradiction(line: Line, counted: int, printed_cents: int, currency: str) -> Finding:
    due, printed = stated(counted, currency), stated(printed_cents, currency)
    return Finding(
        "running_balance",
        Bilingual(
            f"Page {line.page}: the bookings lead to a balance of {due.en}"
            f" where {printed.en} is printed: {line.text[:80]}",
            f"Seite {line.page}: Die Buchungen ergeben einen Saldo von {due.de},"
            f" gedruckt ist {printed.de}: {line.text[:80]}",
        ),
    )


def unread_rows(printed: PrintedStatement, last: date) -> Iterator[UnreadRow]:
    """The lines of which it is not known what they are, unless balances prove that none lacks."""
    without = [row.line for row in printed.rows if row.amount is None]
    for line in [*printed.loose, *without]:
        day = leading_day(line.words)
        if printed.is_proven and (day is None or _is_spanned(printed, line)):
            continue
        text = f"{line.page}: {line.text[:80]}"
        yield UnreadRow(
            Bilingual(f"Page {text}", f"Seite {text}"),
            day.on(last) if day else None,
            printed.head.account,
        )


def _is_spanned(printed: PrintedStatement, line: Line) -> bool:
    """Whether a line stands between balances that prove that no booking lacks there."""
    above, below = printed.opening, printed.closing
    if printed.newest_first:
        above, below = below, above
    held = [_place(row.line) for row in printed.rows if row.balance is not None]
    return (above is not None or any(each <= _place(line) for each in held)) and (
        below is not None or any(each >= _place(line) for each in held)
    )


def _place(line: Line) -> tuple[int, float]:
    return line.page, line.top
