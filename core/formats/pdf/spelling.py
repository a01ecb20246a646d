"""Amounts and days as printers spell them, set out as the one spelling that is read.

Leaders, footnote marks, odd blanks and hyphens, parentheses, a currency in front, cents as dashes
and words that touch each other are of the printer's making; what is said is the same.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from core.formats.common.months import MONTH, number_of
from core.formats.pdf.balances import balance_kind
from core.formats.pdf.notation import DOLLARS, POINTED
from core.formats.pdf.page import SAME, Line, Word
from core.formats.pdf.printed import NUMBER, dates, leading_day

MINUS = "−–—―‒‐‑\u00ad"
BLANKS = " \u2009\u202f\u00a0\u2007\u2008"
SPELT = re.compile(
    rf"(?P<lead>[.·…_*=]{{2,}}|[*=])?(?P<open>\()?(?P<sign>[-+{MINUS}])?(?P<front>{DOLLARS}|[€£$]|[A-Z]{{3}})?"
    rf"(?P<inner>[-+{MINUS}])?(?P<whole>\d{{1,3}}(?:[.,'’{BLANKS}]\d{{3}})+|\d{{1,12}})"
    rf"(?P<point>[.,])(?P<cents>\d\d|[-–—]{{1,2}})(?P<close>\))?(?P<mark>[*†‡])?"
    rf"(?P<after>[-+{MINUS}]|CR|DR|Cr|Dr|cr|dr|OD|[SH])?(?P<behind>€|EUR|£|\$)?(?P<note>[*†‡¹²³]+)?"
)
DAYS = re.compile(
    r"(\d\d\.\d\d\.(?:(?:19|20)\d\d|\d\d)?)(\d\d\.\d\d\.(?:(?:19|20)\d\d|\d\d)?)?([^\W\d_].*)?"
)
TOUCHING = re.compile(
    r"(.*[^\W\d_]{2}|.*[:;)])([-+−–]?(?:\d{1,3}(?:[.']\d{3})+|\d{1,12}),\d\d[-+SH]?)"
)
TOUCHING_POINTED = re.compile(
    r"(.*[^\W\d_]{2}|.*[:;)])([-+−–]?(?:\d{1,3}(?:[,'’]\d{3})+|\d{1,12})\.\d\d)"
)
FIRST_GROUP = re.compile(rf"[-+{MINUS}(€£$]*\d{{1,3}}")
NEXT_GROUP = re.compile(rf"\d{{3}}(?:[.,]\d\d[-)+{MINUS}SH€]*)?")
LAST_GROUP = re.compile(rf"\d{{3}}[.,]\d\d[-)+{MINUS}SH€]*")
GROUPED = re.compile(r"\D*(?:\d{1,3}(?:[.,'’]\d{3})+|\d{4,})[.,]\d\d\D*")
WHOLE = re.compile(r"[-+−–]?(?:\d{1,3}(?:[.,'’]\d{3})+|\d{1,9})[-+SH]?")
PARTED = re.compile(r"[-+−–]?\d{1,3}(?:[.,'’]\d{3})+[-+SH]?")
THREE_DIGITS = re.compile(r"\d{3}")
BARE = {
    "01.12": re.compile(r"(\d{1,2})\.(\d{1,2})"),
    "01-12": re.compile(r"(\d\d)-(\d\d)"),
    "011225": re.compile(r"(\d\d)(\d\d)(\d\d)"),
    "01-12-25": re.compile(r"(\d\d)-(\d\d)-(\d\d)"),
    "20251201": re.compile(r"(\d\d)(\d\d)(\d\d)(\d\d)"),
}
READABLE = ("01-12-25",)  # are days as they stand, though the year may come first
DAY_ALONE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.?")
MONTH_ALONE = re.compile(rf"(?:{MONTH}|(0?[1-9]|1[0-2])\.?)", re.IGNORECASE)
TWO_DIGITS = re.compile(r"\d\d")
YEARLESS = re.compile(r"\d{1,2}\.\d{1,2}\.")
YEAR_ALONE = re.compile(r"(?:19|20)\d\d")
MOST = 0.6  # of the lines that may be bookings: so many show how a table is written
BLANK = 0.45  # of a line's height: so wide is a blank between thousands at most
FEW = 2
WIDE = 1.2  # times a digit's width: so wide, where each sign of a type is as wide as the others

Pages = Sequence[Sequence[Line]]


def spelt(pages: Pages) -> list[list[Line]]:
    """The pages with their amounts in one word each, and nothing in it but the amount."""
    found = [[_respelt(line) for line in page] for page in pages]
    blank = _blank(found)
    if blank is not None:
        found = [[_joined(line, blank) for line in page] for page in found]
    elif not _has_amounts(found):
        found = _with_cents(found)
    return found


def _has_amounts(pages: Pages) -> bool:
    """Whether a line that may be a booking or a balance has an amount with its cents."""
    lines = [line for page in pages for line in page]
    return any(
        GROUPED.fullmatch(word.text) or _is_amount(word.text)
        for line in lines
        for word in line.words
        if _has_point(word.text) and (leading_day(line.words) or balance_kind(line.text))
    )


def _blank(pages: Pages) -> float | None:
    """How many digits wide a blank between thousands is at most; None where none stands there.

    What bookings and balances have tells it, whatever texts have. Where it is as wide as a digit,
    it must be so more than once: it may as well part two numbers.
    """
    lines = [line for page in pages for line in page]
    apart = [line for line in lines if _may_be_apart(line)]
    if not _apart(apart, 0.0) and _apart(apart, WIDE) < FEW:  # as nearly always
        return None
    told = [each for each in lines if leading_day(each.words) or balance_kind(each.text)]
    for some in (told, lines):
        together = sum(any(GROUPED.fullmatch(w.text) for w in line.words) for line in some)
        kept = {id(line) for line in some}
        joined = [line for line in apart if id(line) in kept]
        narrow, wide = (_apart(joined, blank) for blank in (0.0, WIDE))
        if wide > together and wide >= FEW and wide > 2 * narrow:
            return WIDE
        if narrow > together:
            return 0.0
        if together:
            return None
    return None


def _apart(lines: Sequence[Line], blank: float) -> int:
    """On how many lines thousands stand apart if such a blank may part them."""
    return sum(len(_joined(line, blank).words) < len(line.words) for line in lines)


def _may_be_apart(line: Line) -> bool:
    return any(
        LAST_GROUP.fullmatch(after.text) and FIRST_GROUP.fullmatch(before.text)
        for before, after in pairwise(line.words)
    )


def parted(line: Line, pointed: bool) -> Line:
    """The line, days and amounts that touch other words as words of their own."""
    long = [word.text for word in line.words if len(word.text) > 8 and _has_point(word.text)]
    if not any(_pieces(text, pointed) for text in long):
        return line
    words: list[Word] = []
    for word in line.words:
        pieces = _pieces(word.text, pointed) if len(word.text) > 8 else None
        words.extend(_cut(word, pieces) if pieces else [word])
    return replace(line, words=tuple(words))


def with_days(pages: Pages) -> list[list[Line]]:
    """The pages, days without their points (`01.12`, `011225`) as days where a table has only such.

    Which number of six is the year is told by the years that the pages name elsewhere.
    """
    rows = _with_amounts(pages)
    if (apart := _with_days_apart(pages, rows)) is not pages:
        pages, rows = apart, _with_amounts(apart)
    unchanged = [list(page) for page in pages]
    plain = sum(1 for line in rows if leading_day(line.words))
    for name, pattern in BARE.items():
        firsts = [line.words[0] for line in rows if pattern.fullmatch(line.words[0].text)]
        if name == "01-12" and not plain:  # amounts may stand further below
            lines = [line for page in pages for line in page]
            firsts = [line.words[0] for line in lines if pattern.fullmatch(line.words[0].text)]
        digits = sum(1 for line in rows if line.words[0].text[0].isdigit())
        other = 0 if name in READABLE else plain
        if len(firsts) < 2 or len(firsts) < MOST * digits or len(firsts) <= other:
            continue
        years = {day.year for page in pages for line in page for day in dates(line.text)}
        write = _day_writer(name, [word.text for word in firsts], years)
        left = Counter(round(word.left) for word in firsts).most_common(1)[0][0]
        if write is not None:
            return [[_with_day(line, pattern, write, left) for line in page] for page in pages]
    return unchanged


def _with_amounts(pages: Pages) -> list[Line]:
    return [line for page in pages for line in page if any(_is_amount(w.text) for w in line.words)]


def _with_days_apart(pages: Pages, rows: Sequence[Line]) -> Pages:
    """The pages, days such as `02 01` as one word where lines with amounts begin with no other."""
    pairs = [line for line in rows if _day_apart(line.words)]
    digits = sum(1 for line in rows if line.words[0].text[0].isdigit())
    if len(pairs) < 2 or len(pairs) < MOST * digits or any(leading_day(r.words) for r in rows):
        return pages
    left = Counter(round(line.words[0].left) for line in pairs).most_common(1)[0][0]
    return [[_with_day_apart(line, left) for line in page] for page in pages]


def _day_apart(words: Sequence[Word]) -> str | None:
    """The day that two words of two digits each tell, which stand together."""
    if len(words) < 3 or not all(TWO_DIGITS.fullmatch(word.text) for word in words[:2]):
        return None
    day, month = words[:2]
    digit = (day.right - day.left) / len(day.text)
    near = 0 <= month.left - day.right <= max(BLANK * (day.bottom - day.top), WIDE * digit)
    right = 1 <= int(day.text) <= 31 and 1 <= int(month.text) <= 12
    return f"{day.text}.{month.text}." if near and right else None


def _with_day_apart(line: Line, left: float) -> Line:
    words = list(line.words)
    if abs(words[0].left - left) > SAME:
        return line
    for at in range(2):  # of booking, and of value
        day = _day_apart(words[at:])
        if day is None:
            break
        whole = replace(words[at], text=day, right=words[at + 1].right)
        words[at : at + 2] = [whole]
    return replace(line, words=tuple(words)) if len(words) < len(line.words) else line


def with_whole_days(pages: Pages) -> list[list[Line]]:
    """The pages, days that are broken over lines (`01`, `Dez.`, `2025`) as one word."""
    return [_with_years(_with_whole_days(page)) for page in pages]


def _with_years(page: Sequence[Line]) -> list[Line]:
    lines = list(page)
    for at in range(len(lines) - 1):
        years = [word for word in lines[at + 1].words if YEAR_ALONE.fullmatch(word.text)]
        if not years or not any(YEARLESS.fullmatch(word.text) for word in lines[at].words):
            continue
        words, taken = list(lines[at].words), list[Word]()
        for place, word in enumerate(words):
            below = [each for each in years if abs(each.left - word.left) <= SAME / 2]
            near = below and below[0].top - word.top <= 2 * (word.bottom - word.top)
            if near and YEARLESS.fullmatch(word.text):
                words[place] = replace(word, text=word.text + below[0].text)
                taken.append(below[0])
        rest = tuple(word for word in lines[at + 1].words if word not in taken)
        lines[at] = replace(lines[at], words=tuple(words))
        lines[at + 1] = replace(lines[at + 1], words=rest)
    return [line for line in lines if line.words]


def _with_whole_days(page: Sequence[Line]) -> list[Line]:
    lines = list(page)
    for at, line in enumerate(page):
        if not DAY_ALONE.fullmatch(line.words[0].text):
            continue
        places = _below(page, at)
        if len(places) < 3:
            continue
        parts = [page[each].words[0] for each in places]
        named = MONTH_ALONE.fullmatch(parts[1].text)
        if named is None or not YEAR_ALONE.fullmatch(parts[2].text):
            continue
        month = number_of(named[1]) if named[1] else int(named[2])
        text = f"{int(parts[0].text.rstrip('.')):02d}.{month:02d}.{parts[2].text}"
        day = replace(parts[0], text=text, bottom=parts[2].bottom)
        bears = [each for each in places if any(_is_amount(w.text) for w in page[each].words)]
        for each in places:
            words = lines[each].words[1:]
            if each == (bears or places)[0]:
                words = (day, *words)
            lines[each] = replace(lines[each], words=words)
    return [line for line in lines if line.words]


def _below(page: Sequence[Line], at: int) -> list[int]:
    """The line and the next two that begin at the same place close below it."""
    first = page[at].words[0]
    found = [at]
    for other in range(at + 1, min(at + 12, len(page))):
        word = page[other].words[0]
        if word.top - first.top > 4.5 * (first.bottom - first.top) or len(found) == 3:
            break
        if abs(word.left - first.left) <= 2:
            found.append(other)
    return found


def _respelt(line: Line) -> Line:
    pointed = [word.text for word in line.words if _has_point(word.text)]
    if not any(map(_spelling, pointed)):  # as nearly always
        return line
    return replace(line, words=tuple(_respelt_word(word) for word in line.words))


def _respelt_word(word: Word) -> Word:
    spelling = _spelling(word.text)
    if spelling is None:
        return word
    text, before, after = spelling
    wide = (word.right - word.left) / len(word.text)
    return replace(word, text=text, left=word.left + before * wide, right=word.right - after * wide)


def _spelling(text: str) -> tuple[str, int, int] | None:
    """An amount as it is usually spelt, and how many letters before and behind are none of it."""
    if not _has_point(text) or _is_amount(text):
        return None
    match = SPELT.fullmatch(text)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    signs = [match["sign"], match["inner"], match["open"] and "-"]
    minus = "-" if any(each and each != "+" for each in signs) else ""
    plus = "+" if "+" in signs and not minus else ""
    whole = match["whole"].translate(dict.fromkeys(map(ord, BLANKS)))
    cents = match["cents"] if match["cents"].isdigit() else "00"
    after = match["after"] or ""
    after = "-" if after and after in MINUS + "-" else after
    return (
        f"{minus or plus}{whole}{match['point']}{cents}{'' if minus else after}",
        len(match["lead"] or ""),
        sum(len(match[name] or "") for name in ("mark", "note", "behind")),
    )


def _has_point(text: str) -> bool:
    """Whether there is what each amount and each day has; most words have none."""
    return "," in text or "." in text


def _is_amount(text: str) -> bool:
    if not _has_point(text):
        return False
    return NUMBER.fullmatch(text) is not None or POINTED.fullmatch(text) is not None


def _joined(line: Line, blank: float) -> Line:
    """The line, amounts whose thousands a blank sets apart as one word."""
    words = list(line.words)
    at = len(words) - 1
    while at > 0:
        if LAST_GROUP.fullmatch(words[at].text):
            first = at
            while first and _goes_on(words[first - 1], words[first], blank):
                first -= 1
                if not NEXT_GROUP.fullmatch(words[first].text):
                    break
            if first < at and FIRST_GROUP.fullmatch(words[first].text):
                text = "".join(word.text for word in words[first : at + 1])
                whole = replace(words[at], text=text, left=words[first].left, at=words[first].at)
                words[first : at + 1] = [_respelt_word(whole)]
                at = first
        at -= 1
    return replace(line, words=tuple(words))


def _goes_on(before: Word, after: Word, blank: float) -> bool:
    digit = (after.right - after.left) / len(after.text)
    most = max(BLANK * (after.bottom - after.top), blank * digit)
    near = 0 <= after.left - before.right <= most
    return near and FIRST_GROUP.fullmatch(before.text) is not None


def _with_cents(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages, whole amounts with their cents: those that end where bookings' lines have them.

    And those of balances, whose thousands are parted.
    """
    joined = [[_joined_whole(line) for line in page] for page in pages]
    rows = [line for page in joined for line in page if leading_day(line.words)]
    ends = Counter(
        round(word.right)
        for line in rows
        for word in {round(w.right): w for w in line.words[1:] if WHOLE.fullmatch(w.text)}.values()
    )
    edges = [edge for edge, count in ends.items() if count >= 2 and count >= MOST * len(rows)]
    edges += [edge for edge in _edges_of_sides(rows, ends) if edge not in edges]
    if not edges:
        return pages

    def completed(line: Line, word: Word) -> Word:
        at_edge = any(abs(word.right - edge) <= 2 for edge in edges)
        of_balance = PARTED.fullmatch(word.text) and balance_kind(line.text) is not None
        if not (at_edge or of_balance) or not WHOLE.fullmatch(word.text):
            return word
        text, mark = word.text.rstrip("-+SH"), word.text.lstrip("-+−–0123456789.,'’")
        text = text.replace(",", ".")
        return replace(word, text=f"{text},00{mark}")

    return [
        [
            replace(line, words=tuple([completed(line, word) for word in line.words]))
            for line in page
        ]
        for page in joined
    ]


