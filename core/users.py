"""People who work at the lender: passwords, roles, and sessions kept on our side."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    select,
    update,
)

from core import audit, passwords
from core.audit import Actor
from core.db import Database, Queryable, Tx
from core.errors import Complaint, Forbidden, Invalid, Unauthenticated
from core.ids import new_id
from core.query import compiled, metadata, param

SHORTEST_PASSWORD = 12


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


person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", Text),
    Column("name", Text),
    Column("role", Text),
    Column("locale", Text),
    Column("password_hash", Text),
    Column("created_at", DateTime(timezone=True)),
    Column("disabled", Boolean),
)
session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("person_id", Uuid),
    Column("created_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
)
_PERSON = (person.c.id, person.c.email, person.c.name, person.c.role, person.c.locale)
_ADD = compiled(insert(person))
_BY_EMAIL = compiled(
    select(*_PERSON, person.c.password_hash).where(
        func.lower(person.c.email) == func.lower(param("email", Text)), ~person.c.disabled
    )
)
_NAMES = compiled(select(person.c.id, person.c.name))
_ADD_SESSION = compiled(insert(session))
_BY_TOKEN = compiled(
    select(*_PERSON)
    .join(session, session.c.person_id == person.c.id)
    .where(
        session.c.token_hash == param("token_hash"),
        session.c.expires_at > param("now"),
        ~person.c.disabled,
    )
)
_REMOVE_SESSION = compiled(delete(session).where(session.c.token_hash == param("token_hash")))
_SWEEP = compiled(delete(session).where(session.c.expires_at <= param("now")))
_SET_LOCALE = compiled(
    update(person).where(person.c.id == param("which")).values(locale=param("new_locale"))
)


async def create(
    tx: Tx, actor: Actor, email: str, name: str, password: str, role: Role, locale: str = "en"
) -> UUID:
    """Take in a person; the password is kept only as an argon2 hash."""
    complaints = []
    if "@" not in email:
        complaints.append(Complaint("/email", "email: an address with an @ is needed"))
    if len(password) < SHORTEST_PASSWORD:
        complaints.append(
            Complaint("/password", f"password: at least {SHORTEST_PASSWORD} characters are needed")
        )
    if locale not in ("en", "de"):
        complaints.append(Complaint("/locale", "locale: en or de"))
    if await tx.one(_BY_EMAIL, email=email):
        complaints.append(Complaint("/email", "email: this person is here already"))
    if complaints:
        raise Invalid(*complaints)
    person_id = new_id()
    await tx.run(
        _ADD,
        id=person_id,
        email=email,
        name=name,
        role=role,
        locale=locale,
        password_hash=await passwords.hash(password),
        created_at=datetime.now(UTC),
        disabled=False,
    )
    audit.record(tx, actor, "person.created", "person", person_id, {"role": role})
    return person_id


async def sign_in(
    db: Database, email: str, password: str, lifetime: timedelta, source: str = ""
) -> StartedSession:
    """The person and a new session's token; raises Unauthenticated, not saying what was wrong.

    Raises Unavailable where too many wait for their password to be looked at, of a source or all.
    """
    row = await db.one(_BY_EMAIL, email=email)
    password_hash = row["password_hash"] if row else None
    if not await passwords.verify(password_hash, password, source=source) or row is None:
        raise Unauthenticated("The e-mail address or the password is wrong.")
    person, token, now = _person(row), secrets.token_urlsafe(32), datetime.now(UTC)

    async def work(tx: Tx) -> None:
        await tx.run(_SWEEP, now=now)
        await tx.run(
            _ADD_SESSION,
            token_hash=_hash(token),
            person_id=person.id,
            created_at=now,
            expires_at=now + lifetime,
        )
        audit.record(tx, person.actor, "person.signed_in", "person", person.id, {})

    await db.write(work)
    return StartedSession(person, token)


async def find_by_session(db: Queryable, token: str) -> Person:
    """Whose session this is; raises Unauthenticated when it has ended."""
    row = await db.one(_BY_TOKEN, token_hash=_hash(token), now=datetime.now(UTC))
    if row is None:
        raise Unauthenticated("You are not signed in, or your session has ended.")
    return _person(row)


async def sign_out(tx: Tx, person: Person, token: str) -> None:
    """End the session; its token is worth nothing from now on."""
    await tx.run(_REMOVE_SESSION, token_hash=_hash(token))
    audit.record(tx, person.actor, "person.signed_out", "person", person.id, {})


async def set_locale(tx: Tx, person: Person, locale: str) -> None:
    """Remember which language the person reads."""
    if locale not in ("en", "de"):
        raise Invalid(Complaint("/locale", "locale: en or de"))
    await tx.run(_SET_LOCALE, which=person.id, new_locale=locale)


async def find_by_email(db: Queryable, email: str) -> Person | None:
    """Who signs in with this address."""
    row = await db.one(_BY_EMAIL, email=email)
    return _person(row) if row else None


async def names(db: Queryable) -> dict[UUID, str]:
    """What each person is called."""
    return {row["id"]: row["name"] for row in await db.all(_NAMES)}


def _person(row: asyncpg.Record) -> Person:
    return Person(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        locale=row["locale"],
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
