"""What operators do about people, and what people do about themselves."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from core import audit, passwords
from core.audit import Actor
from core.db import Tx
from core.errors import Invalid
from core.ids import new_id
from core.users import store
from core.users.model import (
    LOCALES,
    UNKNOWN_LOCALE,
    Person,
    Role,
    normal_email,
    password_complaints,
    require_sound,
)
from core.users.store import person_from_row, require_row


async def create(
    tx: Tx, actor: Actor, email: str, name: str, password: str, role: Role, locale: str = "en"
) -> UUID:
    """Take in a person; the password is kept only as an argon2 hash."""
    known = any(
        normal_email(each.person.email) == normal_email(email) for each in await store.everybody(tx)
    )
    require_sound(email, name, password, locale, known=known)
    new = Person(new_id(), email, name, role, locale)
    await store.add(tx, new, await passwords.hash(password), datetime.now(UTC))
    audit.record(tx, actor, "person.created", "person", new.id, {"role": role})
    return new.id


async def disable(tx: Tx, actor: Actor, email: str) -> Person:
    """Let a person sign in no more, and end their sessions."""
    found = await _set_disabled(tx, email, disabled=True)
    await store.end_sessions(tx, found.id)
    audit.record(tx, actor, "person.disabled", "person", found.id, {})
    return found


async def enable(tx: Tx, actor: Actor, email: str) -> Person:
    """Let a person sign in again, with the password that they had."""
    found = await _set_disabled(tx, email, disabled=False)
    audit.record(tx, actor, "person.enabled", "person", found.id, {})
    return found


async def reset_password(tx: Tx, actor: Actor, email: str, password: str) -> Person:
    """Give a person another password, and end their sessions."""
    found = person_from_row(await require_row(tx, email))
    if complaints := password_complaints(password, found.email, found.name):
        raise Invalid(*complaints)
    new_hash = await passwords.hash(password)
    await store.set_password(tx, found.id, new_hash)
    await store.end_sessions(tx, found.id)
    audit.record(tx, actor, "person.password_reset", "person", found.id, {})
    return found


async def set_role(tx: Tx, actor: Actor, email: str, role: Role) -> Person:
    """Give a person another role, which holds from their next click."""
    row = await require_row(tx, email)
    await store.set_role(tx, row["id"], role)
    detail = {"role": role, "before": row["role"]}
    audit.record(tx, actor, "person.role_changed", "person", row["id"], detail)
    return replace(person_from_row(row), role=role)


async def set_locale(tx: Tx, person: Person, locale: str) -> None:
    """Remember which language the person reads."""
    if locale not in LOCALES:
        raise Invalid(UNKNOWN_LOCALE)
    await store.set_locale(tx, person.id, locale)


async def _set_disabled(tx: Tx, email: str, *, disabled: bool) -> Person:
    row = await require_row(tx, email)
    await store.set_disabled(tx, row["id"], disabled=disabled)
    return person_from_row(row)
