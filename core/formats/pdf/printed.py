"""Amounts and dates among a line's words, read as Germans write them (`notation.py`)."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from core.formats.common.months import MONTH, STARTS, number_of
from core.formats.pdf.page import Word
from core.money import LARGEST

SIGNS = {
    **dict.fromkeys(("-", "−", "–", "—", "―", "‒", "‐", "‑", "\u00ad"), -1),
    **dict.fromkeys(
        ("S", "D", "DR", "Dr", "dr", "OD", "Soll", "SOLL", "Debet", "Débit", "Debit", "DBIT", "Af"),
        -1,
    ),
    **dict.fromkeys(
        ("+", "H", "C", "CR", "Cr", "cr", "Haben", "HABEN", "Crédit", "Credit", "CRDT", "Bij"), 1
    ),
}
MINUS = frozenset("+-−–—―‒‐‑")
BEFORE = frozenset("+-−–—―‒‐‑SH\u00ad")  # signs in front of an amount
CURRENCIES = {
    *("€", "EUR", "EURO", "Euro", "£", "GBP", "$", "USD", "CHF", "Fr."),
    *("AUD", "BGN", "BRL", "CAD", "CNY", "CZK", "DKK", "HKD", "HUF", "ILS", "INR", "JPY", "MXN"),
    *("NOK", "NZD", "PLN", "RON", "SEK", "SGD", "TRY", "ZAR"),
}
NUMBER = re.compile(
    r"(?P<before>[-+−–])?(?P<whole>\d{1,3}(?:[.']\d{3})+|\d{1,12}),(?P<cents>\d\d)"
    r"(?P<after>[-+−–SH])?(?:€|EUR)?"
)
NUMERIC = re.compile(r"(\d{1,2})\.(\d{1,2})\.(?:(\d{4}|\d{2})\.?)?")
APART = re.compile(r"(\d{1,2})\. (\d{1,2})\. ?(\d{4}|\d\d)?\.?")  # 3. 3. 2025
SLASHED = re.compile(r"(\d\d)/(\d\d)(?:/(\d{4}|\d\d))?")
DASHED = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4}|\d\d)")
ISO = re.compile(r"(\d{4})([-/.])(\d\d)\2(\d\d)\.?")
WHOLE = re.compile(
    r"(?<!\d)(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d\d)(?!\d)"
    r"|(\d{4})[-/.](\d\d)[-/.](\d\d)(?!\d)"
)
NAMED = re.compile(rf"(\d{{1,2}})(?:\.|er)? (?:de )?{MONTH} (?:de )?(\d{{4}})\b", re.IGNORECASE)
SHORT = re.compile(rf"(\d{{1,2}}) {MONTH} (\d\d)", re.IGNORECASE)
NO_YEAR = re.compile(rf"(\d{{1,2}})\.? {MONTH}", re.IGNORECASE)
CLOSED = re.compile(rf"(\d{{1,2}})[-./]?{MONTH}(?:[-./]?(\d{{4}}|\d\d))?", re.IGNORECASE)
MONTH_FIRST = re.compile(rf"\b{MONTH} (\d{{1,2}})(?:,? (\d{{4}}))?,?", re.IGNORECASE)
LIKE_DAY = re.compile(r"\d{1,2}(?:[-./\s]|[^\W\d_]|$)|\d{4}[-./]")  # as words begin that tell one
YEARS = range(1970, 2100)
WEEK = timedelta(days=7)
WIDE = 1.2  # digits
BESIDE = 14.0  # points between an amount and its sign at most


@dataclass(frozen=True)  # without slots: it keeps where it ends
class Amount:
    """An amount in cents, signed where a sign is printed; `right` is where its digits end.

    `named` says that a letter or word, such as S or Haben, gives it its side; `end` is where a mark
    ends that stands behind it.
    """

    cents: int
    signed: bool
    word: Word
    first: int
    last: int
    named: bool = False
    end: float | None = None

    @cached_property
    def right(self) -> float:
        """Where amounts of a column stand below each other; a mark may follow or cling."""
        text = self.word.text
        clings = len(text) - len(text.rstrip("SHEUROCDrcd€)*"))
        return self.word.right - clings * (self.word.right - self.word.left) / len(text)


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """A day whose year may not be printed, and how many words it takes."""

    day: int
    month: int
    year: int | None
    words: int

    def after(self, first: date) -> date | None:
        """The date; without a year the first one from a week before `first` on."""
        years = (self.year,) if self.year else (first.year - 1, first.year, first.year + 1)
        found = (replace(self, year=year).on(first) for year in years)
        return next((on for on in found if on and (self.year or on >= first - WEEK)), None)

    def on(self, last: date) -> date | None:
        """The date; without a year the latest that is not long after `last`."""
        years = (self.year,) if self.year else (last.year + 1, last.year, last.year - 1)
        for year in years:
            try:
                found = date(year, self.month, self.day)
            except ValueError:
                continue
            if self.year or (found - last).days <= 31:
                return found
        return None


def amounts(words: Sequence[Word]) -> Iterator[Amount]:
    """The amounts among a line's words, with signs and currency that stand beside them."""
    for at, word in enumerate(words):
        reading = word.reading
        if "," not in reading or (match := NUMBER.fullmatch(reading)) is None:
            continue
        cents = int(re.sub(r"\D", "", match["whole"])) * 100 + int(match["cents"])
        mark, first, last = match["before"] or match["after"], at, at
        before = words[at - 1] if at else None
        if before and word.left - before.right < BESIDE and not _trails(words, at - 1):
            if mark is None and before.text in BEFORE:
                mark, first = before.text, at - 1
            elif before.text in CURRENCIES:
                first = at - 1
                if mark is None and (sign := _sign_before(words, at - 1)) is not None:
                    mark, first = sign, at - 2
            elif mark is None and before.text[0] in MINUS and before.text[1:] in CURRENCIES:
                mark, first = before.text[0], at - 1
        while last + 1 < len(words) and words[last + 1].left - words[last].right < BESIDE:
            beside = words[last + 1].text
            if mark is None and beside[-1] in MINUS and beside[:-1] in CURRENCIES:
                mark, last = beside[-1], last + 1
                break
            if not _trails(words, last + 1):
                break
            if mark is None and beside in SIGNS:
                mark = beside
            elif beside not in CURRENCIES:
                break
            last += 1
        if cents > LARGEST:
            continue
        named = mark is not None and mark.isalpha()
        end = words[last].right if last > at else None
        signed = cents * SIGNS.get(mark or "+", 1)
        yield Amount(signed, mark is not None, word, first, last, named, end)


