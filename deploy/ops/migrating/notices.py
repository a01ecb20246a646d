"""What a migration tells while it runs: a sentence for people, the same as fields for pipelines."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Notice:
    """One thing that a migration tells, such as `applied` or `waiting`."""

    event: str
    text: str
    fields: dict[str, Any] = field(default_factory=dict)


Told = Callable[[Notice], None]


def quiet(_: Notice) -> None:
    """Tell nobody."""
