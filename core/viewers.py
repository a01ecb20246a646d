"""Who is shown something of a client's, and how much of it can be shown at all."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from core.audit import Actor


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which applications a face can speak of: those in one currency; None, only by `all`, is all.

    There is no default: who shows something says how much of it.
    """

    currency: str | None

    @classmethod
    def all(cls) -> "Visibility":
        """Of every application."""
        return cls(None)

    def shows(self, currency: str) -> bool:
        """Whether the face can speak of an application in this currency."""
        return self.currency is None or self.currency == currency


class Viewer(NamedTuple):
    """On whose behalf something is shown or done: the client, who acts, and what can be shown."""

    client_id: UUID
    actor: Actor
    visibility: Visibility
