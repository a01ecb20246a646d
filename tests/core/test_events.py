"""What is told of a case, and what stands in the log about it: everything, in order."""

from uuid import UUID

from core import audit, decisions
from core.decisions import DecisionOutcome, DecisionReason
from core.query import Query
from tests.builders import House, company, events_of

BY_ACTION = Query("SELECT action, actor_kind, actor_id FROM audit_entry ORDER BY xid, id", (), {})


async def test_everything_that_happens_to_a_case_is_told_in_order(house: House) -> None:
    partner, person = await house.partner(), await house.person()
    case = await house.case(partner, company(3, months=12))
    await house.db.write(
        lambda tx: decisions.decide(
            tx, person, UUID(case), DecisionOutcome.APPROVED, (DecisionReason.SOUND_FIGURES,), None
        )
    )
    kinds = [each.kind for each in await events_of(house.db, UUID(case))]
    accounts = len(company(3, months=12).accounts)
    assert kinds[:3] == ["application.received", "application.reading", "document.queued"]
    assert kinds.count("document.queued") == kinds.count("document.read") == accounts
    assert kinds[-3:] == ["application.in_review", "application.approved", "decision.made"]
    ids = [each.id for each in await events_of(house.db, UUID(case))]
    assert ids == sorted(ids)


async def test_every_command_leaves_an_entry_that_names_who_did_it(house: House) -> None:
    partner, person = await house.partner(), await house.person()
    case = await house.case(partner, company(3, months=12))
    await house.db.write(
        lambda tx: decisions.decide(
            tx, person, UUID(case), DecisionOutcome.DECLINED, (DecisionReason.POLICY,), None
        )
    )
    gone = await partner.submit()
    await partner.http.delete(f"/v1/applications/{gone}")
    of_case = [(each.action, each.actor_kind) for each in await audit.history(house.db, UUID(case))]
    assert of_case[:3] == [
        ("application.submitted", "client"),
        ("application.moved", "client"),
        ("document.handed_in", "client"),
    ]
    assert ("document.read", "system") in of_case
    assert of_case[-2:] == [("application.moved", "person"), ("application.decided", "person")]
    withdrawn = (await audit.history(house.db, UUID(gone)))[-1]
    assert (withdrawn.action, withdrawn.actor_id) == ("application.withdrawn", partner.client_id)
    assert withdrawn.detail == {"reason": "unspecified"}
    actions = {row["action"] for row in await house.db.all(BY_ACTION)}
    assert {"client.created", "person.created", "person.signed_in"} <= actions


async def test_what_is_refused_leaves_no_entry_and_no_event(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    place = f"/v2/applications/{application_id}"
    await partner.http.delete(f"{place}?reason=test")
    before = len(await house.db.all(BY_ACTION))
    await partner.http.delete(f"{place}?reason=test")
    await partner.http.post(f"{place}/documents", files={"file": ("a.xml", b"<a/>")})
    await partner.http.post("/v2/applications", json={})
    assert len(await house.db.all(BY_ACTION)) == before
    kinds = [each.kind for each in await events_of(house.db, UUID(application_id))]
    assert kinds == ["application.received", "application.withdrawn"]
