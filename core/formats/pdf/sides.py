"""Sides that stand in a column of their own: a word or sign a row, S or H, Soll or Haben, + or -."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.formats.pdf.marks import Marked
from core.formats.pdf.page import Word
from core.formats.pdf.printed import SIGNS

SAME = 4.0  # points within which the sides of a column begin or end
LONGEST = 14  # letters of a side's name
WORDS = {
    **{word.lower(): sign for word, sign in SIGNS.items() if len(word) > 1},
    **dict.fromkeys(
        ("belastung", "lastschrift", "ausgang", "ausgabe", "af", "débit", "dare", "debe", "cargo",
         "uscita", "abgang", "out", "withdrawal", "dbit", "uttag", "debet", "obciążenie"),
        -1,
    ),
    **dict.fromkeys(
        ("gutschrift", "eingang", "einnahme", "bij", "crédit", "avere", "haber", "abono",
         "entrata", "zugang", "in", "deposit", "crdt", "insättning", "kredit", "uznanie"),
        1,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SideColumn:
    """Where sides begin, and which sign each of them gives to its row's amount."""

    left: float
    signs: dict[str, int]

    def apply(self, each: Marked) -> Marked:
        """The line with the sign of its side given to its first unsigned amount."""
        word = next((w for w in each.line.words if self._holds(w)), None)
        if word is None or not each.amounts:
            return each
        near = min(each.amounts, key=lambda amount: abs(amount.word.right - word.left))
        if near.signed:
            return each
        signed = replace(near, cents=abs(near.cents) * self.signs[_side(word)], signed=True)
        return replace(each, amounts=tuple(signed if a is near else a for a in each.amounts))

    def _holds(self, word: Word) -> bool:
        return abs(word.left - self.left) <= SAME and _side(word) in self.signs


def side_columns(rows: Sequence[Marked]) -> list[SideColumn]:
    """The columns that may tell the sides of these rows, by known words first.

    A column of two unknown words is given both ways round: balances must tell which.
    """
    if len(rows) < 2 or any(amount.signed for row in rows for amount in row.amounts):
        return []
    cells: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for at, row in enumerate(rows):
        for word in row.line.words[1:]:
            if len(word.text) <= LONGEST and not any(map(str.isdigit, word.text)):
                cells[round(word.left / SAME)].append((at, _side(word)))
    known, unknown = list[SideColumn](), list[SideColumn]()
    for place, found in cells.items():
        names = Counter(name for _, name in found)
        if len({at for at, _ in found}) < len(rows) or len(names) > 2:
            continue
        if all(name in WORDS or name in _LETTERS for name in names):
            signs = {name: WORDS.get(name) or _LETTERS[name] for name in names}
            if len(set(signs.values())) == len(signs):
                known.append(SideColumn(place * SAME, _both(signs)))
        elif len(names) == 2:
            first, second = names
            unknown.append(SideColumn(place * SAME, {first: 1, second: -1}))
            unknown.append(SideColumn(place * SAME, {first: -1, second: 1}))
    return known + unknown


_LETTERS = {word.lower(): sign for word, sign in SIGNS.items() if len(word) == 1}


def _both(signs: dict[str, int]) -> dict[str, int]:
    """Signs with the known words of both sides, as balances may bear the other one."""
    return {**_LETTERS, **WORDS, **signs}


def _side(word: Word) -> str:
    return word.text.lower().strip(".:()")
