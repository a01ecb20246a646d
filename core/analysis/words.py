"""Tables of words that tell a booking's category, and how they are found in folded text.

Words stand between bars and are matched whole, umlauts written out or lost; `*` stands for the
rest of a word. Of the rules that match, the first in the table decides.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from core.analysis.model import Category

LOST = {"ä": r"(?:ae?|\W?)", "ö": r"(?:oe?|\W?)", "ü": r"(?:ue?|\W?)", "ß": r"(?:ss?|\W?)"}

NUMBER = re.compile(r"[0-9]{4,}")


def mask(text: str) -> str:
    """The text with all numbers alike: many texts differ in these alone, no rule asks for them."""
    return NUMBER.sub("0000", text)


def spell(words: str) -> str:
    """The pattern of words separated by bars, to be tried where a word starts."""
    return "|".join(_phrase(phrase.strip()) for phrase in words.split("|") if phrase.strip())


def _phrase(phrase: str) -> str:
    pattern = "".join(LOST.get(letter, letter) for letter in phrase.removesuffix("*"))
    pattern = pattern.replace("*", "[a-z]*").replace(" ", r"\W+")
    return pattern if phrase.endswith("*") else pattern + "(?![a-z])"


def compile_words(words: str) -> re.Pattern[str]:
    """A pattern that finds any of the words in folded text."""
    return re.compile(f"(?<![a-z])(?:{spell(words)})")


@dataclass(frozen=True)
class CategoryRule:
    """Words that tell a category: anywhere, in the text only, or in the counterparty's name only.

    With `of_bank` the counterparty must look like a bank or be unnamed, as for banks' own bookings.
    """

    category: Category
    anywhere: str = ""
    text: str = ""
    name: str = ""
    unless: str = ""
    of_bank: bool = False

    @cached_property
    def exception(self) -> re.Pattern[str] | None:
        """What the text or name must not say."""
        return compile_words(self.unless) if self.unless else None


class RuleTable:
    """Rules in order of trust, searched for all at once."""

    def __init__(self, rules: Sequence[CategoryRule]) -> None:
        self.rules = rules
        self.hits = lru_cache(maxsize=65_536)(self._search)
        self._text = _alternatives([f"{rule.anywhere}|{rule.text}" for rule in rules])
        self._name = _alternatives([f"{rule.anywhere}|{rule.name}" for rule in rules])

    def _search(self, text: str) -> frozenset[int]:
        """The ranks of the rules that the folded text speaks for."""
        return frozenset(match.lastindex or 0 for match in self._text.finditer(text))

    def name_hits(self, name: str) -> set[int]:
        """The ranks of the rules that the folded name speaks for."""
        return {match.lastindex or 0 for match in self._name.finditer(name)}

    def choose(self, ranks: Set[int], text: str, of_bank: bool) -> Category | None:
        """The category of the first rule among the ranks that nothing speaks against."""
        for rank in sorted(ranks):
            rule = self.rules[rank - 1]
            if rule.of_bank and not of_bank:
                continue
            if rule.exception is None or not rule.exception.search(text):
                return rule.category
        return None


def _alternatives(words: Sequence[str]) -> re.Pattern[str]:
    """One group a rule, looked ahead from each word's start, so that no hit hides a later one."""
    groups = "|".join(f"({spell(each) or '(?!)'})" for each in words)
    return re.compile(f"(?<![a-z])(?=[a-z])(?={groups})")
