"""The inbox: all cases, narrowed and paged."""

from bff.inbox import PER_PAGE
from tests.bff.conftest import Screen
from tests.builders import House, company


async def test_the_newest_case_of_every_partner_comes_first(house: House, uta: Screen) -> None:
    north, south = await house.partner("Makler Nord"), await house.partner("Makler Süd")
    await north.submit(external_reference="N-1")
    newest = await south.submit(amount={"value": "1000.50", "currency": "EUR"})
    inbox = await uta.get("/bff/inbox")
    assert [row["partner"] for row in inbox["rows"]] == ["Makler Süd", "Makler Nord"]
    first = inbox["rows"][0]
    assert first["id"] == newest
    assert first["amount"] == {"value": "1000.50", "currency": "EUR"}
    assert (first["status"], first["bad"], first["watch"]) == ("received", 0, 0)
    assert inbox["counts"]["received"] == 2
    assert inbox["counts"]["approved"] == 0


async def test_a_search_finds_part_of_the_name_or_the_reference(house: House, uta: Screen) -> None:
    partner = await house.partner()
    await partner.submit(external_reference="KP-77")
    await partner.submit(applicant={"legal_name": "Bäckerei Süß e.K.", "country": "DE"})
    for search, found in (("bäcker", 1), ("kp-7", 1), ("%", 0), ("gmbh", 1), ("none", 0)):
        inbox = await uta.get(f"/bff/inbox?q={search}".replace("%", "%25"))
        assert (inbox["total"], len(inbox["rows"])) == (found, found), search


async def test_a_status_and_a_page_narrow_the_list_but_not_the_counts(
    house: House, uta: Screen
) -> None:
    partner = await house.partner()
    ids = [await partner.submit() for _ in range(PER_PAGE + 2)]
    await partner.http.delete(f"/v2/applications/{ids[0]}?reason=test")
    second = await uta.get("/bff/inbox?status=received&page=2")
    assert [row["id"] for row in second["rows"]] == [ids[1]]
    assert second["total"] == PER_PAGE + 1
    assert second["counts"]["withdrawn"] == 1
    await uta.get("/bff/inbox?status=gone", status=422)


async def test_a_page_whose_last_case_has_left_the_list_is_the_last_that_is_left(
    house: House, uta: Screen
) -> None:
    partner = await house.partner()
    ids = [await partner.submit() for _ in range(PER_PAGE + 1)]
    second = "/bff/inbox?status=received&page=2"
    assert [row["id"] for row in (await uta.get(second))["rows"]] == [ids[0]]
    await partner.http.delete(f"/v2/applications/{ids[0]}?reason=test")
    left = await uta.get(second)
    assert [row["id"] for row in left["rows"]] == ids[:0:-1]
    assert (left["page"], left["total"]) == (1, PER_PAGE)
    nothing = await uta.get("/bff/inbox?status=approved&page=7")
    assert (nothing["rows"], nothing["page"], nothing["total"]) == ([], 1, 0)


async def test_the_findings_of_a_case_are_counted(house: House, uta: Screen) -> None:
    case_id = await house.case(await house.partner(), company(months=3))
    case = await uta.get(f"/bff/cases/{case_id}")
    row = (await uta.get("/bff/inbox"))["rows"][0]
    open_ones = [each for each in case["answers"] if each["state"] == "not_answerable"]
    assert row["unanswered"] == len(open_ones) > 0
    for verdict in ("bad", "watch"):
        answered = [each for each in case["answers"] if each["state"] == "answered"]
        assert row[verdict] == sum(each["verdict"] == verdict for each in answered)


async def test_a_stranger_sees_no_case(stranger: Screen) -> None:
    await stranger.get("/bff/inbox", status=401)