def _edges_of_sides(rows: Sequence[Line], ends: Counter[int]) -> list[int]:
    """Where whole amounts end whose thousands are parted: together most rows have one."""
    parted = {
        round(word.right) for row in rows for word in row.words[1:] if PARTED.fullmatch(word.text)
    }
    edges = [edge for edge in ends if any(abs(edge - each) <= 1 for each in parted)]
    filled = sum(
        any(WHOLE.fullmatch(w.text) and round(w.right) in edges for w in row.words[1:])
        for row in rows
    )
    return edges if filled >= 2 and filled >= MOST * len(rows) else []


def _joined_whole(line: Line) -> Line:
    """The line, whole amounts whose thousands a blank sets apart as one word."""
    words = list(line.words)
    at = len(words) - 1
    while at > 0:
        first = at
        if THREE_DIGITS.fullmatch(words[at].text):
            while first and _goes_on(words[first - 1], words[first], WIDE):
                first -= 1
                if not THREE_DIGITS.fullmatch(words[first].text):
                    break
        if first < at and FIRST_GROUP.fullmatch(words[first].text):
            text = ".".join(word.text for word in words[first : at + 1])
            whole = replace(words[at], text=text, left=words[first].left, at=words[first].at)
            words[first : at + 1] = [whole]
            at = first
        at -= 1
    return replace(line, words=tuple(words)) if len(words) < len(line.words) else line


