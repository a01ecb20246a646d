"""Applications over HTTP, written once for every version."""

from dataclasses import dataclass
from typing import NamedTuple

from core import applications
from core.applications import (
    Application,
    ApplicationListing,
    ApplicationPatch,
    DeleteReason,
    Terms,
)
from core.db import Tx
from core.pages import NumberedPage, Page, PageRequest
from public_api.call import Call
from public_api.messages import Response, Translation


class ConditionalApplication(NamedTuple):
    """An application, and the validator of the copy that the caller has, if it named one."""

    application: Application
    if_none_match: str | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why an application is withdrawn."""

    reason: DeleteReason


@dataclass(frozen=True, slots=True)
class ApplicationChange:
    """What is to change of an application, and the revisions that are meant; None is any.

    `text` is what the caller wrote: with the revisions, it makes a request the same request.
    """

    patch: ApplicationPatch
    revisions: frozenset[int] | None
    text: str


async def submit(call: Call, translation: Translation[Terms, Application]) -> Response:
    """Take in an application; the same Idempotency-Key gets the same answer."""
    terms = translation.read(await call.full_request())

    async def work(tx: Tx) -> Response:
        return translation.write(await applications.submit(tx, call.viewer, terms))

    return await call.once(terms, work)


async def show(
    call: Call, translation: Translation[str | None, ConditionalApplication]
) -> Response:
    """One application."""
    if_none_match = translation.read(call.request())
    application = await applications.get(call.db, call.viewer, call.id())
    return translation.write(ConditionalApplication(application, if_none_match))


async def list_by_cursor(
    call: Call, translation: Translation[ApplicationListing, Page[Application]]
) -> Response:
    """The caller's applications, newest first, by cursor."""
    chosen = translation.read(call.request())
    return translation.write(await applications.list_by_cursor(call.db, call.viewer, chosen))


async def list_by_page(
    call: Call, translation: Translation[PageRequest, NumberedPage[Application]]
) -> Response:
    """The caller's applications, newest first, by numbered page."""
    request = translation.read(call.request())

    async def look(tx: Tx) -> Response:
        return translation.write(await applications.list_by_page(tx, call.viewer, request))

    return await call.db.snapshot(look)


async def change(call: Call, translation: Translation[ApplicationChange, Application]) -> Response:
    """Change an application, provided the caller knows how it stands."""
    which = (await applications.get(call.db, call.viewer, call.id())).id
    wanted = translation.read(await call.full_request())

    async def work(tx: Tx) -> Response:
        return translation.write(
            await applications.change(tx, call.viewer, which, wanted.patch, wanted.revisions)
        )

    meant = None if wanted.revisions is None else tuple(sorted(wanted.revisions))
    return await call.once((wanted.text, meant), work)


async def withdraw(call: Call, translation: Translation[Withdrawal, Application]) -> Response:
    """Withdraw an application; it stays on record."""
    withdrawal = translation.read(call.request())
    which = call.id()

    async def work(tx: Tx) -> Response:
        return translation.write(
            await applications.withdraw(tx, call.viewer, which, withdrawal.reason)
        )

    return await call.db.write(work)
