"""The headings of a page: what stands apart above its table, and which of them is its title."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from core.formats.common.months import MONTH
from core.formats.papers.titles import (
    COMPANY,
    TALLER,
    Heading,
    Title,
    folded,
    headed,
    names_statement,
    title_of,
)
from core.formats.pdf.page import Line, Word

HEAD_LINES = 40  # of a page, in which its title stands
HEADED = 2  # names of columns that a heading has
APART = 1.8  # heights of letters between headings on one line
# From a table's heading on, or its first line with a day and an amount, what stands on the left may
# be the text of a booking, and no title.
DAY = re.compile(
    rf"(?<!\d)\d{{1,4}}[./-]\s?\d{{1,2}}(?:[./-]|\b)|\b\d{{1,2}}\.?\s?{MONTH}(?![^\W\d_])",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,' ]?\d{3})*[.,]\d\d(?![\d.,/]*\d)")
COLUMNS = re.compile(
    r"(?<!\w)(?:datum|buchung(?:stag|sdatum)?|valuta|wert(?:stellung)?|beleg|text|buchungstext"
    r"|verwendungszweck|vorgang|bezeichnung|betrag|soll|haben|saldo|belastung|gutschrift"
    r"|zahlungs(?:ein|aus)gang|date|description|details|particulars|amount|balance|debit|credit"
    r"|money|paid|withdrawals?|deposits?|libellé|opération|montant|débit|crédit|solde|valeur|data"
    r"|descrizione|operazione|importo|dare|avere|addebit[oi]|accredit[oi]|fecha|concepto|importe"
    r"|cargo|abono|bedrag|omschrijving|af|bij|menge|einzelpreis|quantity|price)(?!\w)",
    re.IGNORECASE,
)
# What a bank's name has, and words by which only a bank tells its own number or a day of value.
BANK = re.compile(
    r"bank(?:en|a|o|as)?\b|\bban(?:ca|co|que|c)\b|sparkasse|\bkasse\b|raiffeisen|\bcaisse\b"
    r"|credit union|building society|\bbic\b|swift|\bvaluta|wertstellung|value date|sort code",
    re.IGNORECASE,
)
NAME = re.compile(r"[^\W\d_]{3}")  # a heading says something


def title(page: Sequence[Line]) -> tuple[Title | None, Line | None]:
    """What a page is called, and the line that says so."""
    found = [(each, line) for line in head(page) for each in headings(line)]
    called = title_of(heading for heading, _ in found)
    above = next((line for heading, line in found if called and heading.text == called.text), None)
    columns = next((line for line in page[:HEAD_LINES] if _names_columns(line.text)), None)
    if columns is not None and (called is None or called.paper is None):
        paper = headed(columns.text)
        if paper is not None:
            return Title(paper, (above or columns).text), above or columns
    return called, above


def head(page: Sequence[Line]) -> Sequence[Line]:
    """The lines above the first table."""
    tables = (at for at, line in enumerate(page[:HEAD_LINES]) if _begins_table(line.text))
    return page[: next(tables, HEAD_LINES)]


def _begins_table(text: str) -> bool:
    return (is_row(text) or _names_columns(text)) and not names_statement([text])


def is_row(text: str) -> bool:
    without, amounts = AMOUNT.subn("", text)
    return amounts > 0 and DAY.search(without) is not None


def _names_columns(text: str) -> bool:
    names = {match.lower() for match in COLUMNS.findall(text)}
    return len(names) >= HEADED and not AMOUNT.search(text)


def headings(line: Line) -> Iterator[Heading]:
    """The groups of words that stand together on a line."""
    words: list[Word] = [*line.words[:1]]
    for before, word in pairwise(line.words):
        if word.left - before.right > APART * line.height:
            yield _heading(words)
            words = []
        words.append(word)
    if words:
        yield _heading(words)


def _heading(words: Sequence[Word]) -> Heading:
    height = max(word.bottom - word.top for word in words)
    return Heading(" ".join(word.text for word in words), height)


def calls_itself_otherwise(page: Sequence[Line]) -> bool:
    """Whether a page that names no bank is entitled, in larger letters, with words unknown here."""
    above = [each for line in head(page) for each in headings(line) if NAME.search(each.text)]
    usual = median(each.height for each in above) if above else 0
    larger = [each for each in above[1:] if each.height > TALLER * usual]
    return any(not COMPANY.search(folded(each.text)) for each in larger) and not any(
        BANK.search(line.text) for line in page
    )
