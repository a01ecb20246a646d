"""What cannot be shown to a viewer is not found, whatever is asked about it."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from core import analysis, applications, decisions, documents, events, questions, reports
from core.analysis import StatementListing, TransactionListing
from core.applications import (
    Application,
    ApplicationListing,
    ApplicationStatus,
    DeleteReason,
    Terms,
)
from core.audit import SYSTEM, Actor, EndUser
from core.db import Tx
from core.decisions import DecisionOutcome, DecisionReason
from core.documents import ReceivedFile, StoredBlob, UploadLabel
from core.errors import NotFound
from core.pages import CursorRequest, PageRequest
from core.reports import Language
from core.statements import TransactionFilter
from core.viewers import Viewer, Visibility
from tests.builders import House, Partner

FILE, ANOTHER = (
    ReceivedFile(StoredBlob("b", 1, digit * 32), UploadLabel.of("a.xml", None, None))
    for digit in (b"\x01", b"\x02")
)
DOCUMENT = "its document"
AMOUNT = 250_000_00  # of what partners submit in tests
Look = Callable[..., Awaitable[Any]]


def as_it_is(application: Application) -> Terms:
    return application.terms


LOOKS: dict[Look, tuple[object, ...]] = {
    applications.get: (),
    applications.change: (as_it_is, None),
    applications.withdraw: (DeleteReason.TEST,),
    documents.list_for_viewer: (),
    documents.get: (DOCUMENT,),
    documents.hand_in: (ANOTHER,),
    analysis.find_statements: (StatementListing(),),
    analysis.list_transactions: (TransactionListing(TransactionFilter(), 20),),
    questions.list_requests: (),
    reports.get: (),
    reports.get_summary: (),
    reports.get_document: (Language.GERMAN,),
    decisions.get: (),
}
"""What is asked about one application, and what it takes besides."""
LISTS: dict[Look, object] = {
    applications.list_by_cursor: ApplicationListing(limit=9),
    applications.list_by_page: PageRequest(1, 9),
    events.list_events: CursorRequest(9),
}


MIA, OTTO = (EndUser("https://login.example", each) for each in ("mia", "otto"))
MIA_ELSEWHERE = EndUser("https://another.example", "mia")


def viewer_of(
    partner: Partner,
    currency: str | None,
    largest: int | None = None,
    end_user: EndUser | None = None,
) -> Viewer:
    """The partner, by a face that can speak of this currency only, and of so much of it."""
    actor = Actor("client", partner.client_id, end_user=end_user)
    return Viewer(partner.client_id, actor, Visibility(currency, largest))


async def decide(house: House, application_id: UUID) -> None:
    """Close the case, as if it had been read."""
    person = await house.person()

    async def work(tx: Tx) -> None:
        application = await applications.lock(tx, application_id)
        await applications.move(tx, SYSTEM, application, ApplicationStatus.IN_REVIEW)
        reasons = (DecisionReason.SOUND_FIGURES,)
        await decisions.decide(tx, person, application_id, DecisionOutcome.APPROVED, reasons, None)

    await house.db.write(work)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.__module__}.{look.__name__}")
async def test_only_what_a_viewer_can_be_shown_is_found(house: House, look: Look) -> None:
    partner, stranger = await house.partner(), await house.partner("Makler Süd")
    in_euros, owner = UUID(await partner.submit()), viewer_of(partner, "EUR")
    upload = await house.db.write(lambda tx: documents.hand_in(tx, owner, in_euros, FILE))
    if look is decisions.get:
        await decide(house, in_euros)
    rest = [upload.document.id if each is DOCUMENT else each for each in LOOKS[look]]

    def of(viewer: Viewer) -> Callable[[Tx], Awaitable[Any]]:
        return lambda tx: look(tx, viewer, in_euros, *rest)

    for viewer in (
        viewer_of(partner, "CHF"),
        viewer_of(partner, "EUR", AMOUNT - 1),
        viewer_of(stranger, "EUR"),
        viewer_of(partner, "EUR", end_user=MIA),
    ):
        with pytest.raises(NotFound, match="application"):
            await house.db.write(of(viewer))
    await house.db.write(of(viewer_of(partner, "EUR", AMOUNT)))


async def test_lists_hold_what_a_viewer_can_be_shown(house: House) -> None:
    partner = await house.partner()
    in_euros = UUID(await partner.submit())
    in_francs = UUID(await partner.submit(amount={"value": "1.00", "currency": "CHF"}))
    await house.settled()
    for currency, largest, ids in (
        ("EUR", None, [in_euros]),
        ("CHF", None, [in_francs]),
        ("EUR", AMOUNT, [in_euros]),
        ("EUR", AMOUNT - 1, []),
        (None, AMOUNT - 1, [in_francs]),
        (None, None, [in_francs, in_euros]),
    ):
        viewer = viewer_of(partner, currency, largest)
        for look, request in LISTS.items():
            page = await look(house.db, viewer, request)
            if look is events.list_events:
                assert [each.application_id for each in page.items] == ids[::-1]
            else:
                assert [each.id for each in page.items] == ids
            assert getattr(page, "total", len(ids)) == len(ids)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.__module__}.{look.__name__}")
async def test_what_a_person_handed_in_is_theirs_within_the_client(
    house: House, look: Look
) -> None:
    partner, stranger = await house.partner(), await house.partner("Makler Süd")
    owner, client = viewer_of(partner, "EUR", end_user=MIA), viewer_of(partner, "EUR")
    terms = (await applications.get_any(house.db, UUID(await partner.submit()))).terms
    theirs = (await house.db.write(lambda tx: applications.submit(tx, owner, terms))).id
    upload = await house.db.write(lambda tx: documents.hand_in(tx, owner, theirs, FILE))
    if look is decisions.get:
        await decide(house, theirs)
    rest = [upload.document.id if each is DOCUMENT else each for each in LOOKS[look]]

    def of(viewer: Viewer) -> Callable[[Tx], Awaitable[Any]]:
        return lambda tx: look(tx, viewer, theirs, *rest)

    for viewer in (
        viewer_of(partner, "EUR", end_user=OTTO),
        viewer_of(partner, "EUR", end_user=MIA_ELSEWHERE),
        viewer_of(partner, "EUR", AMOUNT - 1, MIA),
        viewer_of(stranger, "EUR", end_user=MIA),
    ):
        with pytest.raises(NotFound, match="application"):
            await house.db.write(of(viewer))
    await house.db.write(of(client))
    if look not in (applications.change, applications.withdraw):
        await house.db.write(of(owner))


async def test_lists_hold_what_a_person_handed_in(house: House) -> None:
    partner = await house.partner()
    of_client = UUID(await partner.submit())
    terms = (await applications.get_any(house.db, of_client)).terms
    ids: dict[EndUser | None, list[UUID]] = {None: [of_client]}
    for end_user in (MIA, OTTO, MIA_ELSEWHERE):
        viewer = viewer_of(partner, "EUR", end_user=end_user)
        new = await house.db.write(partial(applications.submit, viewer=viewer, terms=terms))
        ids[end_user] = [new.id]
        ids[None] = [new.id, *ids[None]]
    await house.settled()
    for visible, limit in ((None, None), ("EUR", AMOUNT)):
        for whose, expected in ids.items():
            for look, request in LISTS.items():
                page = await look(house.db, viewer_of(partner, visible, limit, whose), request)
                if look is events.list_events:
                    assert [each.application_id for each in page.items] == expected[::-1]
                else:
                    assert [each.id for each in page.items] == expected
                assert getattr(page, "total", len(expected)) == len(expected)