def _trails(words: Sequence[Word], at: int) -> bool:
    """Whether a mark belongs to the amount before it: there is one, and none stands nearer."""
    if at == 0 or not _is_of_amount(words[at - 1]) or _leads(words, at - 1):
        return False
    if at + 1 == len(words) or not _is_of_amount(words[at + 1]):
        return True
    return words[at].left - words[at - 1].right <= words[at + 1].left - words[at].right


def _sign_before(words: Sequence[Word], at: int) -> str | None:
    """The sign before a currency that stands in front of its amount, as in `- € 12,00`."""
    if at == 0 or not _leads(words, at) or _trails(words, at - 1):
        return None
    sign = words[at - 1]
    near = words[at].left - sign.right < BESIDE
    return sign.text if near and sign.text in BEFORE else None


def _leads(words: Sequence[Word], at: int) -> bool:
    """Whether a currency stands in front of its amount: there is none right before it."""
    if words[at].text not in CURRENCIES:
        return False
    before = words[at - 1] if at else None
    near = before is not None and words[at].left - before.right < BESIDE
    return not (near and before is not None and NUMBER.fullmatch(before.reading))


def _is_of_amount(word: Word) -> bool:
    return word.text in CURRENCIES or NUMBER.fullmatch(word.reading) is not None


LONGEST_DAY = 3  # words


