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

from core.formats.pdf.currency import headed
from core.formats.pdf.days import Days, find_days, is_plain
from core.formats.pdf.marks import UNITS, Marked
from core.formats.pdf.page import SAME, Word
from core.formats.pdf.printed import Amount

NEAR = 70.0  # points between a column's title and its amounts at most
RIVAL = 0.2  # of a column's rows: as many under the same title make another column
BLANK = 0.5  # of a line's height: so wide is no blank between two words
FLUSH = 2.0  # points within which a text begins where its title does
FEW = 3  # amounts that make a column without a title
MOST_UNTITLED = 5  # columns without titles that may have few amounts
MOST = 0.9  # of the amounts: so many begin at the same places where they are set flush left


class AmountRole(StrEnum):
    """What a column of amounts holds."""

    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    BALANCE = "balance"


TITLES = (
    (
        AmountRole.BALANCE,
        re.compile(r"saldo|kontostand|balance|solde\b|guthaben|endstand|zůstatek|egyenleg|bakiye"),
    ),
    (
        AmountRole.DEBIT,
        re.compile(
            r"soll|belastung|lastschrift|(?:zahlungs|geld)?ausg[aä]ng|ausgaben?\b|abg[aä]ng|lasten"
            r"|auszahlung|abbuchung"
            r"|(?:paid|money|payments) (?:[-–] )?out\b|debits?\b|withdraw(?:als?|n)\b"
            r"|débits?\b|dare\b|addebit[io]\b|uscite\b|debe\b|cargos?\b|af\b|debet\b|uttag"
            r"|obciąż|wypłat|outgoing\b|débitos?\b|na vrub|terhel|udbetal|hævet|ud\b|borç\b"
            r"|odepsán|výdaj|rozchod|výběr"
        ),
    ),
    (
        AmountRole.CREDIT,
        re.compile(
            r"haben|gutschrift|(?:zahlungs|geld)?eing[aä]ng|einnahmen?\b|zug[aä]ng|gunsten"
            r"|einzahlung"
            r"|(?:paid|money|payments) (?:[-–] )?in\b|credits?\b|deposits?\b"
            r"|crédits?\b|avere\b|accredit[io]\b|entrate\b|haber\b|abonos?\b|bij\b|kredit\b"
            r"|insättning|uznani|wpłat|incoming\b|créditos?\b|ve prospěch|jóváír|indbetal|indsat"
            r"|ind\b|alacak\b|připsán|příj[em]|przychod|vklad"
        ),
    ),
    (
        AmountRole.AMOUNT,
        re.compile(
            r"betrag|umsatz|umsätze|amount\b|montant|importo|importe|bedrag|belopp|beløb|kwota|částka|összeg|tutar"
        ),
    ),
)
IN_AND_OUT = {"in": AmountRole.CREDIT, "out": AmountRole.DEBIT}  # only where both stand there
NAMES = re.compile(r"auftraggeber|empfänger|begünstigt|name|zahlungspflicht", re.IGNORECASE)
UNIT = re.compile(r"\W*(?:in )?(?:eur|€|euros?|gbp|usd|chf|in|£|\$)?\W*")


@dataclass(frozen=True, slots=True)
class Part:
    """A column of text among several: where it begins, and whether it names the other side."""

    left: float
    is_name: bool


