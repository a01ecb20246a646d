"""How a document writes amounts and days: one way for all of it, found from all its pages.

What is read is what Germans write (1.234,56 and 31.12.2024). A document that writes otherwise has
its amounts and days restated so; its text is left as it is. Where its pages do not prove which way
it writes, nothing is guessed: it is refused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.pdf.page import Line, Word
from core.formats.pdf.printed import NUMBER, leading_day

DOLLARS = r"(?:US|A|AU|C|CA|NZ|HK|S|R)\$"
POINTED = re.compile(
    rf"(?P<open>\()?(?P<before>[-+−–])?(?:{DOLLARS}|[£$€]|CHF|GBP|USD|EUR)?(?P<inner>[-+−–])?"
    r"(?P<whole>\d{1,3}(?:[,'’]\d{3})+|\d{1,12})\.(?P<cents>\d\d)"
    r"(?P<close>\))?(?P<after>[-+−–]|CR|DR|Cr|Dr)?"
)
MARKS = {"CR": "H", "Cr": "H", "DR": "S", "Dr": "S"}
DAY_AND_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])")  # as 24.12
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?|(\d{1,2})-(\d{1,2})-(\d{4}|\d\d)")
CLEARLY = 2  # times as many amounts in one way as in the other


@dataclass(frozen=True, slots=True)
class Notation:
    """How a document writes: a point before the cents, the month before the day."""

    pointed: bool = False
    month_first: bool = False

    def restate(self, line: Line) -> Line:
        """The line, its amounts and days also as Germans would write them."""
        if not self.pointed:
            return line
        words = tuple([self._restated(word) for word in line.words])
        return line if words == line.words else replace(line, words=words)

    def _restated(self, word: Word) -> Word:
        if match := POINTED.fullmatch(word.text):
            return replace(word, restated=_amount(match))
        if match := SLASHED.fullmatch(word.text):
            first, second, year = _slashed(match)
            day, month = (second, first) if self.month_first else (first, second)
            return replace(word, restated=f"{day}.{month}.{year or ''}")
        return word


def find_notation(pages: Sequence[Sequence[Line]]) -> Notation:
    """How the pages write; raises Unreadable where they do not prove it."""
    lines = [line for page in pages for line in page]
    commas, points = _counts(lines)
    if points < CLEARLY * commas and commas < CLEARLY * points:  # texts have amounts as well
        commas, points = _counts([line for line in lines if leading_day(line.words)])
    if commas >= CLEARLY * points:
        return Notation()
    if points < CLEARLY * commas:
        raise Unreadable(
            Bilingual(
                f"The document writes {commas} amounts with a comma before the cents and {points}"
                " with a point, so what its amounts are is not certain. Send the bank's electronic"
                " statements.",
                f"Im Dokument stehen {commas} Beträge mit Komma und {points} mit Punkt vor den"
                " Cent; welche Beträge gemeint sind, ist deshalb nicht sicher. Bitte die"
                " elektronischen Kontoauszüge der Bank senden.",
            ),
            code="amounts_ambiguous",
        )
    month_first = _month_first(lines)
    return Notation(True, month_first)


def _counts(lines: Iterable[Line]) -> tuple[int, int]:
    """How many amounts have a comma before their cents, and how many a point."""
    texts = [word.text for line in lines for word in line.words]
    pointed = (text for text in texts if "." in text and POINTED.fullmatch(text))
    points = sum(1 for text in pointed if not _may_be_day(text))
    return sum(1 for text in texts if "," in text and NUMBER.fullmatch(text)), points


def _slashed(match: re.Match[str]) -> tuple[str, str, str | None]:
    """The first and second number of a day, and its year."""
    at = 4 if match[4] else 1
    return match[at], match[at + 1], match[at + 2]


def _may_be_day(text: str) -> bool:
    return DAY_AND_MONTH.fullmatch(text) is not None


def _amount(match: re.Match[str]) -> str:
    digits = int(re.sub(r"\D", "", match["whole"]))
    minus = match["before"] or match["inner"] or ("-" if match["open"] else "")
    mark = "" if minus else MARKS.get(match["after"] or "", match["after"] or "")
    return f"{minus}{digits},{match['cents']}{mark}"


def _month_first(lines: Iterable[Line]) -> bool:
    """Whether days such as 12/31/2024 begin with the month: some day must be beyond the 12th."""
    found = [
        (int(first), int(second))
        for line in lines
        for at, word in enumerate(line.words)
        if (match := SLASHED.fullmatch(word.text))
        for first, second, year in [_slashed(match)]
        if year or at == 0
    ]
    day_first = any(first > 12 for first, _ in found)
    month_first = any(second > 12 for _, second in found)
    if found and day_first == month_first:
        raise Unreadable(
            Bilingual(
                "The document writes days with slashes, and its pages do not show whether the day"
                " or the month comes first. Send the bank's electronic statements, or those of a"
                " whole month.",
                "Das Dokument schreibt Daten mit Schrägstrichen, und seine Seiten zeigen nicht, ob"
                " Tag oder Monat zuerst kommt. Bitte die elektronischen Kontoauszüge der Bank"
                " senden oder die eines ganzen Monats.",
            ),
            code="dates_ambiguous",
        )
    return month_first
