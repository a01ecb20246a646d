"""Which amounts of a scanned statement nothing proves, each by its place.

Certain is what the balances hold: what a row's running balance leads to, or all of a statement
whose bookings lead from its opening to its closing balance. Of the others, those are named one by
one in which two readers differ or one was not sure, and the rest by the page.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.bilingual import Bilingual
from core.documents import Finding
from core.formats.pdf.misread import SURE
from core.formats.pdf.page import CERTAIN, Word
from core.formats.pdf.printed import NUMBER

if TYPE_CHECKING:
    from core.formats.pdf.printed_statement import PrintedRow, PrintedStatement


def doubts(printed: "PrintedStatement") -> Iterator[Finding]:
    """The amounts that may be misread."""
    open_rows = [row for row in _unproven(printed) if any(map(_is_scanned, row.words))]
    pages: dict[int, list[str]] = {}
    for row in open_rows:
        for word in row.words:
            if not NUMBER.fullmatch(word.reading):
                continue
            if word.confidence < SURE:
                yield _doubtful(row.line.page, word.text)
            else:
                pages.setdefault(row.line.page, []).append(word.text)
    for page, amounts in pages.items():
        yield _unheld(page, amounts)


def _is_scanned(word: Word) -> bool:
    return word.confidence < CERTAIN


def _unproven(printed: "PrintedStatement") -> list["PrintedRow"]:
    """The rows that no balance holds."""
    if printed.opening is None:
        return _between(printed.rows, None)
    running = printed.opening.cents
    for row in printed.rows:
        running += row.amount or 0
    if printed.closing is not None and printed.closing.cents == running:
        return []
    return _between(printed.rows, printed.opening.cents)


def _between(rows: list["PrintedRow"], before: int | None) -> list["PrintedRow"]:
    """The rows that the balances beside them do not hold."""
    found, waiting, summed = [], list["PrintedRow"](), 0
    for row in rows:
        waiting.append(row)
        summed += row.amount or 0
        if row.balance is None:
            continue
        if before is None or before + summed != row.balance:
            found += waiting
        before, waiting, summed = row.balance, [], 0
    return [*found, *waiting]


def _doubtful(page: int, amount: str) -> Finding:
    return Finding(
        "doubtful_amount",
        Bilingual(
            f"Page {page}: {amount} may be misread; no balance of its statement proves it.",
            f"Seite {page}: {amount} ist vielleicht falsch gelesen; kein Saldo des Kontoauszugs"
            " belegt den Betrag.",
        ),
    )


def _unheld(page: int, amounts: list[str]) -> Finding:
    listed = "; ".join(amounts)
    return Finding(
        "doubtful_amount",
        Bilingual(
            f"Page {page}: no balance proves what was read off this scan: {listed}",
            f"Seite {page}: Kein Saldo belegt, was von diesem Scan gelesen wurde: {listed}",
        ),
    )
