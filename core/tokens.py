"""Access tokens: short-lived, for a client that does not want to send its key with every call."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, insert

from core.callers import TOKEN_BEGINNING
from core.clients import Caller, digest, shown_mark
from core.clients.store import access_token
from core.db import Tx
from core.errors import Complaint, Invalid
from core.query import compiled, param

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=24)
_ADD = compiled(insert(access_token))
_SWEEP = compiled(delete(access_token).where(access_token.c.expires_at <= param("now")))


class IssuedToken(NamedTuple):
    """A new access token, shown this once, and its scopes."""

    token: str
    scopes: list[str]


async def issue(
    tx: Tx, caller: Caller, key: str, scopes: Sequence[str] | None, lifetime: timedelta = SHORTEST
) -> IssuedToken:
    """A new token, shown this once, and its scopes: those asked for, at most those of the key.

    It has the characters that are shown of its key, so that an edge sends both to one build.
    """
    if not SHORTEST <= lifetime <= LONGEST:
        raise Invalid(Complaint("/expires_in", "expires_in: 900 to 86400 seconds"))
    wanted = caller.scopes if scopes is None else frozenset(scopes)
    if not wanted or not wanted <= caller.scopes:
        raise Invalid(Complaint("/scope", "scope: at most the scopes of the key"))
    mark, now = shown_mark(key), datetime.now(UTC)
    token = TOKEN_BEGINNING + mark + secrets.token_urlsafe(32)[len(mark) :]
    granted = sorted(wanted)
    await tx.run(
        _ADD,
        hash=digest(token),
        key_id=caller.key_id,
        scopes=granted,
        created_at=now,
        expires_at=now + lifetime,
    )
    return IssuedToken(token, granted)


async def sweep(tx: Tx) -> int:
    """Remove tokens that have expired; how many."""
    return await tx.run(_SWEEP, now=datetime.now(UTC))
