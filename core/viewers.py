"""Who is shown something of a client's, and how much of it can be shown at all."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from core.audit import Actor, EndUser
from core.money import Money


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which applications a face can speak of: those in one currency, of at most so much of it.

    `largest` is in the currency's minor units. None, only by `all`, narrows nothing. There is no
    default: who shows something says how much of it.
    """

    currency: str | None
    largest: int | None

    @classmethod
    def all(cls) -> "Visibility":
        """Of every application."""
        return cls(None, None)

    def shows(self, amount: Money) -> bool:
        """Whether the face can speak of an application for this amount."""
        return (self.currency is None or self.currency == amount.currency) and (
            self.largest is None or amount.minor <= self.largest
        )


VISIBLE = """
(CAST(:currency AS text) IS NULL OR application.currency = CAST(:currency AS text))
AND (CAST(:largest AS bigint) IS NULL OR application.amount <= CAST(:largest AS bigint))"""
"""What `Visibility.shows` says, for SQL over the table of applications."""
OF_END_USER = """
application.oidc_subject = CAST(:oidc_subject AS text)
AND application.oidc_issuer = CAST(:oidc_issuer AS text)"""
"""Whose the applications of an end user are, for SQL over the table of applications."""


class Viewer(NamedTuple):
    """On whose behalf something is shown or done: the client, who acts, and what can be shown."""

    client_id: UUID
    actor: Actor
    visibility: Visibility

    @property
    def end_user(self) -> EndUser | None:
        """The person who is shown their own only; None is the client, who is shown all of it."""
        return self.actor.end_user

    def parameters(self) -> dict[str, Any]:
        """Whose applications, and which can be shown, as SQL with `VISIBLE` in it has them."""
        issuer, subject = self.end_user or (None, None)
        return {
            "client_id": self.client_id,
            "oidc_issuer": issuer,
            "oidc_subject": subject,
            "currency": self.visibility.currency,
            "largest": self.visibility.largest,
        }