def _pieces(text: str, pointed: bool) -> tuple[str, ...] | None:
    """Days, text and amount that were printed without a blank between them."""
    if not _has_point(text) or _is_amount(text):
        return None
    found = list[str]()
    if (match := DAYS.fullmatch(text)) and (match[2] or match[3]):
        *days, text = match.groups()
        found = [day for day in days if day]
    if text and (match := (TOUCHING_POINTED if pointed else TOUCHING).fullmatch(text)):
        found += match.groups()
    elif text and found:
        found.append(text)
    return tuple(found) if len(found) > 1 else None


def _cut(word: Word, pieces: Sequence[str]) -> Iterator[Word]:
    """The pieces of a word, as wide as their letters are many."""
    wide, left = (word.right - word.left) / len(word.text), word.left
    for at, piece in enumerate(pieces):
        right = word.right if at == len(pieces) - 1 else left + wide * len(piece)
        yield replace(word, text=piece, left=left, right=right)
        left = right


def _day_writer(name: str, texts: Sequence[str], years: set[int]) -> str | None:
    """How numbers become days: which of them is the day, the month, the year."""
    if name in ("01.12", "01-12"):
        pairs = [match for text in texts if (match := BARE[name].fullmatch(text))]
        return "{0}.{1}." if all(int(each[2]) <= 12 for each in pairs) else None
    orders: tuple[str, ...] = ("{3}.{2}.{0}{1}", "{0}.{1}.{2}{3}")
    if name in ("011225", "01-12-25"):
        orders = ("{0}.{1}.20{2}", "{2}.{1}.20{0}", "{1}.{0}.20{2}")
    pattern = BARE[name]
    fits = []
    for order in orders:
        found = [order.format(*match.groups()) for t in texts if (match := pattern.fullmatch(t))]
        days = [dates(each) for each in found]
        if all(days) and {day.year for each in days for day in each} <= years:
            fits.append(order)
    return fits[0] if len(fits) == 1 else None


def _with_day(line: Line, pattern: re.Pattern[str], write: str, left: float) -> Line:
    words = list(line.words)
    if abs(words[0].left - left) > SAME:
        return line
    for at, word in enumerate(words[:2]):
        if match := pattern.fullmatch(word.text):
            words[at] = replace(word, restated=write.format(*match.groups()))
        else:
            break
    return replace(line, words=tuple(words))
