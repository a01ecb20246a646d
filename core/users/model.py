"""Who works at the lender, and what each role may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from unicodedata import normalize
from uuid import UUID

from core.audit import Actor
from core.common_passwords import is_common
from core.errors import Complaint, Forbidden, Invalid

SHORTEST_PASSWORD = 12
LOCALES = ("en", "de")
UNKNOWN_LOCALE = Complaint("/locale", "locale: en or de")


class Role(StrEnum):
    """What a person is at the lender; what each role may do stands in PERMISSIONS."""

    VIEWER = "viewer"
    UNDERWRITER = "underwriter"


class Permission(StrEnum):
    """One thing that a role allows; whoever guards something asks for this, never for a role."""

    MANAGE_OWN_SESSION = "manage_own_session"
    VIEW_CASES = "view_cases"
    UPLOAD_DOCUMENTS = "upload_documents"
    DECIDE_CASES = "decide_cases"
    VIEW_USAGE = "view_usage"


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.MANAGE_OWN_SESSION, Permission.VIEW_CASES}),
    Role.UNDERWRITER: frozenset(
        {
            Permission.MANAGE_OWN_SESSION,
            Permission.VIEW_CASES,
            Permission.UPLOAD_DOCUMENTS,
            Permission.DECIDE_CASES,
            Permission.VIEW_USAGE,
        }
    ),
}
"""The one table of who may do what."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works at the lender; `locale` is `en` or `de`."""

    id: UUID
    email: str
    name: str
    role: Role
    locale: str

    @property
    def actor(self) -> Actor:
        """The person as the audit log names them."""
        return Actor("person", self.id)

    def may(self, permission: Permission) -> bool:
        """Whether the person's role has the permission."""
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless the person's role has the permission."""
        if not self.may(permission):
            raise Forbidden("Your role does not allow this.")


class StartedSession(NamedTuple):
    """Who has signed in, and the token of the new session."""

    person: Person
    token: str


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as operators see them: since when they are known, and whether they may sign in."""

    person: Person
    created_at: datetime
    disabled: bool


def require_sound(email: str, name: str, password: str, locale: str, *, known: bool) -> None:
    """Raise Invalid where somebody like this could not be taken in; `known` is here already."""
    complaints = []
    if "@" not in email:
        complaints.append(Complaint("/email", "email: an address with an @ is needed"))
    if not name.strip():
        complaints.append(Complaint("/name", "name: what colleagues call the person is needed"))
    complaints += password_complaints(password, email, name)
    if locale not in LOCALES:
        complaints.append(UNKNOWN_LOCALE)
    if known:
        complaints.append(Complaint("/email", "email: this person is here already"))
    if complaints:
        raise Invalid(*complaints)


def password_complaints(password: str, email: str, name: str) -> list[Complaint]:
    """What is wrong with a password for this person."""
    if len(password) < SHORTEST_PASSWORD:
        why = f"password: at least {SHORTEST_PASSWORD} characters are needed"
        return [Complaint("/password", why)]
    if is_common(password, email, name):
        why = "password: it is one of those that are guessed first; several words are better"
        return [Complaint("/password", why)]
    return []


def normal_email(email: str) -> str:
    """The one form in which addresses are compared, whatever a database holds for small letters."""
    return normalize("NFKC", normalize("NFKC", email.strip()).casefold())
