"""Sides in a column of their own: a word or sign a row, S or H, Soll or Haben, + or -."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.formats.pdf.marks import Marked
from core.formats.pdf.page import Word
from core.formats.pdf.printed import SIGNS, Amount
from core.formats.pdf.table import AmountRole, PrintedColumns

SAME = 4.0  # points within which the sides of a column begin or end
LONGEST = 14  # letters of a side's name
WORDS = {
    **{word.lower(): sign for word, sign in SIGNS.items() if len(word) > 1},
    **dict.fromkeys(
        ("belastung", "ausgang", "ausgabe", "af", "débit", "dare", "debe", "cargo",
         "uscita", "abgang", "out", "withdrawal", "outgoing", "auszahlung", "last",
         "dbit", "uttag", "debet", "obciążenie"),
        -1,
    ),
    **dict.fromkeys(
        ("gutschrift", "eingang", "einnahme", "bij", "crédit", "avere", "haber", "abono",
         "entrata", "zugang", "in", "deposit", "incoming", "einzahlung", "gut",
         "crdt", "insättning", "kredit", "uznanie"),
        1,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SideColumn:
    """Where sides begin, which sign each gives, and the column whose amounts it gives them.

    Where its words are not known, only balances can show that it is one.
    """

    left: float
    signs: dict[str, int]
    column: int
    is_known: bool

    def sign(self, words: Sequence[Word]) -> int | None:
        """The sign that one of the words gives, if it stands where sides do."""
        found = (w for w in words if abs(w.left - self.left) <= SAME and _side(w) in self.signs)
        return next((self.signs[_side(word)] for word in found), None)

    def signed(self, amount: Amount, words: Sequence[Word]) -> Amount:
        """The amount with the sign of its side; as it is where it bears one or has none."""
        sign = None if amount.signed else self.sign(words)
        if not sign:
            return amount
        return replace(amount, cents=abs(amount.cents) * sign, signed=True, named=self.is_known)


def side_columns(rows: Sequence[Marked], table: PrintedColumns) -> list[SideColumn]:
    """The columns that may tell the sides of these rows, by known words first.

    A column of two unknown words is given both ways round: balances must tell which.
    """
    columns = _unsigned(rows, table) if len(rows) > 1 else []
    return [
        SideColumn(left, signs, column, len(signs) > 2)
        for left, signs in (_sides(rows) if columns else ())
        for column in columns
    ]


def _unsigned(rows: Sequence[Marked], table: PrintedColumns) -> list[int]:
    """The columns whose amounts bear no sign, that of the title first."""
    roles = table.titled or (None,) * len(table.edges)
    found = set(range(len(table.edges)))
    for row in rows:
        found -= {at for a in row.amounts if a.signed and (at := table.column(a)) is not None}
    sided = [at for at in found if roles[at] in (None, AmountRole.AMOUNT)]
    return sorted(sided, key=lambda at: roles[at] is None)


def _sides(rows: Sequence[Marked]) -> list[tuple[float, dict[str, int]]]:
    """Where a word of one or two stands in every row, and the signs that they give."""
    cells: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for at, row in enumerate(rows):
        for word in row.line.words[1:]:
            if len(word.text) <= LONGEST and not any(map(str.isdigit, word.text)):
                cells[round(word.left / SAME)].append((at, _side(word)))
    known, unknown = list[tuple[float, dict[str, int]]](), list[tuple[float, dict[str, int]]]()
    for place, found in cells.items():
        names = Counter(name for _, name in found)
        if len({at for at, _ in found}) < len(rows) or len(names) > 2:
            continue
        if all(name in WORDS or name in _LETTERS for name in names):
            signs = {name: WORDS.get(name) or _LETTERS[name] for name in names}
            if len(set(signs.values())) == len(signs):
                known.append((place * SAME, _both(signs)))
        elif len(names) == 2:
            first, second = names
            unknown.append((place * SAME, {first: 1, second: -1}))
            unknown.append((place * SAME, {first: -1, second: 1}))
    return known + unknown


_LETTERS = {word.lower(): sign for word, sign in SIGNS.items() if len(word) == 1}


def _both(signs: dict[str, int]) -> dict[str, int]:
    """Signs with the known words of both sides, as balances may bear the other one."""
    return {**_LETTERS, **WORDS, **signs}


def _side(word: Word) -> str:
    return word.text.lower().strip(".:()")
