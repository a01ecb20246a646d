"""A statement's table as its page shows it: which columns there are, by what stands in them.

No bank's template is known. A booking begins where its day and an amount stand; amounts that end at
the same place make a column; what it holds is said by its title, else by how it is filled.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from core.formats.pdf.days import Days, find_days, is_plain
from core.formats.pdf.marks import UNITS, Marked
from core.formats.pdf.page import SAME, Word
from core.formats.pdf.printed import Amount

NEAR = 70.0  # points between a column's title and its amounts at most
RIVAL = 0.2  # of a column's rows: as many under the same title make another column
BLANK = 0.5  # of a line's height: so wide is no blank between two words
FLUSH = 2.0  # points within which a text begins where its title does
FEW = 3  # amounts that make a column without a title


class AmountRole(StrEnum):
    """What a column of amounts holds."""

    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    BALANCE = "balance"


TITLES = (
    (AmountRole.BALANCE, re.compile(r"saldo|kontostand|balance")),
    (
        AmountRole.DEBIT,
        re.compile(
            r"soll|belastung|lastschrift|ausg[aä]ng|abg[aä]ng|lasten|auszahlung"
            r"|(?:paid|money|payments) out\b|debits?\b|withdrawals?\b"
        ),
    ),
    (
        AmountRole.CREDIT,
        re.compile(
            r"haben|gutschrift|eing[aä]ng|zug[aä]ng|gunsten|einzahlung"
            r"|(?:paid|money|payments) in\b|credits?\b|deposits?\b"
        ),
    ),
    (AmountRole.AMOUNT, re.compile(r"betrag|umsatz|umsätze|amount\b")),
)
NAMES = re.compile(r"auftraggeber|empfänger|begünstigt|name|zahlungspflicht", re.IGNORECASE)
UNIT = re.compile(r"\W*(?:in )?(?:eur|€|euro|gbp|usd|chf)?\W*")


@dataclass(frozen=True, slots=True)
class Part:
    """A column of text among several: where it begins, and whether it names the other side."""

    left: float
    is_name: bool


@dataclass(frozen=True, slots=True)
class PrintedColumns:
    """Where the amounts of each role end, where days and text begin, how far the text goes."""

    roles: tuple[tuple[float, AmountRole], ...]
    days: Days
    text_left: float
    text_right: float
    pitch: float
    parts: tuple[Part, ...]

    @property
    def left(self) -> float:
        """Where the table begins."""
        return self.text_left if self.days.grouped else min(self.days.booked, self.text_left)

    def role(self, amount: Amount) -> AmountRole | None:
        """The column that an amount stands in."""
        return next((role for right, role in self.roles if _ends_at(amount, right)), None)

    def text(self, each: Marked) -> list[Word]:
        """A line's words without the days and amounts that stand in columns."""
        return _text(each, self.days, [right for right, _ in self.roles])


def columns(marked: Sequence[Marked]) -> PrintedColumns | None:
    """The columns of the tables in these lines; None where there is none."""
    days = find_days(marked)
    rows = [each for each in marked if days.begins(each)] if days else []
    if days is None or not rows:
        return None
    ends = _ends(rows)
    titles = [title for each in marked if each.heading for title in titled(each.line.words)]
    named = {right: _named(right, titles) for right, _ in ends}
    edges = [right for right, count in ends if named[right] or count >= FEW or count == len(rows)]
    if {AmountRole.AMOUNT} <= set(named.values()) or {AmountRole.DEBIT, AmountRole.CREDIT} <= set(
        named.values()
    ):
        edges = [right for right in edges if named[right]]  # the others are told in a text
    if not edges:
        return None
    roles = _roles(sorted(edges), named, rows)
    left, right, pitch = _extent(rows, roles, marked, days)
    bookings = [each for each in rows if is_plain(each)]
    parts = _parts(bookings, [each for each in marked if each.heading], days, roles)
    return PrintedColumns(tuple(roles.items()), days, left, right, pitch, parts)


def _ends(rows: Sequence[Marked]) -> list[tuple[float, int]]:
    """Where the rows' amounts end, and how many there."""
    places = Counter(round(amount.right * 2) / 2 for row in rows for amount in row.amounts)
    found = []
    for place, _ in places.most_common():
        if place in places:
            near = {each: places[each] for each in places if abs(each - place) <= SAME}
            count = sum(near.values())
            found.append((sum(each * near[each] for each in near) / count, count))
            for each in near:
                del places[each]
    return sorted(found)


def titled(words: Sequence[Word]) -> list[tuple[AmountRole, float, float]]:
    """The titles in a heading that name a column of amounts, and their edges."""
    found = []
    for at, word in enumerate(words):
        pair = " ".join(each.text for each in words[at : at + 2]).lower()
        for role, pattern in TITLES:
            if match := pattern.match(pair.lstrip(UNITS)):
                last = at + match[0].count(" ")
                after = words[last + 1] if last + 1 < len(words) else None
                unit = after is not None and UNIT.fullmatch(after.text.lower())
                right = after.right if after is not None and unit else words[last].right
                found.append((role, word.left, right))
                break
    return found