def leading_day(words: Sequence[Word]) -> PrintedDay | None:
    """The day that the words begin with."""
    if not words:
        return None
    text = words[0].reading
    if not text[0].isdigit():
        return _named_day(words) if text[:3].lower() in STARTS else None
    if "," in text or LIKE_DAY.match(text) is None:
        return None
    if match := NUMERIC.fullmatch(text) or SLASHED.fullmatch(text) or DASHED.fullmatch(text):
        year = match[3] and int(match[3])
        return _day(int(match[1]), int(match[2]), year, 1)
    if match := ISO.fullmatch(text):
        return _day(int(match[4]), int(match[3]), int(match[1]), 1)
    goes_on = len(words) > 1 and words[1].text[0].isdigit()
    if text[-1] == "." and goes_on and (day := _day_apart(words)):
        return day
    if (match := CLOSED.fullmatch(text)) is not None:
        return _day(int(match[1]), number_of(match[2]), match[3], 1)
    if len(words) >= 3 and (match := NAMED.fullmatch(" ".join(w.text for w in words[:3]))):
        return _day(int(match[1]), number_of(match[2]), int(match[3]), 3)
    match = SHORT.fullmatch(" ".join(w.text for w in words[:3]))
    if match and _stand_together(words[:3]):
        return _day(int(match[1]), number_of(match[2]), int(match[3]), 3)
    match = NO_YEAR.fullmatch(" ".join(w.text for w in words[:2]))
    if match and len(words) >= 2 and _stand_together(words[:2]):
        return _day(int(match[1]), number_of(match[2]), None, 2)
    return None


def _day_apart(words: Sequence[Word]) -> PrintedDay | None:
    """The day of `3. 3. 2025`, whose parts are words."""
    for count in (3, 2):
        match = APART.fullmatch(" ".join(word.text for word in words[:count]))
        if match and _stand_together(words[:count]):
            return _day(int(match[1]), int(match[2]), match[3], min(count, len(words)))
    return None


def _named_day(words: Sequence[Word]) -> PrintedDay | None:
    """The day of `Dec 1, 2025`."""
    for count in (3, 2):
        match = MONTH_FIRST.fullmatch(" ".join(word.text for word in words[:count]))
        if match and len(words) >= count:
            return _day(int(match[2]), number_of(match[1]), match[3], count)
    return None


def _stand_together(words: Sequence[Word]) -> bool:
    """Whether no more than a blank is between the words: in a table columns stand further apart.

    Where each sign is as wide as the others a blank is as wide as a digit.
    """
    first = words[0]
    digit = (first.right - first.left) / len(first.text)
    blank = max(0.6 * (first.bottom - first.top), WIDE * digit)
    return all(after.left - before.right <= blank for before, after in pairwise(words))


def _day(day: int, month: int, year: int | str | None, words: int) -> PrintedDay | None:
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    full = int(year) if year else None
    if full is not None:
        full += 2000 if full < 100 else 0
        if full not in YEARS:
            return None
    return PrintedDay(day, month, full, words)


def dates(text: str) -> list[date]:
    """All whole dates in a text."""
    numbered = []
    for match in WHOLE.finditer(text):
        if match[4]:
            numbers = int(match[4]), int(match[5]), int(match[6])
        else:
            numbers = int(match[3]), int(match[2]), int(match[1])
        numbered.append((match.start(), numbers))
    for match in NAMED.finditer(text):
        numbers = int(match[3]), number_of(match[2]), int(match[1])
        numbered.append((match.start(), numbers))
    for match in MONTH_FIRST.finditer(text):
        if match[3]:
            numbers = int(match[3]), number_of(match[1]), int(match[2])
            numbered.append((match.start(), numbers))
    found = []
    for _, numbers in sorted(numbered):
        year = numbers[0] + (2000 if numbers[0] < 100 else 0)
        with suppress(ValueError):
            found.append(date(year if year in YEARS else 0, *numbers[1:]))
    return found
