"""One case as its page shows it."""

from tests.bff.conftest import Screen
from tests.builders import House, company


async def test_a_case_shows_what_was_read_and_answered(house: House, uta: Screen) -> None:
    firm = company()
    partner = await house.partner()
    application_id = await house.case(partner, firm)
    case = await uta.get(f"/bff/cases/{application_id}")
    import json
    json.dump(case, open("/tmp/case.json", "w"), indent=1)
    print(case["application"]["status"])
    assert case["answers"]
