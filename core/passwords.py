"""Passwords as they are kept: hashed with argon2, which is slow by intent, by threads of its own.

However many strangers try to sign in, they keep nothing waiting but themselves: a hash takes
64 MiB and all cores for a moment, so that few are made at once and few may wait for one.
"""

import base64
import os
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.low_level import ARGON2_VERSION

from core.bulkhead import Bulkhead

AT_ONCE = max(1, (os.cpu_count() or 1) // 4)
"""A hash keeps four cores busy by itself."""
MOST_WAITING, MOST_PER_SOURCE = 32, 6
_hasher = PasswordHasher()
_bulkhead = Bulkhead(
    "passwords",
    threads=AT_ONCE,
    most_waiting=MOST_WAITING,
    most_per_owner=MOST_PER_SOURCE,
    refusal="Too many people are signing in at this moment; try again in a few seconds.",
)


async def hash(password: str, *, source: str = "") -> str:  # noqa: A001 - as the field says it
    """What is kept of a password; raises Unavailable where too many wait, of the source or all."""
    return await _bulkhead.run(source, lambda: _hasher.hash(password))


async def verify(password_hash: str | None, password: str, *, source: str = "") -> bool:
    """Whether a password made the hash; for None, as much work and always no.

    Raises Unavailable where too many wait, of the source or in all.
    """
    kept = UNKNOWN_HASH if password_hash is None else password_hash
    return await _bulkhead.run(source, lambda: _matches(kept, password))


def needs_rehash(password_hash: str) -> bool:
    """Whether a hash was made with less work than one would be made with today."""
    return _hasher.check_needs_rehash(password_hash)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False


def _unknown_hash() -> str:
    """What no password has made: as much work for an unknown name as for a known, none at start."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (_hasher.salt_len, _hasher.hash_len)
    )
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


UNKNOWN_HASH = _unknown_hash()
