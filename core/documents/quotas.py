"""How many documents, bytes and bookings of them, an application and a client may have.

How many bookings a file has is known once it is read: the one that would pass what its application
may have is refused by its reader, and what comes after as it is handed in.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from core.db import Database, Queryable
from core.documents import store
from core.documents.model import Holdings
from core.errors import Conflict
from core.settings import Settings

COUNTED_SECONDS = 60.0
"""For how long a client's documents are not counted again; longer where counting takes long."""
COUNTING_SHARE = 100.0  # counting takes at most one part of so many of the time
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Quotas:
    """The most that an application and a client may have."""

    application: Holdings
    client: Holdings
    bookings: int = Settings.model_fields["application_bookings"].default
    """The most that an application's documents may have together."""

    @classmethod
    def of(cls, settings: Settings) -> "Quotas":
        """Those that an operator has set."""
        return cls(
            Holdings(settings.application_documents, settings.application_bytes),
            Holdings(settings.client_documents, settings.client_bytes),
            settings.application_bookings,
        )

    def require_room_in_application(self, held: Holdings, more: Holdings) -> None:
        """Raise Conflict where an application that has so much may not have so much more."""
        what_to_do = "Hand in what is left with another one."
        _require("An application", what_to_do, self.application, held, more)

    def require_room_for_more_bookings(self, held: int) -> None:
        """Raise Conflict where an application has as many bookings as it may."""
        if held >= self.bookings:
            detail = f"An application may have {self.bookings} bookings in its documents."
            what_to_do = "Hand in what is left with another one."
            raise Conflict(f"{detail} {what_to_do}", code="too_many_documents")

    def require_room_of_client(self, held: Holdings, more: Holdings) -> None:
        """Raise Conflict where a client that has so much may not have so much more."""
        _require("A client", "Ask the lender whether you may have more.", self.client, held, more)


class _Counted(NamedTuple):
    holdings: Holdings
    until: float


class QuotaGuard:
    """Knows about how much each client has: counted now and then, and what came in meanwhile."""

    def __init__(self, db: Database, quotas: Quotas) -> None:
        self._db = db
        self.quotas = quotas
        self._counted: dict[UUID, _Counted] = {}
        self._counting: dict[UUID, asyncio.Task[Holdings]] = {}

    async def count(self, client_id: UUID) -> None:
        """Know what the client has: before a unit of work, whose connection would wait for it."""
        await self._of_client(client_id)

    async def require_room(
        self, tx: Queryable, client_id: UUID, application_id: UUID, size: int
    ) -> None:
        """Raise Conflict where one more document of so many bytes is too much."""
        more = Holdings(1, size)
        held = await store.holdings_of_application(tx, application_id)
        self.quotas.require_room_in_application(held, more)
        bookings = await store.bookings_of_application(tx, application_id)
        self.quotas.require_room_for_more_bookings(bookings)
        held = await self._of_client(client_id)
        self.quotas.require_room_of_client(held, more)
        if known := self._counted.get(client_id):
            # What comes to nothing after all is right again once they are counted anew.
            self._counted[client_id] = _Counted(known.holdings + more, known.until)

    async def _of_client(self, client_id: UUID) -> Holdings:
        """What the client has: counted on a connection that no request waits for."""
        known = self._counted.get(client_id)
        if known is not None and time.monotonic() < known.until:
            return known.holdings
        counting = self._counting.get(client_id)
        if counting is None:
            counting = self._counting[client_id] = asyncio.create_task(self._count(client_id))
            counting.add_done_callback(lambda _: self._counting.pop(client_id))
        return await asyncio.shield(counting)

    async def _count(self, client_id: UUID) -> Holdings:
        began = time.monotonic()
        counted = await store.holdings_of_client(self._db.apart, client_id)
        took = time.monotonic() - began
        if len(self._counted) >= MOST_REMEMBERED:
            self._counted.clear()
        until = began + max(COUNTED_SECONDS, took * COUNTING_SHARE)
        self._counted[client_id] = _Counted(counted, until)
        return counted


def _require(
    whose: str, what_to_do: str, allowed: Holdings, held: Holdings, more: Holdings
) -> None:
    after = held + more
    if after.documents > allowed.documents:
        detail = f"{whose} may have {allowed.documents} documents. {what_to_do}"
        raise Conflict(detail, code="too_many_documents")
    if after.bytes > allowed.bytes:
        detail = f"{whose} may have {allowed.bytes} bytes of documents. {what_to_do}"
        raise Conflict(detail, code="too_many_documents")
