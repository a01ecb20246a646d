"""The tables of people and their sessions, and every query on them."""

from datetime import datetime
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

from core.db import Queryable, Tx
from core.errors import NotFound
from core.query import compiled, metadata, param
from core.users.model import KnownPerson, Person, Role, normal_email

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


async def add(tx: Tx, new: Person, password_hash: str, created_at: datetime) -> None:
    """Insert a person, who may sign in."""
    await tx.run(
        _ADD,
        id=new.id,
        email=new.email,
        name=new.name,
        role=new.role,
        locale=new.locale,
        password_hash=password_hash,
        created_at=created_at,
        disabled=False,
    )


async def everybody(db: Queryable) -> list[KnownPerson]:
    """All who work or worked at the lender, in the order in which they came."""
    return [
        KnownPerson(person_from_row(row), row["created_at"], row["disabled"])
        for row in await db.all(_EVERYBODY)
    ]


async def row_by_email(db: Queryable, email: str) -> asyncpg.Record | None:
    """Who has this address; of several from before there was one form, who has it to the letter."""
    normal = normal_email(email)
    rows = await db.all(_BY_EMAIL, email=email, normal=normal)
    rows = [row for row in rows if normal_email(row["email"]) == normal]
    return next((row for row in rows if row["email"] == email), rows[0] if rows else None)


async def require_row(tx: Tx, email: str) -> asyncpg.Record:
    """The person's row, held until the unit of work ends; raises NotFound where there is none."""
    found = await row_by_email(tx, email)
    row = await tx.one(_LOCKED, id=found["id"]) if found else None
    if row is None:
        raise NotFound("person")
    return row


async def find_by_email(db: Queryable, email: str) -> Person | None:
    """Who signs in with this address."""
    row = await row_by_email(db, email)
    return person_from_row(row) if row and not row["disabled"] else None


async def find_id(db: Queryable, email: str) -> UUID | None:
    """Whose address this is, also of somebody who may sign in no more."""
    row = await row_by_email(db, email)
    return row["id"] if row else None


async def names(db: Queryable) -> dict[UUID, str]:
    """What each person is called."""
    return {row["id"]: row["name"] for row in await db.all(_NAMES)}


async def is_unchanged(tx: Tx, id: UUID, password_hash: str | None) -> bool:
    """Whether a person may sign in by this password still; it stays so until the work ends."""
    return await tx.one(_UNCHANGED, id=id, password_hash=password_hash) is not None


async def set_disabled(tx: Tx, id: UUID, *, disabled: bool) -> None:
    """Write whether a person may sign in no more."""
    await tx.run(_SET_DISABLED, which=id, new_state=disabled)


async def set_role(tx: Tx, id: UUID, role: Role) -> None:
    """Write a person's role."""
    await tx.run(_SET_ROLE, which=id, new_role=role)


async def set_locale(tx: Tx, id: UUID, locale: str) -> None:
    """Write which language a person reads."""
    await tx.run(_SET_LOCALE, which=id, new_locale=locale)


async def set_password(tx: Tx, id: UUID, new_hash: str) -> None:
    """Write a person's password."""
    await tx.run(_SET_PASSWORD, which=id, new_hash=new_hash)


async def rehash(tx: Tx, id: UUID, old_hash: str | None, new_hash: str) -> None:
    """Write the same password anew, unless it has been changed meanwhile."""
    await tx.run(_REHASH, which=id, old_hash=old_hash, new_hash=new_hash)


async def add_session(
    tx: Tx, token_hash: bytes, person_id: UUID, created_at: datetime, expires_at: datetime
) -> None:
    """Insert a session."""
    await tx.run(
        _ADD_SESSION,
        token_hash=token_hash,
        person_id=person_id,
        created_at=created_at,
        expires_at=expires_at,
    )


async def find_by_token(db: Queryable, token_hash: bytes, now: datetime) -> Person | None:
    """Whose session this is, while it lasts."""
    row = await db.one(_BY_TOKEN, token_hash=token_hash, now=now)
    return person_from_row(row) if row else None


async def remove_session(tx: Tx, token_hash: bytes) -> None:
    """Remove a session."""
    await tx.run(_REMOVE_SESSION, token_hash=token_hash)


async def end_sessions(tx: Tx, person_id: UUID) -> None:
    """Remove all sessions of a person."""
    await tx.run(_END_SESSIONS, who=person_id)


async def sweep_sessions(tx: Tx, now: datetime) -> None:
    """Remove the sessions that have ended."""
    await tx.run(_SWEEP, now=now)


def person_from_row(row: asyncpg.Record) -> Person:
    """A person as a row has them."""
    return Person(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        locale=row["locale"],
    )
