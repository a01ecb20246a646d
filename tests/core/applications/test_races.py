"""Two who act on one case at once: one of them comes first, and the case is whole."""

import asyncio
from collections import Counter
from uuid import UUID

from core import audit, decisions
from core.decisions import DecisionOutcome, DecisionReason
from core.errors import Refused
from core.query import Query
from tests.builders import House, company, events_of

DECISIONS = Query("SELECT outcome FROM decision", (), {})
JOBS = Query("SELECT count(*) AS n FROM pgqueuer", (), {})


async def test_two_underwriters_decide_a_case_once(house: House) -> None:
    partner = await house.partner()
    case = UUID(await house.case(partner, company(3, months=12)))
    people = [await house.person(f"{name}@lender.test") for name in ("uta", "ole", "ida")]

    async def decide(outcome: DecisionOutcome, reason: DecisionReason, index: int) -> str:
        try:
            await house.db.write(
                lambda tx: decisions.decide(tx, people[index], case, outcome, (reason,), None)
            )
        except Refused as refusal:
            return refusal.code
        return outcome

    ends = await asyncio.gather(
        decide(DecisionOutcome.APPROVED, DecisionReason.SOUND_FIGURES, 0),
        decide(DecisionOutcome.DECLINED, DecisionReason.POLICY, 1),
        decide(DecisionOutcome.APPROVED, DecisionReason.SOUND_FIGURES, 2),
    )
    (decision,) = await house.db.all(DECISIONS)
    assert sorted(ends) == sorted([decision["outcome"], "application_closed", "application_closed"])
    shown = await partner.get(f"/v2/applications/{case}")
    assert shown["status"] == decision["outcome"]
    kinds = Counter(each.kind for each in await events_of(house.db, case))
    assert kinds["decision.made"] == 1


async def test_a_case_is_decided_or_withdrawn_but_not_both(house: House) -> None:
    partner, person = await house.partner(), await house.person()
    case = UUID(await house.case(partner, company(3, months=12)))

    async def decide() -> bool:
        try:
            await house.db.write(
                lambda tx: decisions.decide(
                    tx, person, case, DecisionOutcome.DECLINED, (DecisionReason.POLICY,), None
                )
            )
        except Refused:
            return False
        return True

    async def withdraw() -> bool:
        answer = await partner.http.delete(f"/v2/applications/{case}?reason=customer_request")
        assert answer.status_code in (204, 409)
        return answer.status_code == 204

    decided, withdrawn = await asyncio.gather(decide(), withdraw())
    assert decided != withdrawn
    shown = await partner.get(f"/v2/applications/{case}")
    assert shown["status"] == ("declined" if decided else "withdrawn")
    await partner.get(f"/v2/applications/{case}/decision", 200 if decided else 404)


async def test_withdrawing_many_times_at_once_is_told_once(house: House) -> None:
    partner = await house.partner()
    case = await partner.submit()
    place = f"/v2/applications/{case}?reason=duplicate"
    answers = await asyncio.gather(*(partner.http.delete(place) for _ in range(10)))
    assert {each.status_code for each in answers} == {204}
    noted = [each.action for each in await audit.history(house.db, UUID(case))]
    assert noted == ["application.submitted", "application.withdrawn"]
    kinds = [each.kind for each in await events_of(house.db, UUID(case))]
    assert kinds == ["application.received", "application.withdrawn"]


async def test_the_same_bytes_ten_times_at_once_are_one_document(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/documents"
    answers = await asyncio.gather(
        *(partner.http.post(place, files={"file": ("a.xml", b"<a/>")}) for _ in range(10))
    )
    assert Counter(each.status_code for each in answers) == {202: 1, 200: 9}
    assert len({each.json()["id"] for each in answers}) == 1
    assert len((await partner.get(place))["data"]) == 1
    assert len(list((house.folder / "blobs" / "documents").iterdir())) == 1
    jobs = await house.db.one(JOBS)
    assert jobs is not None
    assert jobs["n"] == 1


async def test_a_document_beside_a_withdrawal_is_taken_before_it_or_refused(house: House) -> None:
    partner = await house.partner()
    for turn in range(5):
        case = await partner.submit()
        place = f"/v2/applications/{case}"
        content = b"<a>%d</a>" % turn
        taken, gone = await asyncio.gather(
            partner.http.post(f"{place}/documents", files={"file": ("a.xml", content)}),
            partner.http.delete(f"{place}?reason=test"),
        )
        assert gone.status_code == 204
        assert taken.status_code in (202, 409)
        listed = (await partner.get(f"{place}/documents"))["data"]
        assert len(listed) == (taken.status_code == 202)
        assert (await partner.get(place))["status"] == "withdrawn"
    await house.work()
    for shown in (await partner.get("/v2/applications"))["data"]:
        assert shown["status"] == "withdrawn"
