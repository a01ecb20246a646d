"""Signing in and out; sessions are kept on our side, of their tokens only a hash."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from core import audit, passwords
from core.db import Database, Queryable, Tx
from core.errors import Unauthenticated
from core.sign_in_attempts import SignInAttempt
from core.users import store
from core.users.model import Person, StartedSession, normal_email
from core.users.store import person_from_row

WRONG = "The e-mail address or the password is wrong."


async def sign_in(
    db: Database, email: str, password: str, lifetime: timedelta, source: str = ""
) -> StartedSession:
    """The person and a new session's token; raises Unauthenticated, not saying what was wrong.

    Whoever tries one account or another too often from a source waits: Throttled. Raises
    Unavailable where too many wait for their password to be looked at, of a source or all.
    """
    row, now = await store.row_by_email(db, email), datetime.now(UTC)
    attempt = SignInAttempt(str(row["id"]) if row else normal_email(email), source)
    await db.write(lambda tx: attempt.count(tx, now))
    old_hash = row["password_hash"] if row else None
    matches = await passwords.verify(old_hash, password, source=source)
    if not matches or row is None or row["disabled"]:
        raise Unauthenticated(WRONG)
    person, token = person_from_row(row), secrets.token_urlsafe(32)
    outdated = passwords.needs_rehash(row["password_hash"])
    new_hash = await passwords.hash(password, source=source) if outdated else None

    async def work(tx: Tx) -> None:
        if not await store.is_unchanged(tx, person.id, old_hash):
            raise Unauthenticated(WRONG)  # disabled or reset since it was looked up
        await attempt.forgive(tx, now)
        if new_hash:
            await store.rehash(tx, person.id, old_hash, new_hash)
        await store.sweep_sessions(tx, now)
        await store.add_session(tx, _hash(token), person.id, now, now + lifetime)
        audit.record(tx, person.actor, "person.signed_in", "person", person.id, {})

    await db.write(work)
    return StartedSession(person, token)


async def find_by_session(db: Queryable, token: str) -> Person:
    """Whose session this is; raises Unauthenticated when it has ended."""
    person = await store.find_by_token(db, _hash(token), datetime.now(UTC))
    if person is None:
        raise Unauthenticated("You are not signed in, or your session has ended.")
    return person


async def sign_out(tx: Tx, person: Person, token: str) -> None:
    """End the session; its token is worth nothing from now on."""
    await store.remove_session(tx, _hash(token))
    audit.record(tx, person.actor, "person.signed_out", "person", person.id, {})


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
