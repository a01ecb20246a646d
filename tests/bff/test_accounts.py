"""An account of another holder: left out until a person lets it in, and said wherever it is."""

from typing import Any
from uuid import UUID

from tests.bff.conftest import Screen
from tests.builders import House, Partner, company, events_of, statements

STRANGER = company(19, months=12)


async def handed_in(house: House) -> tuple[Partner, str, str]:
    """A case with its own statements and those of another company's account; its number."""
    partner, own = await house.partner(), company()
    theirs = statements(STRANGER)[:1]
    case_id = await house.case(partner, own, [*statements(own), *theirs])
    return partner, case_id, STRANGER.accounts[0].iban


async def revenue(partner: Partner, case_id: str) -> tuple[str, set[str]]:
    """Monthly revenue as partners are told it, and what it is subject to."""
    answers = (await partner.get(f"/v2/applications/{case_id}/answers"))["data"]
    told = next(each for each in answers if each["question"] == "monthly_revenue")
    return told["value"]["value"], {each["kind"] for each in told.get("reservations", ())}


async def rule(
    screen: Screen,
    case_id: str,
    status: int = 204,
    seen: dict[str, str] | None = None,
    **ruling: Any,
) -> None:
    """Say what is to become of an account, as the page does: of the case as it was shown."""
    seen = seen or await screen.shown(case_id)
    answer = await screen.http.post(f"/bff/cases/{case_id}/accounts", json=ruling, headers=seen)
    assert answer.status_code == status, answer.text


async def test_it_counts_once_a_person_lets_it_in_and_no_longer_once_that_is_taken_back(
    house: House, uta: Screen
) -> None:
    partner, case_id, account = await handed_in(house)
    alone = await house.case(partner, company())
    own, nothing = await revenue(partner, alone)
    assert nothing == set()
    assert await revenue(partner, case_id) == (own, {"account_left_out"})
    [listed] = [a for a in (await uta.get(f"/bff/cases/{case_id}"))["accounts"] if not a["counted"]]
    assert (listed["number"], listed["ownership"]) == (account, "another")

    await rule(uta, case_id, account=account, counted=True, reason="Cash pooling.")
    await house.work()
    more, subject_to = await revenue(partner, case_id)
    assert float(more) > float(own)
    assert subject_to == {"account_missing"}  # its holder has another one
    case = await uta.get(f"/bff/cases/{case_id}")
    [ruled] = [each["ruling"] for each in case["accounts"] if each["ruling"]]
    assert (ruled["counted"], ruled["reason"], ruled["by"]) == (True, "Cash pooling.", "Uta Winter")
    told = next(each for each in case["history"] if each["action"] == "account.let_in")
    assert (told["account"], told["reason"]) == (account, "Cash pooling.")

    await rule(uta, case_id, account=account, counted=None)
    await house.work()
    assert await revenue(partner, case_id) == (own, {"account_left_out"})
    kinds = [each.kind for each in await events_of(house.db, UUID(case_id))]
    assert [each for each in kinds if each.startswith("application.")][-4:] == [
        "application.reading",
        "application.needs_documents",
        "application.reading",
        "application.in_review",
    ]


async def test_one_that_shall_stay_out_is_no_open_question(house: House, uta: Screen) -> None:
    partner, case_id, account = await handed_in(house)
    before = (await uta.get("/bff/inbox"))["rows"][0]["provisional"]
    assert before > 10
    await rule(uta, case_id, account=account, counted=False, reason="The spouse's.")
    await house.work()
    assert (await revenue(partner, case_id))[1] == set()
    assert (await uta.get("/bff/inbox"))["rows"][0]["provisional"] == 0


async def test_a_person_says_why_about_the_state_that_was_shown(
    house: House, uta: Screen, vera: Screen
) -> None:
    partner, case_id, account = await handed_in(house)
    shown = await uta.shown(case_id)
    said: dict[str, Any] = {"account": account, "counted": True, "reason": "Ours."}
    await rule(uta, case_id, 422, **{**said, "reason": " "})
    await rule(uta, case_id, 404, **{**said, "account": "DE00"})
    own = company().accounts[0].iban
    await rule(uta, case_id, 409, **{**said, "account": own})
    await rule(vera, case_id, 403, **said)
    url = f"/v2/applications/{case_id}"
    tag = (await partner.http.get(url)).headers["ETag"]
    patch = {"external_reference": "new"}
    assert (await partner.http.patch(url, json=patch, headers={"If-Match": tag})).status_code == 200
    await rule(uta, case_id, 409, shown, **said)
    assert not any(a["ruling"] for a in (await uta.get(f"/bff/cases/{case_id}"))["accounts"])


async def test_partners_are_told_which_account_does_not_count(house: House) -> None:
    partner, case_id, account = await handed_in(house)
    accounts = (await partner.get(f"/v2/applications/{case_id}/statements"))["accounts"]
    told = {each["number"]: (each.get("ownership"), each.get("counted")) for each in accounts}
    assert told.pop(account) == ("another", False)
    assert set(told.values()) == {(None, None)}
    figures = (await partner.get(f"/v2/applications/{case_id}/report"))["figures"]
    subject_to = {each["id"]: each.get("reservations", []) for each in figures}
    [reservation] = subject_to["monthly_revenue"]
    assert (reservation["kind"], reservation["account"]) == ("account_left_out", account)
    assert STRANGER.cast.name.split()[0].lower() in reservation["text"]["de"].lower()