Roles = tuple[AmountRole | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PrintedColumns:
    """Where amounts of each column end, or begin; where days and text do, how far the text goes.

    `titled` is what its headings say that the columns hold, None where they do not say it of all;
    `units` are the currencies that they name.
    """

    edges: tuple[float, ...]
    flush_left: bool
    titled: Roles | None
    days: Days
    text_left: float
    text_right: float
    pitch: float
    parts: tuple[Part, ...]
    units: frozenset[str]

    @property
    def left(self) -> float:
        """Where the table begins."""
        return self.text_left if self.days.grouped else min(self.days.booked, self.text_left)

    def column(self, amount: Amount) -> int | None:
        """The number of the column that an amount stands in."""
        return _column(amount, self.edges, self.flush_left)

    def owes(self, amount: Amount) -> bool:
        """Whether a balance without a sign stands in the column of debits, as debts may."""
        titled, column = self.titled or (), self.column(amount)
        return (
            column is not None
            and not amount.signed
            and AmountRole.BALANCE not in titled
            and AmountRole.DEBIT in titled[column : column + 1]
        )

    def untold(self, amounts: Sequence[Amount], cents: int) -> int | None:
        """Where a balance without a sign stands among columns of which no titles are known."""
        found = (each for each in amounts if each.cents == cents and not each.signed)
        if self.titled is not None:
            return None
        return next((at for each in found if (at := self.column(each)) is not None), None)

    @property
    def sideless_only(self) -> bool:
        """Whether no title says that a column holds money in or out."""
        return not {AmountRole.DEBIT, AmountRole.CREDIT} & {*(self.titled or ())}

    def sideless(self, column: int) -> bool:
        """Whether a column holds amounts of which no title of the table says a side."""
        titled = self.titled or (None,) * len(self.edges)
        return titled[column] is AmountRole.AMOUNT or (len(titled) == 1 and titled[0] is None)

    def text(self, each: Marked) -> list[Word]:
        """A line's words without the days and amounts that stand in columns."""
        return _text(each, self.days, self.edges, self.flush_left)


def columns(marked: Sequence[Marked]) -> PrintedColumns | None:
    """The columns of the table in these lines; None where there is none."""
    days = find_days(marked)
    rows = [each for each in marked if days.begins(each)] if days else []
    if days is not None and not rows:
        rows = [each for each in marked if each.amounts and is_plain(each)]
    if days is None or not rows:
        return None
    begun = sum(days.booking(each) is not None and not each.amounts for each in marked)
    filled = rows
    if begun > len(rows):  # most amounts stand below their days
        filled = rows + [each for each in marked if each.amounts and not each.day]
    flush_left = _is_flush_left(filled)
    ends = every = _ends(filled, flush_left)
    if not flush_left:
        ends = _without_marked(ends, filled)
    headings = [each for each in marked if each.heading]
    titles = [title for each in headings for title in titled(each.line.words)]
    named = {edge: _named(edge, titles, flush_left) for edge, _ in ends}
    if not flush_left and (other := _other_side(marked, titles, named)) is not None:
        ends, named[other[0]] = [*ends, other], _named(other[0], titles, flush_left)
    few = FEW if any(named.values()) or len(every) > MOST_UNTITLED else 1
    edges = [edge for edge, count in ends if named[edge] or count >= few or count == len(filled)]
    edges += _needed(rows, [edge for edge, _ in ends if edge not in edges], edges, named)
    if {AmountRole.AMOUNT} <= set(named.values()) or {AmountRole.DEBIT, AmountRole.CREDIT} <= set(
        named.values()
    ):
        edges = [edge for edge in edges if named[edge]]  # the others are told in a text
    if not edges:
        return None
    edges.sort()
    roles = _by_title(edges, named, filled, flush_left)
    left, right, pitch = _extent(rows, edges, flush_left, marked, days)
    bookings = [each for each in rows if is_plain(each)]
    parts = _parts(bookings, headings, days, edges, flush_left)
    units = frozenset(unit for edge in edges for unit in headed(headings, edge, NEAR))
    return PrintedColumns(tuple(edges), flush_left, roles, days, left, right, pitch, parts, units)


def _column(amount: Amount, edges: Sequence[float], flush_left: bool) -> int | None:
    """The number of the edge that an amount ends at, or else the mark behind it."""
    near = _nearest(_place(amount, flush_left), edges)
    if near is None and amount.end is not None and not flush_left:
        return _nearest(amount.end, edges)
    return near


def _nearest(place: float, edges: Sequence[float]) -> int | None:
    found, least = None, SAME
    for at, edge in enumerate(edges):
        far = abs(edge - place)
        if far <= least and (found is None or far < least):
            found, least = at, far
    return found


def _place(amount: Amount, flush_left: bool) -> float:
    """Where an amount ends, or begins, among those of its column."""
    return amount.word.left if flush_left else amount.right


def _is_flush_left(rows: Sequence[Marked]) -> bool:
    """Whether amounts begin at the same places, but do not end there."""
    found = [amount for row in rows for amount in row.amounts]

    def share(flush_left: bool) -> float:
        places = Counter(round(_place(each, flush_left) / 2) for each in found)
        near = max(places[at - 1] + places[at] + places[at + 1] for at in list(places))
        return near / len(found)

    return len(found) > FEW and share(True) >= MOST > share(False) + RIVAL


def _ends(rows: Sequence[Marked], flush_left: bool) -> list[tuple[float, int]]:
    """Where the rows' amounts end, and how many there."""
    places = Counter(
        round(_place(amount, flush_left) * 2) / 2 for row in rows for amount in row.amounts
    )
    found = []
    for place, _ in places.most_common():
        if place in places:
            near = {each: places[each] for each in places if abs(each - place) <= SAME}
            count = sum(near.values())
            found.append((sum(each * near[each] for each in near) / count, count))
            for each in near:
                del places[each]
    return sorted(found)


def _needed(
    rows: Sequence[Marked],
    others: Sequence[float],
    edges: Sequence[float],
    named: dict[float, AmountRole | None],
) -> list[float]:
    """The other edges where the only amount of a row ends that stands before its balance."""
    balances = [edge for edge in edges if named[edge] is AmountRole.BALANCE]
    if not balances or not others:
        return []
    found = set[float]()
    for row in rows:
        there = [
            edge
            for amount in row.amounts
            for edge in [*edges, *others]
            if abs(_place(amount, False) - edge) <= SAME
        ]
        if len(there) == 2 and there[1] in balances and there[0] in others:
            found.add(there[0])
    return sorted(found)


def _without_marked(
    ends: list[tuple[float, int]], rows: Sequence[Marked]
) -> list[tuple[float, int]]:
    """The ends without those of amounts whose marks end where others do: of one column both."""
    marked = [(each.right, each.end) for row in rows for each in row.amounts if each.end]
    if not marked:
        return ends

    def is_marked(edge: float) -> bool:
        there = [end for right, end in marked if abs(right - edge) <= SAME]
        others = [each for each, _ in ends if each > edge + SAME]
        return bool(there) and all(any(abs(end - o) <= FLUSH for o in others) for end in there)

    return [(edge, count) for edge, count in ends if not is_marked(edge)]


def _other_side(
    marked: Sequence[Marked],
    titles: Sequence[tuple[AmountRole, float, float]],
    named: dict[float, AmountRole | None],
) -> tuple[float, int] | None:
    """Where amounts end below a title of the side that none of the lines with a day has."""
    sides = {AmountRole.DEBIT, AmountRole.CREDIT}
    missing = sides - {*named.values()}
    if len(missing) != 1 or not missing <= {role for role, _, _ in titles}:
        return None
    lines = [each for each in marked if each.amounts and not each.day and is_plain(each)]
    found = [each for each in _ends(lines, False) if _named(each[0], titles, False) in missing]
    return max(found, key=lambda each: each[1], default=None)


def titled(words: Sequence[Word]) -> list[tuple[AmountRole, float, float]]:
    """The titles in a heading that name a column of amounts, and their edges."""
    found = []
    texts = {each.text.lower().strip(UNITS) for each in words}
    alone = IN_AND_OUT.keys() <= texts and not texts & {"paid", "money", "payments"}
    for at, word in enumerate(words):
        if alone and (role := IN_AND_OUT.get(word.text.lower())):
            found.append((role, word.left, word.right))
            continue
        pair = " ".join(each.text for each in words[at : at + 3]).lower()
        for role, pattern in TITLES:
            if match := pattern.match(pair.lstrip(UNITS)):
                last = at + match[0].count(" ")
                after = words[last + 1] if last + 1 < len(words) else None
                unit = after is not None and UNIT.fullmatch(after.text.lower())
                right = after.right if after is not None and unit else words[last].right
                found.append((role, word.left, right))
                break
    return found


def _named(
    edge: float, titles: Sequence[tuple[AmountRole, float, float]], flush_left: bool
) -> AmountRole | None:
    """What the nearest title says that the amounts that end there are."""
    if flush_left:
        near = min(titles, key=lambda title: abs(title[1] - edge), default=None)
        return near[0] if near and abs(near[1] - edge) <= SAME else None
    above = [title for title in titles if title[1] - SAME <= edge]
    near = min(above, key=lambda title: abs(title[2] - edge), default=None)
    return near[0] if near and abs(near[2] - edge) <= NEAR else None


def _by_title(
    edges: Sequence[float],
    named: dict[float, AmountRole | None],
    rows: Sequence[Marked],
    flush_left: bool,
) -> Roles | None:
    """The columns as their titles say; None where a title seems to name two columns or none.

    Of two columns under one title the one is meant that every row fills.
    """
    filled = Counter(
        edge
        for row in rows
        for amount in row.amounts
        for at in [_column(amount, edges, flush_left)]
        if at is not None
        for edge in [edges[at]]
    )
    main: dict[AmountRole, float] = {}
    for edge in sorted(edges, key=lambda each: -filled[each]):
        role = named[edge]
        if role is None:
            return None if len(edges) > 1 else (AmountRole.AMOUNT,)
        rival = role in main and filled[edge] > RIVAL * filled[main[role]]
        if rival and not (filled[main[role]] >= len(rows) > filled[edge]):
            return None
        main.setdefault(role, edge)
    found = tuple(next((r for r, e in main.items() if e == edge), None) for edge in edges)
    sides = {AmountRole.DEBIT, AmountRole.CREDIT} & set(found)
    return found if (AmountRole.AMOUNT in found) != bool(sides) else None


def _extent(
    rows: Sequence[Marked],
    edges: Sequence[float],
    flush_left: bool,
    marked: Sequence[Marked],
    days: Days,
) -> tuple[float, float, float]:
    """Where text begins and ends, and how far apart lines are."""
    lefts = [text[0].left for row in rows if (text := _text(row, days, edges, flush_left))]
    text_left = _usual(lefts) if lefts else days.booked
    first = min(edges)
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
    rows: Sequence[Marked],
    headings: Sequence[Marked],
    days: Days,
    edges: Sequence[float],
    flush_left: bool,
) -> tuple[Part, ...]:
    """The columns of text, by a heading whose titles most rows have something below; else none."""
    cells = Counter(
        left
        for row in rows
        for left in _cells(_text(row, days, edges, flush_left), row.line.height)
    )
    for heading in headings:
        words = heading.line.words
        last = min([left for _, left, _ in titled(words)], default=min(edges))
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


def _text(each: Marked, days: Days, edges: Sequence[float], flush_left: bool) -> list[Word]:
    """A line's words without the days and amounts that stand in columns."""
    taken: set[int] = set()
    for placed in (days.booking(each), days.value(each)):
        if placed is not None:
            taken.update(range(placed.first, placed.end))
    for amount in each.amounts:
        if _column(amount, edges, flush_left) is not None:
            taken.update(range(amount.first, amount.last + 1))
    return [word for at, word in enumerate(each.line.words) if at not in taken]


def _usual(values: Sequence[float]) -> float:
    """The most frequent of the values, to the half point."""
    return Counter(round(value * 2) / 2 for value in values).most_common(1)[0][0]
