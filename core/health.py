"""What a part stands on, looked at one by one: its database, its documents, and what it adds.

A part is ready where nothing is wrong. A note is no more than that: something to see to, over which
nobody is turned away.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from core.db import Database
from core.documents import BlobStore
from core.errors import Unavailable
from core.identity import require_identity

OK = "ok"
Check = Callable[[], Awaitable[str | None]]
"""Raises Unavailable where something is wrong; else a note, if there is something to say."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found, by name: `ok`, a note, or what is wrong; the first that is wrong."""

    found: Mapping[str, str]
    wrong: Unavailable | None

    def require(self) -> None:
        """Raise what is wrong first."""
        if self.wrong is not None:
            raise self.wrong


async def look(db: Database, blobs: BlobStore, more: Mapping[str, Check] | None = None) -> Health:
    """Look at the database, the store of documents, and what else the part stands on."""
    database, *others = await asyncio.gather(
        _result(lambda: _noted(db.require_answer())),
        *(_result(each) for each in (more or {}).values()),
    )
    reached = None if isinstance(database, Unavailable) else db
    documents = await _result(lambda: _look_at_documents(reached, blobs))
    results = {
        "database": database,
        "documents": documents,
        **dict(zip(more or {}, others, strict=True)),
    }
    wrong = next((each for each in results.values() if isinstance(each, Unavailable)), None)
    return Health({name: _word(each) for name, each in results.items()}, wrong)


async def _look_at_documents(db: Database | None, blobs: BlobStore) -> None:
    """See that the store is this instance's, and has room; without a database that it is there."""
    await blobs.require_room()
    if db is None:
        await blobs.owner()
    else:
        await require_identity(db.apart, blobs)


async def _noted(check: Awaitable[object]) -> None:
    await check


async def _result(check: Check) -> str | Unavailable | None:
    try:
        return await check()
    except Unavailable as wrong:
        return wrong


def _word(result: str | Unavailable | None) -> str:
    return result.detail if isinstance(result, Unavailable) else result or OK
