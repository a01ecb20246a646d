"""What cannot be shown to a viewer is not found, whatever is asked about it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from core import analysis, applications, decisions, documents, events, questions, reports
from core.analysis import TransactionListing
from core.applications import Application, ApplicationListing, DeleteReason, Terms
from core.audit import Actor
from core.db import Tx
from core.documents import ReceivedFile, StoredBlob, UploadLabel
from core.errors import NotFound
from core.ids import new_id
from core.pages import CursorRequest, PageRequest
from core.reports import Language
from core.statements import TransactionFilter
from core.viewers import Viewer, Visibility
from tests.builders import House, Partner

FILE = ReceivedFile(StoredBlob("b", 1, b"\x01" * 32), UploadLabel.of("a.xml", None, None))
LISTING = TransactionListing(TransactionFilter(), 20)
GERMAN, TEST = Language.GERMAN, DeleteReason.TEST
Look = Callable[[Tx, Viewer, UUID], Awaitable[object]]


def as_it_is(application: Application) -> Terms:
    return application.terms


LOOKS: dict[str, Look] = {
    "application": applications.get,
    "documents": documents.list_for_viewer,
    "document": lambda tx, viewer, which: documents.get(tx, viewer, which, new_id()),
    "statements": analysis.overview,
    "transactions": lambda tx, viewer, which: analysis.list_transactions(
        tx, viewer, which, LISTING
    ),
    "requests": questions.list_requests,
    "report": reports.get,
    "printed report": lambda tx, viewer, which: reports.get_document(tx, viewer, which, GERMAN),
    "decision": decisions.get,
    "change": lambda tx, viewer, which: applications.change(tx, viewer, which, as_it_is, None),
    "withdrawal": lambda tx, viewer, which: applications.withdraw(tx, viewer, which, TEST),
    "upload": lambda tx, viewer, which: documents.hand_in(tx, viewer, which, FILE),
}


def viewer_of(partner: Partner, currency: str | None) -> Viewer:
    """The partner, by a face that can speak of this currency only."""
    actor = Actor("client", partner.client_id)
    return Viewer(partner.client_id, actor, Visibility(currency))


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
async def test_what_a_viewer_cannot_be_shown_is_not_found(house: House, look: Look) -> None:
    partner, stranger = await house.partner(), await house.partner("Makler Süd")
    in_euros = UUID(await partner.submit())
    for viewer in (viewer_of(partner, "CHF"), viewer_of(stranger, "EUR")):

        async def work(tx: Tx, viewer: Viewer = viewer) -> object:
            return await look(tx, viewer, in_euros)

        with pytest.raises(NotFound, match="application"):
            await house.db.write(work)


async def test_lists_hold_what_a_viewer_can_be_shown(house: House) -> None:
    partner = await house.partner()
    in_euros = UUID(await partner.submit())
    in_francs = UUID(await partner.submit(amount={"value": "1.00", "currency": "CHF"}))
    for currency, ids in (("EUR", [in_euros]), ("CHF", [in_francs]), (None, [in_francs, in_euros])):
        viewer = viewer_of(partner, currency)
        page = await applications.list_by_cursor(house.db, viewer, ApplicationListing(limit=9))
        assert [each.id for each in page.items] == ids
        numbered = await applications.list_by_page(house.db, viewer, PageRequest(1, 9))
        assert ([each.id for each in numbered.items], numbered.total) == (ids, len(ids))
        news = await events.list_events(house.db, viewer, CursorRequest(9))
        assert [each.application_id for each in news.items] == ids[::-1]
