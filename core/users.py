"""People who work at the lender: passwords, roles, and sessions kept on our side."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from unicodedata import normalize
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
from core.common_passwords import is_common
from core.db import Database, Queryable, Tx
from core.errors import Complaint, Forbidden, Invalid, NotFound, Unauthenticated
from core.ids import new_id
from core.query import compiled, metadata, param
from core.sign_in_attempts import SignInAttempt

SHORTEST_PASSWORD = 12
WRONG = "The e-mail address or the password is wrong."


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
# What a database holds for small letters hangs on its locale: `lower` only finds who may be meant.
_BY_EMAIL = compiled(
    select(*_PERSON, person.c.password_hash, person.c.disabled).where(
        func.lower(person.c.email).in_(
            (func.lower(param("email", Text)), func.lower(param("normal", Text)))
        )
    )
)
_EVERYBODY = compiled(
    select(*_PERSON, person.c.disabled, person.c.created_at).order_by(person.c.id)
)
_UNCHANGED = compiled(
    select(person.c.id)
    .where(
        person.c.id == param("id"),
        person.c.password_hash == param("password_hash"),
        ~person.c.disabled,
    )
    .with_for_update(read=True)
)
_LOCKED = compiled(
    select(*_PERSON, person.c.disabled).where(person.c.id == param("id")).with_for_update()
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

_SET_DISABLED = compiled(
    update(person).where(person.c.id == param("which")).values(disabled=param("new_state"))
)
_SET_ROLE = compiled(
    update(person).where(person.c.id == param("which")).values(role=param("new_role"))
)
_SET_PASSWORD = compiled(
    update(person).where(person.c.id == param("which")).values(password_hash=param("new_hash"))
)
_REHASH = compiled(
    update(person)
    .where(person.c.id == param("which"), person.c.password_hash == param("old_hash", Text))
    .values(password_hash=param("new_hash"))
)
_END_SESSIONS = compiled(delete(session).where(session.c.person_id == param("who")))


async def create(
    tx: Tx, actor: Actor, email: str, name: str, password: str, role: Role, locale: str = "en"
) -> UUID:
    """Take in a person; the password is kept only as an argon2 hash."""
    complaints = []
    if "@" not in email:
        complaints.append(Complaint("/email", "email: an address with an @ is needed"))
    if not name.strip():
        complaints.append(Complaint("/name", "name: what colleagues call the person is needed"))
    complaints += _complaints_of(password, email, name)
    if locale not in ("en", "de"):
        complaints.append(Complaint("/locale", "locale: en or de"))
    if any(normal_email(each.person.email) == normal_email(email) for each in await everybody(tx)):
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

    Whoever tries one account or another too often from a source waits: Throttled. Raises
    Unavailable where too many wait for their password to be looked at, of a source or all.
    """
    row, now = await _by_email(db, email), datetime.now(UTC)
    attempt = SignInAttempt(str(row["id"]) if row else normal_email(email), source)
    await db.write(lambda tx: attempt.count(tx, now))
    old_hash = row["password_hash"] if row else None
    matches = await passwords.verify(old_hash, password, source=source)
    if not matches or row is None or row["disabled"]:
        raise Unauthenticated(WRONG)
    person, token = _person(row), secrets.token_urlsafe(32)
    outdated = passwords.needs_rehash(row["password_hash"])
    new_hash = await passwords.hash(password, source=source) if outdated else None

    async def work(tx: Tx) -> None:
        if await tx.one(_UNCHANGED, id=person.id, password_hash=old_hash) is None:
            raise Unauthenticated(WRONG)  # disabled or reset since it was looked up
        await attempt.forgive(tx, now)
        if new_hash:
            await tx.run(_REHASH, which=person.id, old_hash=old_hash, new_hash=new_hash)
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


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as operators see them: since when they are known, and whether they may sign in."""

    person: Person
    created_at: datetime
    disabled: bool


async def everybody(db: Queryable) -> list[KnownPerson]:
    """All who work or worked at the lender, in the order in which they came."""
    return [
        KnownPerson(_person(row), row["created_at"], row["disabled"])
        for row in await db.all(_EVERYBODY)
    ]


async def disable(tx: Tx, actor: Actor, email: str) -> Person:
    """Let a person sign in no more, and end their sessions."""
    found = await _set_disabled(tx, email, disabled=True)
    await tx.run(_END_SESSIONS, who=found.id)
    audit.record(tx, actor, "person.disabled", "person", found.id, {})
    return found


async def enable(tx: Tx, actor: Actor, email: str) -> Person:
    """Let a person sign in again, with the password that they had."""
    found = await _set_disabled(tx, email, disabled=False)
    audit.record(tx, actor, "person.enabled", "person", found.id, {})
    return found


async def reset_password(tx: Tx, actor: Actor, email: str, password: str) -> Person:
    """Give a person another password, and end their sessions."""
    found = _person(await _require(tx, email))
    if complaints := _complaints_of(password, found.email, found.name):
        raise Invalid(*complaints)
    new_hash = await passwords.hash(password)
    await tx.run(_SET_PASSWORD, which=found.id, new_hash=new_hash)
    await tx.run(_END_SESSIONS, who=found.id)
    audit.record(tx, actor, "person.password_reset", "person", found.id, {})
    return found


async def set_role(tx: Tx, actor: Actor, email: str, role: Role) -> Person:
    """Give a person another role, which holds from their next click."""
    row = await _require(tx, email)
    await tx.run(_SET_ROLE, which=row["id"], new_role=role)
    detail = {"role": role, "before": row["role"]}
    audit.record(tx, actor, "person.role_changed", "person", row["id"], detail)
    return replace(_person(row), role=role)


async def _set_disabled(tx: Tx, email: str, *, disabled: bool) -> Person:
    row = await _require(tx, email)
    await tx.run(_SET_DISABLED, which=row["id"], new_state=disabled)
    return _person(row)


async def _require(tx: Tx, email: str) -> asyncpg.Record:
    """The person's row, held until the unit of work ends; raises NotFound where there is none."""
    found = await _by_email(tx, email)
    row = await tx.one(_LOCKED, id=found["id"]) if found else None
    if row is None:
        raise NotFound("person")
    return row


def normal_email(email: str) -> str:
    """The one form in which addresses are compared, whatever a database holds for small letters."""
    return normalize("NFKC", normalize("NFKC", email.strip()).casefold())


async def _by_email(db: Queryable, email: str) -> asyncpg.Record | None:
    """Who has this address; of several from before there was one form, who has it to the letter."""
    normal = normal_email(email)
    rows = await db.all(_BY_EMAIL, email=email, normal=normal)
    rows = [row for row in rows if normal_email(row["email"]) == normal]
    return next((row for row in rows if row["email"] == email), rows[0] if rows else None)


def _complaints_of(password: str, email: str, name: str) -> list[Complaint]:
    if len(password) < SHORTEST_PASSWORD:
        why = f"password: at least {SHORTEST_PASSWORD} characters are needed"
        return [Complaint("/password", why)]
    if is_common(password, email, name):
        why = "password: it is one of those that are guessed first; several words are better"
        return [Complaint("/password", why)]
    return []


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
    row = await _by_email(db, email)
    return _person(row) if row and not row["disabled"] else None


async def find_id(db: Queryable, email: str) -> UUID | None:
    """Whose address this is, also of somebody who may sign in no more."""
    row = await _by_email(db, email)
    return row["id"] if row else None


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