def _named(right: float, titles: Sequence[tuple[AmountRole, float, float]]) -> AmountRole | None:
    """What the nearest title says that the amounts that end there are."""
    above = [title for title in titles if title[1] - SAME <= right]
    near = min(above, key=lambda title: abs(title[2] - right), default=None)
    return near[0] if near and abs(near[2] - right) <= NEAR else None


def _roles(
    edges: Sequence[float], named: dict[float, AmountRole | None], rows: Sequence[Marked]
) -> dict[float, AmountRole]:
    """Each column's role: by its title where titles differ, else by how the rows fill them."""
    if by_title := _by_title(edges, named, rows):
        return by_title
    if len(edges) == 1:
        return {edges[0]: AmountRole.AMOUNT}
    filled = [
        {right for right in edges for amount in row.amounts if _ends_at(amount, right)}
        for row in rows
    ]
    if len(edges) == 2:
        both = sum(len(each) == 2 for each in filled)
        pair = (
            (AmountRole.AMOUNT, AmountRole.BALANCE)
            if both * 2 >= len(rows)
            else (AmountRole.DEBIT, AmountRole.CREDIT)
        )
        return dict(zip(edges, pair, strict=True))
    return dict(
        zip(edges[-3:], (AmountRole.DEBIT, AmountRole.CREDIT, AmountRole.BALANCE), strict=True)
    )


def _by_title(
    edges: Sequence[float], named: dict[float, AmountRole | None], rows: Sequence[Marked]
) -> dict[float, AmountRole] | None:
    """The columns as their titles say; None where a title seems to name two columns or none."""
    filled = Counter(
        right
        for row in rows
        for amount in row.amounts
        for right in edges
        if _ends_at(amount, right)
    )
    main: dict[AmountRole, float] = {}
    for right in sorted(edges, key=lambda each: -filled[each]):
        role = named[right]
        if role is None or (role in main and filled[right] > RIVAL * filled[main[role]]):
            return None
        main.setdefault(role, right)
    return {right: role for role, right in main.items()}


def _ends_at(amount: Amount, right: float) -> bool:
    return abs(amount.right - right) <= SAME


def _extent(
    rows: Sequence[Marked], roles: dict[float, AmountRole], marked: Sequence[Marked], days: Days
) -> tuple[float, float, float]:
    """Where text begins and ends, and how far apart lines are."""
    lefts = [text[0].left for row in rows if (text := _text(row, days, list(roles)))]
    text_left = _usual(lefts) if lefts else days.booked
    first = min(roles)
    right, pitches, inside = text_left, [], False
    for before, each in pairwise(marked):
        below = each.line.top - before.line.top
        words = [w for w in each.line.words if w.left >= text_left - SAME and w.right < first]
        inside = (inside or days.begins(before)) and (
            0 < below < 3 * each.line.height and not each.amounts and bool(words)
        )
        if inside:
            pitches.append(below)
            if len(words) > 1:  # a single word may be longer than the column is wide
                right = max(right, words[-1].right)
    pitch = _usual(pitches) if pitches else 1.3 * rows[0].line.height
    return text_left, right, pitch


def _parts(
    rows: Sequence[Marked], headings: Sequence[Marked], days: Days, roles: dict[float, AmountRole]
) -> tuple[Part, ...]:
    """The columns of text, by a heading whose titles most rows have something below; else none."""
    cells = Counter(
        left for row in rows for left in _cells(_text(row, days, list(roles)), row.line.height)
    )
    for heading in headings:
        words = heading.line.words
        last = min([left for _, left, _ in titled(words)], default=min(roles))
        filled = [
            word
            for word in words
            if word.left < last and 2 * _begin_at(word.left, cells) >= len(rows)
        ]
        if len(filled) > 1:
            return tuple(Part(each.left, NAMES.match(each.text) is not None) for each in filled)
    return ()


def _begin_at(place: float, cells: Counter[float]) -> int:
    """How many of the cells begin where a title does."""
    return sum(count for left, count in cells.items() if abs(left - place) <= FLUSH)


def _cells(text: Sequence[Word], height: float) -> list[float]:
    """Where a text begins, and where it goes on after more than a blank."""
    far = [b.left for a, b in pairwise(text) if b.left - a.right > BLANK * height]
    return [text[0].left, *far] if text else []


def _text(each: Marked, days: Days, ends: Sequence[float]) -> list[Word]:
    """A line's words without the days and amounts that stand in columns."""
    taken: set[int] = set()
    for placed in (days.booking(each), days.value(each)):
        if placed is not None:
            taken.update(range(placed.first, placed.end))
    for amount in each.amounts:
        if any(_ends_at(amount, right) for right in ends):
            taken.update(range(amount.first, amount.last + 1))
    return [word for at, word in enumerate(each.line.words) if at not in taken]


def _usual(values: Sequence[float]) -> float:
    """The most frequent of the values, to the half point."""
    return Counter(round(value * 2) / 2 for value in values).most_common(1)[0][0]
