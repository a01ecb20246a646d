"""Applications over HTTP, written once for every version."""

from dataclasses import dataclass
from typing import NamedTuple

from core import applications
from core.applications import Application, ApplicationPatch, ApplicationStatus, DeleteReason
from core.db import Tx
from public_api.call import Call
from public_api.versions import Response

Shown = tuple[Application, str | None]
"""An application, and the validator of the copy that the caller has, if it said so."""


class CursorListing(NamedTuple):
    """Which applications to list, resuming after a cursor."""

    limit: int
    after: str | None = None
    status: ApplicationStatus | None = None
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
class ApplicationChange:
    """What is to become of an application, and the revisions that it is meant for; None is any."""

    become: ApplicationPatch
    known: frozenset[int] | None


async def submit(call: Call) -> Response:
    """Take in an application; the same Idempotency-Key gets the same answer."""
    new = call.translation.read(await call.received())

    async def work(tx: Tx) -> Response:
        return call.translation.write(await applications.submit(tx, call.caller, new))

    return await call.once(new, work)


async def show(call: Call) -> Response:
    """One application."""
    known = call.translation.read(call.asked())
    found = await applications.get(call.db, call.caller, call.id(), call.version.visibility)
    return call.translation.write((found, known))


async def list_by_cursor(call: Call) -> Response:
    """The caller's applications, newest first, by cursor."""
    asked: CursorListing = call.translation.read(call.asked())
    return call.translation.write(
        await applications.list_by_cursor(
            call.db,
            call.caller,
            limit=asked.limit,
            after=asked.after,
            status=asked.status,
            external_reference=asked.external_reference,
            visibility=call.version.visibility,
        )
    )


async def list_by_page(call: Call) -> Response:
    """The caller's applications, newest first, by numbered page."""
    asked: NumberedListing = call.translation.read(call.asked())

    async def look(tx: Tx) -> Response:
        found = await applications.list_by_page(
            tx,
            call.caller,
            page=asked.page,
            per_page=asked.per_page,
            visibility=call.version.visibility,
        )
        return call.translation.write((asked, found))

    return await call.db.snapshot(look)


async def change(call: Call) -> Response:
    """Change an application, provided the caller knows how it stands."""
    which = (await applications.get(call.db, call.caller, call.id(), call.version.visibility)).id
    said: ApplicationChange = call.translation.read(await call.received())

    async def work(tx: Tx) -> Response:
        return call.translation.write(
            await applications.change(
                tx, call.caller, which, said.become, said.known, call.version.visibility
            )
        )

    return await call.db.write(work)


async def withdraw(call: Call) -> Response:
    """Withdraw an application; it stays on record."""
    said: Withdrawal = call.translation.read(call.asked())
    which = call.id()

    async def work(tx: Tx) -> Response:
        return call.translation.write(
            await applications.withdraw(
                tx, call.caller, which, said.reason, call.version.visibility
            )
        )

    return await call.db.write(work)
