"""Pages as they would lie on a desk: two that share a sheet apart, all with one left margin."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from core.formats.pdf.marks import is_heading
from core.formats.pdf.page import SAME, Line, Word, shifted
from core.formats.pdf.printed import NUMBER, leading_day

WIDE = 620.0  # points; an upright A4 page is 595 wide
TOGETHER = 12.0  # points that a page's text may begin left of its table
LEAST = 1.0  # points by which a page must lie elsewhere to be moved
FEW = 2
MOST_BESIDE = 4  # parts of a table beside each other

NUMBER_LIKE = re.compile(r"[-+(]?[$£€]?[-+]?\d[\d.,']*[.,]\d\d[-)]?")

Page = Sequence[Line]


def apart(pages: Sequence[Page]) -> list[list[Line]]:
    """The pages; a sheet that bears two beside each other gives two, the left one first.

    Parts of a table that stand beside each other are set below each other.
    """
    found: list[list[Line]] = []
    for page in pages:
        gutter = _gutter(page)
        if gutter is None:
            found.append(_in_one_column(page))
        else:
            found += [_part(page, 0, gutter), _part(page, gutter, float("inf"))]
    return found


def aligned(pages: Sequence[Page]) -> list[list[Line]]:
    """The pages, moved so that the columns of all stand where those of the fullest do."""
    if len(pages) < 2:
        return [list(page) for page in pages]
    rows = [_rows(page) for page in pages]
    fullest = max(range(len(pages)), key=lambda at: len(rows[at]))
    model, heading = rows[fullest], _heading(pages[fullest])
    if not model:
        return [list(page) for page in pages]
    found = []
    for page, page_rows in zip(pages, rows, strict=True):
        by = _offset(page, page_rows, model, heading)
        found.append([shifted(line, by) for line in page] if abs(by) > LEAST else list(page))
    return found


def _part(page: Page, left: float, right: float) -> list[Line]:
    """The part of a page between two edges, with lines of its own."""
    found = []
    for line in page:
        words = tuple(w for w in line.words if left - TOGETHER <= w.left < right - TOGETHER)
        if words:
            top, bottom = median(w.top for w in words), median(w.bottom for w in words)
            found.append(replace(line, words=words, top=top, bottom=bottom))
    return sorted(found, key=lambda line: line.top)


def _gutter(page: Page) -> float | None:
    """Where the right one of two pages begins: its heading says the same, or its bookings do."""
    for line in page:
        parts = _repeated(line)
        if len(parts) == 2 and not _is_crossed(page, parts[1]):
            return parts[1]
    if max((line.words[-1].right for line in page), default=0.0) < WIDE:
        return None
    begins = Counter[int]()
    for line in page:
        words = line.words
        for at in range(1, len(words)):
            after = words[at + 1 :]
            if (
                NUMBER.fullmatch(words[at - 1].reading)
                and leading_day(words[at : at + 3])
                and any(word.text.isalpha() for word in after)
                and any(NUMBER.fullmatch(word.reading) for word in after)
            ):
                begins[round(words[at].left)] += 1
    usual = begins.most_common(1)
    return float(usual[0][0]) if usual and usual[0][1] >= FEW else None


def _is_crossed(page: Page, gutter: float) -> bool:
    """Whether another table goes on beyond what may part two pages."""
    for line in page:
        beyond = [word for word in line.words if word.right > gutter]
        if not beyond or line.words[0].left >= gutter - TOGETHER or _repeated(line):
            continue
        if is_heading(line.words) or all(NUMBER_LIKE.fullmatch(word.text) for word in beyond):
            return True
    return False


def _repeated(line: Line) -> list[float]:
    """Where a heading begins and begins anew with the same titles; empty where it does not."""
    first = line.words[0].text
    if not any(word.text == first for word in line.words[2:]):  # as nearly always
        return []
    texts = [word.text for word in line.words]
    for times in range(2, MOST_BESIDE + 1):
        size, rest = divmod(len(texts), times)
        if rest or size < 2 or texts != texts[:size] * times or not is_heading(line.words[:size]):
            continue
        return [word.left for word in line.words[::size]]
    return []


def _in_one_column(page: Page) -> list[Line]:
    """The page, the parts of a table below each other whose heading is there more than once."""
    found, lefts = list[Line](), list[float]()
    for line in page:
        if begun := _repeated(line):
            lefts = begun
            found.append(replace(line, words=line.words[: len(line.words) // len(lefts)]))
            continue
        cells = _cells(line, lefts) if lefts else []
        if len(cells) == 0:
            lefts = []
            found.append(line)
        for at, words in enumerate(cells):
            cell = replace(line, words=words)
            found.append(shifted(cell, lefts[at] - lefts[0]) if at else cell)
    return found


def _cells(line: Line, lefts: Sequence[float]) -> list[tuple[Word, ...]]:
    """The parts of a line below each of several headings; empty where it is none of their table."""
    found = [
        tuple(w for w in line.words if left - TOGETHER <= w.left < right - TOGETHER)
        for left, right in pairwise([*lefts, float("inf")])
    ]
    filled = [each for each in found if each]
    whole = sum(map(len, found)) == len(line.words) and found[: len(filled)] == filled
    if not whole or any(len(each) < 2 or not _is_number(each[-1]) for each in filled):
        return []
    return filled


def _is_number(word: Word) -> bool:
    return any(map(str.isdigit, word.text))


def _rows(page: Page) -> list[tuple[float, list[float]]]:
    """Where the bookings of a page begin, and where their amounts end."""
    return [
        (line.words[0].left, ends)
        for line in page
        if leading_day(line.words)
        and (ends := [word.right for word in line.words if NUMBER.fullmatch(word.reading)])
    ]


def _heading(page: Page) -> Line | None:
    return next((line for line in page if is_heading(line.words)), None)


def _offset(
    page: Page,
    rows: Sequence[tuple[float, list[float]]],
    model: Sequence[tuple[float, list[float]]],
    heading: Line | None,
) -> float:
    """How much further right a page lies: by its heading, else by where its bookings stand."""
    own = _heading(page)
    if own and heading and [w.text for w in own.words] == [w.text for w in heading.words]:
        moves = [a.left - b.left for a, b in zip(own.words, heading.words, strict=True)]
        if max(moves) - min(moves) <= LEAST:
            return median(moves)
    if not rows:
        return 0.0
    by = _usual([left for left, _ in rows]) - _usual([left for left, _ in model])
    edges = Counter(round(end) for _, ends in model for end in ends)

    def fitting(move: float) -> int:
        return sum(
            any(abs(end - move - edge) <= 2 for edge in edges) for _, ends in rows for end in ends
        )

    return by if abs(by) <= 10 * SAME and fitting(by) > fitting(0.0) else 0.0


def _usual(lefts: Sequence[float]) -> float:
    place = Counter(round(left) for left in lefts).most_common(1)[0][0]
    return median(left for left in lefts if abs(left - place) <= 1)
