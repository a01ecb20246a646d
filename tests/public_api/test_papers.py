"""Documents that are no bank statements, over both versions: what they say and leave open."""

from datetime import date
from typing import Any
from uuid import UUID

from core import documents
from core.query import Query
from deploy.demo.bill import make_bill
from deploy.demo.bill_xml import cii
from deploy.demo.papers import annual_accounts, business_report, register_extract, zugferd
from tests.builders import House, company, statements
from tests.core.formats.other_papers import other_papers

FIRM = company(1, months=3)
BILL = make_bill(FIRM)


async def handed_in(house: House, content: bytes, **form: str) -> tuple[Any, Any]:
    """The document once it was read, and its application."""
    partner = await house.partner()
    application = (await partner.http.post("/v2/applications", json=FIRM.application())).json()
    place = f"/v2/applications/{application['id']}"
    answer = await partner.http.post(
        f"{place}/documents", files={"file": ("a", content)}, data=form
    )
    assert answer.status_code == 202, answer.text
    await house.work()
    document = await partner.get(f"{place}/documents/{answer.json()['id']}")
    first = await partner.get(f"/v1/applications/{application['id']}/documents/{document['id']}")
    assert first["status"] == "done"
    return document, await partner.get(place)


async def test_an_invoice_is_read_with_the_place_of_each_fact(house: House) -> None:
    content = cii(BILL)
    document, application = await handed_in(house, content)
    assert (document["status"], document["kind"]) == ("read", "invoice")
    assert document["findings"] == []
    facts = {each["term"]: each for each in document["facts"]}
    assert facts["invoice_number"]["text"] == BILL.number
    assert facts["issue_date"]["date"] == str(BILL.issued_on)
    assert facts["gross_amount"]["amount"] == {
        "value": f"{BILL.gross // 100}.{BILL.gross % 100:02d}",
        "currency": "EUR",
    }
    source = facts["seller_name"]["source"]
    assert source.keys() == {"start", "end"}
    excerpt = content[source["start"] : source["end"]].decode()
    assert excerpt == f"<ram:Name>{BILL.seller}</ram:Name>"
    assert application["status"] == "needs_documents"


async def test_what_a_pdf_carries_is_told_with_its_file_and_page(house: House) -> None:
    document, application = await handed_in(house, zugferd(BILL), kind="invoice")
    assert document["findings"] == []
    source = next(each["source"] for each in document["facts"] if each["term"] == "gross_amount")
    assert (source["attachment"], source["page"]) == ("factur-x.xml", 1)
    assert source["box"]["left"] < source["box"]["right"]
    assert application["status"] == "needs_documents"


async def test_other_papers_are_kept_by_their_kind(house: House) -> None:
    for content, kind in (
        (business_report(FIRM, date(2026, 9, 1)), "business_report"),
        (annual_accounts(FIRM, 2025), "annual_accounts"),
        (register_extract(FIRM), "register_extract"),
    ):
        document, application = await handed_in(house, content)
        assert (document["status"], document["kind"]) == ("read", kind)
        assert document["findings"] == []
        assert document["facts"][0]["source"]["page"] == 1
        assert application["status"] == "needs_documents"


async def test_a_paper_that_only_looks_like_a_statement_counts_for_nothing(house: House) -> None:
    ledger = next(each for each in other_papers(balances=True) if each.kind == "ledger sheet")
    for content in (ledger.pdf(), ledger.csv()):
        document, application = await handed_in(house, content, kind="bank_statement")
        assert (document["status"], document["kind"]) == ("read", "other")
        assert "other_paper" in [each["code"] for each in document["findings"]]
        assert [each["text"] for each in document["facts"]] == ["Kontoblatt 1200 Bank"]
        assert application["status"] == "needs_documents"


async def test_a_reports_figures_are_kept_beside_what_partners_are_told(house: House) -> None:
    document, _ = await handed_in(house, business_report(FIRM, date(2026, 9, 1)))
    assert {each["term"] for each in document["facts"]} == {"title", "period_start", "period_end"}
    kept = await documents.find_by_id(house.db, UUID(document["id"]))
    assert kept is not None
    told = {(each.figure.value, each.span.value): each for each in kept.figures}
    revenue = told["revenue", "month"]
    assert revenue.amount == (FIRM.cast.turnover, "EUR")
    assert revenue.origin.box is not None
    assert told["revenue", "year_to_date"].amount.minor == 9 * FIRM.cast.turnover


async def test_what_was_said_of_a_document_is_held_to_its_content(house: House) -> None:
    document, _ = await handed_in(house, cii(BILL), kind="bank_statement")
    assert document["kind"] == "invoice"
    assert [each["code"] for each in document["findings"]] == ["kind_is_another"]
    document, _ = await handed_in(house, statements(FIRM)[0], kind="annual_accounts")
    assert document["kind"] == "bank_statement"
    assert "kind_is_another" in [each["code"] for each in document["findings"]]
    assert "facts" not in document


async def test_papers_of_others_are_named(house: House) -> None:
    stranger = company(3, months=1)
    document, _ = await handed_in(house, cii(make_bill(stranger)))
    assert [each["code"] for each in document["findings"]] == ["party_is_another"]
    document, _ = await handed_in(house, register_extract(stranger))
    assert [each["code"] for each in document["findings"]] == ["register_number_is_another"]


async def test_what_a_newer_build_has_found_disturbs_nobody(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    document_id = await partner.upload(application_id, b"new", "new.bin")
    newer = Query("UPDATE document SET kind = 'x', facts = $1", ("facts",), {})
    fact = {"term": "x", "bytes": [0, 1], "text": "y"}
    await house.db.write(lambda tx: tx.run(newer, facts=[fact]))
    document = await partner.get(f"/v2/applications/{application_id}/documents/{document_id}")
    assert document["kind"] == "other"
    assert "facts" not in document


async def test_an_invoice_beside_statements_changes_no_answer(house: House) -> None:
    partner = await house.partner()
    application_id = await house.case(partner, FIRM)
    place = f"/v2/applications/{application_id}"
    before = await partner.get(f"{place}/answers")
    status = (await partner.get(place))["status"]
    await partner.upload(application_id, zugferd(BILL), "rechnung.pdf")
    await house.work()
    assert await partner.get(f"{place}/answers") == before
    assert (await partner.get(place))["status"] == status
    assert len((await partner.get(f"{place}/documents"))["data"]) == len(FIRM.accounts) + 1
