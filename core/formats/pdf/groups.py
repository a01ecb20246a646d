"""A line as groups of a name and the amounts behind it: two-sided accounts have two of them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.formats.pdf.page import Line, Word
from core.formats.pdf.printed import Amount, amounts

WHOLE = re.compile(
    r"(?P<before>[-−–])?(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,6})(?:,(?P<part>\d))?(?P<after>[-−–])?"
)
BEGINS = re.compile(r"[^\W\d_]|^\d{1,2}[.)]$")  # as the name of another group does
NUMBERING = re.compile(r"^(?:(?:[A-Z]|[IVX]+|\d{1,2}|[a-z]{1,2})[.)]\s*|[-–•+./]\s*)+")

Numbers = Callable[[Sequence[Word]], Iterable[Amount]]


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


def numbers(words: Sequence[Word]) -> Iterator[Amount]:
    """The amounts among words, those without cents as well; their cents are hundredths."""
    exact = {each.first: each for each in amounts(words)}
    for at, word in enumerate(words):
        match = WHOLE.fullmatch(word.text)
        if at in exact:
            yield exact[at]
        elif match is not None and not _is_share(words, at):
            cents = int(match["whole"].replace(".", "")) * 100 + int((match["part"] or "0") + "0")
            minus = bool(match["before"] or match["after"])
            yield Amount(-cents if minus else cents, minus, word, at, at)


def _is_share(words: Sequence[Word], at: int) -> bool:
    return at + 1 < len(words) and words[at + 1].text.startswith("%")


def groups(line: Line, found_in: Numbers = amounts) -> list[Group]:
    """The groups of a line that have a name, with the amounts that are found in it."""
    found: list[Group] = []
    words: list[Word] = []
    behind: list[Amount] = []
    of_amounts = {
        at: each for each in found_in(line.words) for at in range(each.first, each.last + 1)
    }
    for at, word in enumerate(line.words):
        amount = of_amounts.get(at)
        if amount is None and behind and BEGINS.search(word.text):
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
