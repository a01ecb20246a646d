"""What a break is; the tables of them stand beside this file, by kind."""

from dataclasses import dataclass

REVISION = "a new revision"
"""In place of a file: the text is SQL that a revision after the last one runs."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A text that stands in a file once, and what takes its place."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Break:
    """A change as a colleague might make it in good faith, and which old client notices it."""

    name: str
    notices: str
    file: str
    old: str
    new: str
    more: tuple[Edit, ...] = ()
    # Why the contract's own tests cannot see it; `measured`: the bench's budgets of latency do.
    exception: str = ""
    measured: bool = False

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Everything that is changed."""
        return (Edit(self.file, self.old, self.new), *self.more)
