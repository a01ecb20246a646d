"""A line as groups of a name and the amounts behind it: two-sided accounts have two of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.formats.pdf.page import Line, Word
from core.formats.pdf.printed import Amount, amounts

NUMBERING = re.compile(r"^(?:(?:[A-Z]|[IVX]+|\d{1,2}|[a-z]{1,2})[.)]\s*|[-–•+./]\s*)+")


@dataclass(frozen=True, slots=True)
class Group:
    """A name without its numbering, the words of it, and the amounts behind."""

    line: Line
    label: str
    words: Sequence[Word]
    amounts: Sequence[Amount]

    @property
    def name(self) -> str:
        """What the row is called."""
        return NUMBERING.sub("", self.label).strip()

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.words[0].left


def groups(line: Line) -> list[Group]:
    """The groups of a line that have a name."""
    found: list[Group] = []
    words: list[Word] = []
    behind: list[Amount] = []
    of_amounts = {
        at: each for each in amounts(line.words) for at in range(each.first, each.last + 1)
    }
    for at, word in enumerate(line.words):
        amount = of_amounts.get(at)
        if amount is None and behind and any(letter.isalpha() for letter in word.text):
            found.append(_group(line, words, behind))
            words, behind = [], []
        if amount is None and not behind:
            words.append(word)
        elif amount is not None and amount not in behind:
            behind.append(amount)
    found.append(_group(line, words, behind))
    return [each for each in found if each.words]


def _group(line: Line, words: list[Word], behind: list[Amount]) -> Group:
    return Group(line, " ".join(word.text for word in words), words, behind)
