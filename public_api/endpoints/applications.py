"""Applications over HTTP, written once for every version."""

from dataclasses import dataclass
from typing import NamedTuple

from core import applications
from core.applications import Application, Become, DeleteReason, Status
from core.db import Tx
from public_api.call import Call
from public_api.versions import Answer

Shown = tuple[Application, str | None]
"""An application, and the validator of the copy that the caller has, if it said so."""


class Listing(NamedTuple):
    """Which applications to list, resuming after a cursor."""

    limit: int
    after: str | None = None
    status: Status | None = None
    external_reference: str | None = None


class NumberedListing(NamedTuple):
    """Which page of applications to list."""

    page: int
    per_page: int


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why an application is withdrawn."""

    reason: DeleteReason


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an application, and the revisions that it is meant for; None is any."""

    become: Become
    known: frozenset[int] | None


async def submit(call: Call) -> Answer:
    """Take in an application; the same Idempotency-Key gets the same answer."""
    new = call.said.read(await call.received())

    async def work(tx: Tx) -> Answer:
        return call.said.write(await applications.submit(tx, call.caller, new))

    return await call.once(new, work)


async def show(call: Call) -> Answer:
    """One application."""
    known = call.said.read(call.asked())
    found = await applications.get(call.db, call.caller, call.id(), call.version.seen)
    return call.said.write((found, known))


async def browse(call: Call) -> Answer:
    """The caller's applications, newest first, by cursor."""
    asked: Listing = call.said.read(call.asked())
    return call.said.write(
        await applications.page(
            call.db,
            call.caller,
            limit=asked.limit,
            after=asked.after,
            status=asked.status,
            external_reference=asked.external_reference,
            seen=call.version.seen,
        )
    )


async def leaf(call: Call) -> Answer:
    """The caller's applications, newest first, by numbered page."""
    asked: NumberedListing = call.said.read(call.asked())

    async def look(tx: Tx) -> Answer:
        found = await applications.numbered(
            tx, call.caller, page=asked.page, per_page=asked.per_page, seen=call.version.seen
        )
        return call.said.write((asked, found))

    return await call.db.snapshot(look)


async def change(call: Call) -> Answer:
    """Change an application, provided the caller knows how it stands."""
    which = (await applications.get(call.db, call.caller, call.id(), call.version.seen)).id
    said: Change = call.said.read(await call.received())

    async def work(tx: Tx) -> Answer:
        return call.said.write(
            await applications.change(
                tx, call.caller, which, said.become, said.known, call.version.seen
            )
        )

    return await call.db.write(work)


async def withdraw(call: Call) -> Answer:
    """Withdraw an application; it stays on record."""
    said: Withdrawal = call.said.read(call.asked())
    which = call.id()

    async def work(tx: Tx) -> Answer:
        return call.said.write(
            await applications.withdraw(tx, call.caller, which, said.reason, call.version.seen)
        )

    return await call.db.write(work)
