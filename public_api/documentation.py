"""What a version tells partners of itself, beside what it has published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

APPLICATION_ID = "019a2f3c-8d41-7c52-9b1e-3f6a5d20c7e4"
DOCUMENT_ID = "019a2f3c-91b7-7e08-8c4d-a1f2094b6d35"
OTHER_ID = "019a2f3d-0c1f-7a94-b6d2-7e58f3a90b12"


class Replacement(NamedTuple):
    """Where a field of the version before is now (`Object/field/…`, none if it is gone)."""

    place: str
    note: str = ""


class ObjectSuccession(NamedTuple):
    """What became of the fields of an object of the version before."""

    title: str
    fields: Mapping[str, Replacement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """The way to a version from the one before it, in both versions' published names.

    `operations` lead from old to new, the first of them is shown as an example; `statuses` from
    new to old, by noun.
    """

    predecessor: str
    in_short: tuple[str, ...]
    operations: Mapping[str, str]
    objects: Mapping[str, ObjectSuccession]
    statuses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Documentation:
    """A version's own prose, the meanings and examples of its fields, and the way to it.

    `texts` is a folder of Markdown: a page is told by the newest version that has a text for it.
    """

    texts: Path | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)
    samples: Mapping[str, Any] = field(default_factory=dict)
    succession: Succession | None = None
