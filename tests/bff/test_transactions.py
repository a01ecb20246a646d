"""From a number to its bookings, and on to their bytes."""

from decimal import Decimal
from uuid import uuid4

from bff.transactions import PER_PAGE
from tests.bff.conftest import Screen
from tests.builders import House, company


async def test_the_bookings_of_a_figure_add_up_and_stand_in_the_file(
    house: House, uta: Screen
) -> None:
    case_id = await house.case(await house.partner(), company(months=3))
    case = await uta.get(f"/bff/cases/{case_id}")
    basis = next(f["basis"] for f in case["figures"] if f["name"] == "monthly_revenue")
    path = f"/bff/cases/{case_id}/transactions?evidence_of=monthly_revenue"
    pages = range(1, -(-basis["bookings"] // PER_PAGE) + 1)
    rows = [row for page in pages for row in (await uta.get(f"{path}&page={page}"))["rows"]]
    assert len({row["id"] for row in rows}) == basis["bookings"] > PER_PAGE
    assert sum(Decimal(row["amount"]["value"]) for row in rows) == Decimal(basis["sum"]["value"])
    beyond = await uta.get(f"{path}&page=99")  # an address may be older than what it shows
    assert (beyond["page"], beyond["rows"]) == (pages[-1], rows[(pages[-1] - 1) * PER_PAGE :])
    for row in rows[::20]:
        place = f"start={row['start']}&end={row['end']}"
        document = f"/bff/cases/{case_id}/documents/{row['document_id']}"
        shown = await uta.get(f"{document}/evidence?{place}")
        assert shown["text"].startswith("<Ntry>")
        assert shown["text"].endswith("</Ntry>")
        assert f">{row['amount']['value'].lstrip('-')}<" in shown["text"]
        whole = (await uta.http.get(f"{document}/content")).content
        assert whole[row["start"] : row["end"]].decode() == shown["text"]
        assert shown["before"] + shown["text"] + shown["after"] in whole.decode()


async def test_an_unknown_figure_or_case_is_not_found(house: House, uta: Screen) -> None:
    case_id = await (await house.partner()).submit()
    await uta.get(f"/bff/cases/{case_id}/transactions?evidence_of=luck", status=404)
    await uta.get(f"/bff/cases/{uuid4()}/transactions?evidence_of=growth", status=404)
    await uta.get(f"/bff/cases/{case_id}/transactions", status=422)
