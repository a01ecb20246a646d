"""A statement's table as its page shows it: which columns there are, by what stands in them.

No bank's template is known. A booking begins where a line begins with a day; amounts that end at
the same place make a column; what it holds is said by its title, else by how it is filled.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from core.statements.pdf.page import Line, Word
from core.statements.pdf.printed import Amount, Day, amounts, leading_day

SAME = 9.0  # points within which amounts end at the same place; scans waver
NEAR = 70.0  # points between a column's title and its amounts at most
RIVAL = 0.2  # of a column's rows: as many under the same title make another column
FEW = 3  # amounts that make a column without a title


class Role(StrEnum):
    """What a column of amounts holds."""

    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    BALANCE = "balance"


TITLES = (
    (Role.BALANCE, re.compile(r"saldo|kontostand")),
    (Role.DEBIT, re.compile(r"soll|belastung|lastschrift|ausg[aä]ng|abg[aä]ng|lasten|auszahlung")),
    (Role.CREDIT, re.compile(r"haben|gutschrift|eing[aä]ng|zug[aä]ng|gunsten|einzahlung")),
    (Role.AMOUNT, re.compile(r"betrag|umsatz|umsätze")),
)
HEADING = re.compile(
    r"datum|buchung|bu\W?tag|wert|valuta|vorgang|erläuterung|verwendungszweck|text|auftraggeber"
    r"|empfänger|betrag|umsatz|soll|haben|saldo|kontostand|belastung|gutschrift|eingang|ausgang"
)
UNIT = re.compile(r"\W*(?:in )?(?:eur|€|euro)?\W*")


@dataclass(frozen=True, slots=True)
class Marked:
    """A line, the day it begins with, the amounts in it, and whether it is a table's heading."""

    line: Line
    day: Day | None
    amounts: tuple[Amount, ...]
    heading: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the amounts of each role end, where days and text begin, how far the text goes."""

    roles: tuple[tuple[float, Role], ...]
    day_left: float
    text_left: float
    text_right: float
    pitch: float

    def role(self, amount: Amount) -> Role | None:
        """The column that an amount stands in."""
        for right, role in self.roles:
            if abs(amount.right - right) <= SAME:
                return role
        return None


def mark(line: Line) -> Marked:
    """The line, and what may make it a part of a table."""
    day = leading_day(line.words)
    found = tuple(amounts(line.words))
    hits = 0 if day or found else sum(1 for word in line.words if _titles(word))
    return Marked(line, day, found, hits >= 2)


def _titles(word: Word) -> bool:
    return HEADING.match(word.text.lower()) is not None


def columns(marked: Sequence[Marked]) -> Columns | None:
    """The columns of the tables in these lines; None where there is none."""
    rows = [each for each in marked if each.day and each.amounts]
    if not rows:
        return None
    ends = _ends(rows)
    titles = [title for each in marked if each.heading for title in _titled(each.line.words)]
    named = {right: _named(right, titles) for right, _ in ends}
    kept = [right for right, count in ends if named[right] or count >= FEW or count == len(rows)]
    if not kept:
        return None
    roles = _roles(sorted(kept), named, rows)
    return Columns(tuple(roles.items()), *_text(rows, roles, marked))


def _ends(rows: Sequence[Marked]) -> list[tuple[float, int]]:
    """Where the rows' amounts end, and how many there."""
    groups: list[list[float]] = []
    for right in sorted(amount.right for row in rows for amount in row.amounts):
        if groups and right - groups[-1][-1] <= SAME / 2:
            groups[-1].append(right)
        else:
            groups.append([right])
    return [(sum(each) / len(each), len(each)) for each in groups]


def _titled(words: Sequence[Word]) -> list[tuple[Role, float, float]]:
    """The titles in a heading that name a column of amounts, and their edges."""
    found = []
    for at, word in enumerate(words):
        for role, pattern in TITLES:
            if pattern.match(word.text.lower()):
                after = words[at + 1] if at + 1 < len(words) else None
                unit = after is not None and UNIT.fullmatch(after.text.lower())
                right = after.right if after is not None and unit else word.right
                found.append((role, word.left, right))
                break
    return found


def _named(right: float, titles: Sequence[tuple[Role, float, float]]) -> Role | None:
    """What the nearest title says that the amounts that end there are."""
    near = min(titles, key=lambda title: abs(title[2] - right), default=None)
    return near[0] if near and abs(near[2] - right) <= NEAR else None


def _roles(
    kept: Sequence[float], named: dict[float, Role | None], rows: Sequence[Marked]
) -> dict[float, Role]:
    """Each column's role: by its title where titles differ, else by how the rows fill them."""
    if by_title := _by_title(kept, named, rows):
        return by_title
    if len(kept) == 1:
        return {kept[0]: Role.AMOUNT}
    filled = [
        {right for right in kept for amount in row.amounts if _ends_at(amount, right)}
        for row in rows
    ]
    if len(kept) == 2:
        both = sum(len(each) == 2 for each in filled)
        pair = (Role.AMOUNT, Role.BALANCE) if both * 2 >= len(rows) else (Role.DEBIT, Role.CREDIT)
        return dict(zip(kept, pair, strict=True))
    return dict(zip(kept[-3:], (Role.DEBIT, Role.CREDIT, Role.BALANCE), strict=True))


def _by_title(
    kept: Sequence[float], named: dict[float, Role | None], rows: Sequence[Marked]
) -> dict[float, Role] | None:
    """The columns as their titles say; None where a title seems to name two columns or none."""
    filled = Counter(
        right for row in rows for amount in row.amounts for right in kept if _ends_at(amount, right)
    )
    main: dict[Role, float] = {}
    for right in sorted(kept, key=lambda each: -filled[each]):
        role = named[right]
        if role is None or (role in main and filled[right] > RIVAL * filled[main[role]]):
            return None
        main.setdefault(role, right)
    return {right: role for role, right in main.items()}


def _ends_at(amount: Amount, right: float) -> bool:
    return abs(amount.right - right) <= SAME


def _text(
    rows: Sequence[Marked], roles: dict[float, Role], marked: Sequence[Marked]
) -> tuple[float, float, float, float]:
    """Where days begin, where text begins and ends, and how far apart lines are."""
    lefts, days = [], []
    for row in rows:
        days.append(row.line.words[0].left)
        if rest := text_words(row.line.words, row.amounts):
            lefts.append(rest[0].left)
    day_left = _usual(days)
    text_left = _usual(lefts) if lefts else day_left
    first = min(roles)
    right, pitches, inside = text_left, [], False
    for before, each in pairwise(marked):
        below = each.line.top - before.line.top
        words = [w for w in each.line.words if w.left >= text_left - SAME and w.right < first]
        inside = (inside or (before.day is not None and bool(before.amounts))) and (
            0 < below < 3 * each.line.height and not each.amounts and bool(words)
        )
        if inside:
            right = max(right, words[-1].right)
            pitches.append(below)
    pitch = _usual(pitches) if pitches else 1.3 * rows[0].line.height
    return day_left, text_left, right, pitch


def text_words(words: Sequence[Word], found: Sequence[Amount]) -> list[Word]:
    """A row's words without the days that it begins with and the amounts that it ends with."""
    start, end = 0, len(words)
    while (day := leading_day(words[start:])) is not None:
        start += day.words
    for amount in reversed(found):
        if amount.last == end - 1:
            end = amount.first
    return list(words[start:end])


def _usual(values: Sequence[float]) -> float:
    """The most frequent of the values, to the half point."""
    return Counter(round(value * 2) / 2 for value in values).most_common(1)[0][0]
