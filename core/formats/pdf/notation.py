"""How a document writes amounts and days: one way for all of it, found from all its pages.

What is read is what Germans write (1.234,56 and 31.12.2024). A document that writes otherwise has
its amounts and days restated so; its text is left as it is. Where its pages do not prove which way
it writes, nothing is guessed: it is refused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.common.months import MONTH
from core.formats.pdf.page import Line, Word
from core.formats.pdf.printed import NUMBER, dates, leading_day

DOLLARS = r"(?:US|A|AU|C|CA|NZ|HK|S|R)\$"
POINTED = re.compile(
    rf"(?P<open>\()?(?P<before>[-+−–])?(?:{DOLLARS}|[£$€]|CHF|GBP|USD|EUR)?(?P<inner>[-+−–])?"
    r"(?P<whole>\d{1,3}(?:[,'’]\d{3})+|\d{1,12})\.(?P<cents>\d\d)"
    r"(?P<close>\))?(?P<after>[-+−–]|CR|DR|Cr|Dr|cr|dr|OD)?"
)
MARKS = {"CR": "H", "Cr": "H", "cr": "H", "DR": "S", "Dr": "S", "dr": "S", "OD": "S"}
DAY_AND_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])")  # as 24.12
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?|(\d{1,2})-(\d{1,2})-(\d{4}|\d\d)")
WHOLE_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)|(\d{1,2})-(\d{1,2})-(\d{4})")
NAMED_DAY = rf"(?:\d{{1,2}} {MONTH},? \d{{4}}|{MONTH} \d{{1,2}},? \d{{4}})"
NAMED_SPAN = re.compile(
    rf"(?P<first>{NAMED_DAY})\s*(?:to|until|through|-|–)\s*(?P<last>{NAMED_DAY})", re.IGNORECASE
)
SORT_CODE = re.compile(r"\bsort ?code\b", re.IGNORECASE)
FEW = 2
CLEARLY = 2  # times as many amounts in one way as in the other


@dataclass(frozen=True, slots=True)
class Notation:
    """How a document writes: a point before the cents, the month before the day.

    `slashed` says that one with a comma writes whole days with slashes or hyphens.
    """

    pointed: bool = False
    month_first: bool = False
    slashed: bool = False

    def restate(self, line: Line) -> Line:
        """The line, its amounts and days also as Germans would write them."""
        if not self.pointed and not self.slashed:
            return line
        words = tuple([self._restated(word) for word in line.words])
        return line if words == line.words else replace(line, words=words)

    def _restated(self, word: Word) -> Word:
        if not self.pointed:
            match = WHOLE_DAY.fullmatch(word.text)
            return replace(word, restated=_day(match, month_first=False)) if match else word
        if match := POINTED.fullmatch(word.text):
            return replace(word, restated=_amount(match))
        if match := SLASHED.fullmatch(word.text):
            return replace(word, restated=_day(match, self.month_first))
        return word


def _day(match: re.Match[str], month_first: bool) -> str:
    first, second, year = _slashed(match)
    day, month = (second, first) if month_first else (first, second)
    return f"{day}.{month}.{year or ''}"


def find_notation(pages: Sequence[Sequence[Line]]) -> Notation:
    """How the pages write; raises Unreadable where they do not prove it."""
    lines = [line for page in pages for line in page]
    commas, points = _counts(lines)
    if points < CLEARLY * commas and commas < CLEARLY * points:  # texts have amounts as well
        commas, points = _counts([line for line in lines if leading_day(line.words)])
    if commas >= CLEARLY * points:
        return Notation(slashed=_writes_day_first(lines))
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


def _writes_day_first(lines: Iterable[Line]) -> bool:
    """Whether there are whole days with slashes or hyphens, and all may begin with the day.

    Who writes a comma before the cents writes the day first, if not the year.
    """
    found = [
        match
        for line in lines
        for word in line.words
        if 7 < len(word.text) < 11 and (match := WHOLE_DAY.fullmatch(word.text))
    ]
    return bool(found) and all(int(_slashed(each)[1]) <= 12 for each in found)


def _month_first(lines: Sequence[Line]) -> bool:
    """Whether days such as 12/31/2024 begin with the month: some day must be beyond the 12th.

    Else the period must tell it, or no booking's day be written so.
    """
    found = [
        (at, int(first), int(second), year)
        for line in lines
        if not SORT_CODE.search(line.text)
        for at, word in enumerate(line.words)
        if (match := SLASHED.fullmatch(word.text))
        for first, second, year in [_slashed(match)]
        if year or at == 0
    ]
    day_first = any(first > 12 for _, first, _, _ in found)
    month_first = any(second > 12 for _, _, second, _ in found)
    if not found or day_first != month_first:
        return month_first
    begun = [(first, second, year) for at, first, second, year in found if at == 0]
    if not day_first and not begun and sum(_begins_with_day(line) for line in lines) >= FEW:
        return False  # only texts tell such days
    if not day_first and (told := _by_period(lines, begun)) is not None:
        return told
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


def _begins_with_day(line: Line) -> bool:
    return (
        leading_day(line.words) is not None and POINTED.fullmatch(line.words[-1].text) is not None
    )


def _by_period(lines: Iterable[Line], begun: Sequence[tuple[int, int, str | None]]) -> bool | None:
    """Whether months come first by the period that words name: only so all days lie within it."""
    span = NAMED_SPAN.search("\n".join(line.text for line in lines))
    if span is None or not begun:
        return None
    days = [day for text in (span["first"], span["last"]) for day in dates(text)]
    if len(days) != 2 or days[0] > days[1]:
        return None
    within = {
        (days[0] + timedelta(at)).timetuple()[:3] for at in range((days[1] - days[0]).days + 1)
    }

    def fits(month_first: bool) -> bool:
        return all(
            any(
                each[1:] == ((first, second) if month_first else (second, first))
                and (year is None or each[0] % 100 == int(year) % 100)
                for each in within
            )
            for first, second, year in begun
        )

    return fits(True) if fits(True) != fits(False) else None
