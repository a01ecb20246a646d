"""What is held against a revision, and how it is said."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from deploy.ops.migrating.lint.remedies import REMEDIES


@dataclass(frozen=True)
class RevisionComplaint:
    """One thing that is wrong with a revision: by which rule, in which statement, and why."""

    revision: str
    rule: str
    says: str
    statement: str = ""
    build: str = ""
    """Which build it breaks, where it is one."""

    @property
    def instead(self) -> str:
        """What to write instead."""
        return REMEDIES.get(self.rule, "")

    def __str__(self) -> str:
        place = f" in: {' '.join(self.statement.split())[:100]}" if self.statement else ""
        return f"{self.revision}: {self.rule}: {self.says}{place}"


def in_words(found: Iterable[RevisionComplaint]) -> list[str]:
    """A line each, and what to write instead after the last of a kind."""
    lines = []
    for (_, instead), each in groupby(found, lambda each: (each.revision, each.instead)):
        lines += [*map(str, each), f"    Instead: {instead}."]
    return lines
