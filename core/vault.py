"""Secrets that lie in the database sealed: by the newest key, opened by whichever key it was.

What is sealed says so itself, and by which key, so it lies where it lay before it was sealed. A
build that cannot open it must not meet it: as long as such a build lives, or may come back, secrets
are stored as they always were, and sealed once it is gone.
"""

import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.db import Queryable
from core.errors import Complaint, Invalid, Unavailable
from core.keys import NO_KEYS, KeyRing
from core.query import Query
from core.vocabulary import WINDOW

OPENS_REVISION = "0027"
"""Builds that require this revision open what is sealed; older ones do not."""
MARK = b"\x00beleg sealed\x00"
"""How what is sealed begins; the key's name, a zero and the nonce follow."""
_NONCE_BYTES = 12
_CANNOT_OPEN = Query(
    """SELECT build FROM live_build
    WHERE seen_at > now() - $1::interval AND NOT $2 = ANY(requires) AND words <> '{}'
    ORDER BY seen_at DESC LIMIT 1""",
    ("window", "revision"),
    {},
)
"""A build that lives or may come back; of one that never does, it was said that it has no words."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens secrets with the keys of an instance."""

    keys: KeyRing = NO_KEYS

    async def seals(self, db: Queryable) -> bool:
        """Whether there is a key, and no build that could not open what is sealed with it."""
        return bool(self.keys) and await _blocking_build(db) is None

    async def seal(self, db: Queryable, secret: bytes, place: UUID) -> bytes:
        """A secret as it is to be stored; it is opened at this place only."""
        if await self.seals(db):
            return self.sealed(secret, place)
        if secret.startswith(MARK):
            raise Invalid(Complaint("/secret", "secret: it begins with what is not taken"))
        return secret

    @property
    def prefix(self) -> bytes:
        """How what is sealed with the newest key begins."""
        return _prefix(self.keys.newest.name if self.keys.newest else "")

    @property
    def prefixes(self) -> list[bytes]:
        """How what is sealed with any key that is given begins."""
        return [_prefix(each.name) for each in self.keys.keys]

    def sealed(self, secret: bytes, place: UUID) -> bytes:
        """A secret, sealed with the newest key."""
        key = self.keys.newest
        if key is None:
            raise Unavailable("There is no key to seal a secret with (BELEG_SECRET_KEYS).")
        nonce = os.urandom(_NONCE_BYTES)
        head = self.prefix
        return head + nonce + AESGCM(key.secret).encrypt(nonce, secret, head + place.bytes)

    def open(self, stored: bytes, place: UUID) -> bytes:
        """The secret; raises Unavailable where it cannot be opened with any key that is given."""
        name = key_of(stored)
        if name is None:
            return stored
        key = self.keys.named(name)
        if key is None:
            raise Unavailable(
                f"A secret is sealed with the key {name}: give it (BELEG_SECRET_KEYS)."
            )
        head, rest = stored[: len(MARK) + len(name) + 1], stored[len(MARK) + len(name) + 1 :]
        nonce, sealed = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            return AESGCM(key.secret).decrypt(nonce, sealed, head + place.bytes)
        except (InvalidTag, ValueError) as problem:
            raise Unavailable(f"A secret cannot be opened with the key {name}.") from problem


NO_VAULT = Vault()


def key_of(stored: bytes) -> str | None:
    """The name of the key that something is sealed with; None where it is not sealed."""
    if not stored.startswith(MARK):
        return None
    name, _, _ = stored.removeprefix(MARK).partition(b"\x00")
    return name.decode(errors="replace")


def _prefix(name: str) -> bytes:
    return MARK + name.encode() + b"\x00"


async def _blocking_build(db: Queryable) -> str | None:
    """A build that cannot open what is sealed, and lives or may come back."""
    row = await db.one(_CANNOT_OPEN, window=WINDOW, revision=OPENS_REVISION)
    return row["build"] if row else None
