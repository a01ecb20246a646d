"""What version 2 promises of its own, a test a promise."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from core.applications import ApplicationStatus
from public_api.openapi import published
from public_api.v2 import problems
from public_api.v2.applications import STATUS
from public_api.v2.version import V2
from tests.builders import House, Partner, application, company

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")
NAMES = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a JSON value with its place, arrays as `[]`."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield f"{place}/{name}", part
            yield from leaves(part, f"{place}/{name}")
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part, f"{place}[]")


async def read_case(house: House, partner: Partner) -> str:
    """The path of a case that was read and answered."""
    return f"/v2/applications/{await house.case(partner, company(3, months=12))}"


async def test_every_answer_speaks_one_language(house: House) -> None:
    """Fields are snake_case, times RFC 3339 with Z, ids UUIDv7, money names its currency."""
    partner = await house.partner()
    place = await read_case(house, partner)
    nouns = ("", "/documents", "/statements", "/transactions", "/report", "/answers", "/requests")
    checked = 0
    for noun in nouns:
        for where, value in leaves(await partner.get(place + noun)):
            name = where.rpartition("/")[2]
            assert "/detail/" in where or NAMES.fullmatch(name.removesuffix("[]")), where
            if name.endswith("_at") and value is not None:
                assert TIME.fullmatch(value), where
                datetime.fromisoformat(value).astimezone(UTC)
            if name in ("id", "document_id", "application_id") and noun != "/report":
                assert UUID(value).version == 7, where
            if isinstance(value, dict) and "currency" in value and "value" in value:
                assert set(value) == {"value", "currency"}, where
                assert re.fullmatch(r"-?\d+\.\d\d", value["value"]), where
            checked += 1
    assert checked > 500


@pytest.mark.parametrize(
    ("currency", "fine", "too_fine"),
    [("EUR", "5.10", "5.101"), ("JPY", "5", "5.0"), ("KWD", "5.125", "5.1255")],
)
async def test_money_has_its_currencys_own_decimals(
    house: House, currency: str, fine: str, too_fine: str
) -> None:
    """Money has the currency's own exponent; a finer fraction is refused."""
    partner = await house.partner()
    body = application(amount={"value": fine, "currency": currency})
    assert (await partner.http.post("/v2/applications", json=body)).json()["amount"] == body[
        "amount"
    ]
    body["amount"]["value"] = too_fine
    refused = await partner.http.post("/v2/applications", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/amount/value"


@pytest.mark.parametrize(
    "name", ["purpose", "property", "declared", "external_reference", "applicant/vat_id"]
)
async def test_absent_and_null_are_the_same_and_empty_is_not(house: House, name: str) -> None:
    """Absent and null mean the same when handed in; an empty text is refused."""
    partner = await house.partner()
    payload = application()
    inside = payload
    *above, last = name.split("/")
    for each in above:
        inside = inside[each]
    shown = []
    for change in ({}, {last: None}):
        inside.update(change)
        answer = await partner.http.post("/v2/applications", json=payload)
        assert answer.status_code == 201, answer.text
        moved = ("id", "created_at", "updated_at")
        shown.append({k: v for k, v in answer.json().items() if k not in moved})
    assert shown[0] == shown[1]
    inside[last] = ""
    assert (await partner.http.post("/v2/applications", json=payload)).status_code == 422


@pytest.mark.unit
def test_answers_may_gain_words() -> None:
    """Enumerations of answers are declared extensible; those of requests are closed lists."""
    document = published(V2)
    assert document["x-beleg-promises"]["enumerations"] == "extensible"
    answers = [
        content["schema"]
        for path in document["paths"].values()
        for operation in path.values()
        for status, answer in operation["responses"].items()
        if status[0] == "2"
        for content in answer.get("content", {}).values()
    ]
    assert "'enum'" not in str(answers)
    status = document["components"]["schemas"]["Application"]["properties"]["status"]
    assert status["x-extensible-enum"] == list(STATUS.values())


@pytest.mark.unit
def test_an_application_is_in_one_of_seven_states() -> None:
    """Received, reading, needs_documents, in_review, approved, declined or withdrawn."""
    assert [STATUS[each] for each in ApplicationStatus] == [
        "received",
        "reading",
        "needs_documents",
        "in_review",
        "approved",
        "declined",
        "withdrawn",
    ]


async def test_a_list_holds_twenty_and_at_most_a_hundred(house: House) -> None:
    """`limit` is 20 unless said, from 1 to 100; `next` is null at the end."""
    partner = await house.partner()
    for _ in range(21):
        await partner.submit()
    usual = await partner.get("/v2/applications")
    assert (len(usual["data"]), usual["next"] is None) == (20, False)
    most = await partner.get("/v2/applications?limit=100")
    assert (len(most["data"]), most["next"]) == (21, None)
    assert len((await partner.get("/v2/applications?limit=1"))["data"]) == 1
    for wrong in (0, 101):
        await partner.get(f"/v2/applications?limit={wrong}", 422)


async def test_the_entity_tag_is_strong_and_changes_with_the_application(house: House) -> None:
    """`GET` gives a strong `ETag`, another one after every change."""
    partner = await house.partner()
    made = await partner.http.post("/v2/applications", json=application())
    place, tag = made.headers["location"], made.headers["etag"]
    assert re.fullmatch(r'"[^"]+"', tag)
    assert (await partner.http.get(place)).headers["etag"] == tag
    await partner.upload(made.json()["id"], b"<a/>")
    after = (await partner.http.get(place)).headers["etag"]
    assert after != tag
    assert (await partner.http.get(place, headers={"If-None-Match": after})).status_code == 304


async def test_a_document_says_what_it_is_and_how_reading_it_goes(house: House) -> None:
    """`202` with id, status, sha256 and more; then `read` or `unreadable` with findings."""
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/documents"
    form = await partner.http.post(
        place, files={"file": ("a.xml", b"<a/>")}, data={"kind": "bank_statement"}
    )
    document = form.json()
    assert (form.status_code, document["status"], document["kind"]) == (
        202,
        "queued",
        "bank_statement",
    )
    assert len(document["sha256"]) == 64
    assert form.headers["location"] == f"{place}/{document['id']}"
    await house.work()
    shown = await partner.get(f"{place}/{document['id']}")
    assert shown["status"] == "unreadable"
    assert shown["findings"]
    assert "pages" in shown
    assert (await partner.get(place))["data"] == [shown]


CONTENT = b"0123456789"


@pytest.mark.parametrize(
    ("byte_range", "status", "content", "place"),
    [
        ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
        ("bytes=0-", 206, CONTENT, "bytes 0-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, CONTENT, "bytes 0-9/10"),
        ("bytes=5-999", 206, b"56789", "bytes 5-9/10"),
        ("bytes=9-9", 206, b"9", "bytes 9-9/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=-0", 416, None, "bytes */10"),
        ("bytes=0-1,4-5", 200, CONTENT, None),
        ("bytes=5-2", 416, None, "bytes */10"),
        ("bytes=x-y", 200, CONTENT, None),
        ("lines=0-1", 200, CONTENT, None),
    ],
)
async def test_content_comes_in_the_range_that_is_asked_for(
    house: House, byte_range: str, status: int, content: bytes | None, place: str | None
) -> None:
    """One range is served, one beyond the end is 416, and what is no single range is ignored."""
    partner = await house.partner()
    application_id = await partner.submit()
    document = await partner.upload(application_id, CONTENT)
    where = f"/v2/applications/{application_id}/documents/{document}/content"
    answer = await partner.http.get(where, headers={"Range": byte_range})
    assert (answer.status_code, answer.headers.get("content-range")) == (status, place)
    assert content is None or answer.content == content
    assert status == 416 or answer.headers["accept-ranges"] == "bytes"


async def test_a_range_of_another_copy_is_given_whole(house: House) -> None:
    """`If-Range` with another validator than the content's gives the whole."""
    partner = await house.partner()
    application_id = await partner.submit()
    document = await partner.upload(application_id, CONTENT)
    where = f"/v2/applications/{application_id}/documents/{document}/content"
    tag = (await partner.http.get(where)).headers["etag"]
    for validator, status in ((tag, 206), ('"other"', 200), ("Tue, 24 Nov 2026 00:00:00 GMT", 200)):
        headers = {"Range": "bytes=0-1", "If-Range": validator}
        assert (await partner.http.get(where, headers=headers)).status_code == status


async def test_statements_say_whether_they_reconcile(house: House) -> None:
    """Accounts, periods, balances, reconciliation per statement and across them, gaps."""
    partner = await house.partner()
    place = await read_case(house, partner)
    overview = await partner.get(f"{place}/statements")
    (account, *_), (statement, *_) = overview["accounts"], overview["data"]
    assert {"number", "currency", "starts_on", "ends_on", "gaps"} <= set(account)
    assert {"account", "starts_on", "ends_on", "opening", "closing"} <= set(statement)
    assert {each["reconciliation"]["state"] for each in overview["data"]} == {"reconciles"}
    assert (overview["reconciles"], overview["difference"]["value"]) == (True, "0.00")
    assert [each["gaps"] for each in overview["accounts"]] == [[]] * len(overview["accounts"])


async def test_transactions_are_narrowed_by_every_filter(house: House) -> None:
    """By account, category, counterparty, from, to and evidence; each carries its evidence."""
    partner = await house.partner()
    place = f"{await read_case(house, partner)}/transactions"
    page = await partner.get(f"{place}?limit=100")
    rows = page["data"]
    while page["next"]:
        page = await partner.get(f"{place}?limit=100&after={page['next']}")
        rows += page["data"]
    assert all(row["evidence"]["end"] > row["evidence"]["start"] for row in rows)

    def called(part: str) -> Callable[[Any], bool]:
        return lambda it: part.lower() in (it["counterparty"]["name"] or "").lower()

    one = next(row for row in rows if row["counterparty"]["name"])
    for query, holds in (
        (f"account={one['account']}", lambda it: it["account"] == one["account"]),
        (f"category={one['category']}", lambda it: it["category"] == one["category"]),
        (
            f"counterparty={one['counterparty']['name'][:4]}",
            called(one["counterparty"]["name"][:4]),
        ),
        *((f"counterparty={quote(sign)}", called(sign)) for sign in ("%", "_", "\\")),
        (f"from={rows[40]['booked_on']}", lambda it: it["booked_on"] >= rows[40]["booked_on"]),
        (f"to={rows[40]['booked_on']}", lambda it: it["booked_on"] <= rows[40]["booked_on"]),
    ):
        narrowed = (await partner.get(f"{place}?{query}&limit=100"))["data"]
        assert narrowed == list(filter(holds, rows))[:100], query
    await partner.get(f"{place}?evidence_of=nothing", 404)


async def test_a_figure_says_how_it_came_about(house: House) -> None:
    """Each figure: formula id and version, value, unit, window, evidence."""
    partner = await house.partner()
    place = await read_case(house, partner)
    figures = (await partner.get(f"{place}/report"))["figures"]
    assert len(figures) > 5
    for figure in figures:
        assert {"id", "value", "unit", "window", "evidence"} <= set(figure), figure
        assert re.fullmatch(rf"{figure['id']}@\d+", figure["formula"])


async def test_an_answer_has_a_state_a_verdict_a_reason_and_its_evidence(house: House) -> None:
    """Each answer: question, state, value?, verdict, because, missing?, evidence with 20 items."""
    partner = await house.partner()
    place = await read_case(house, partner)
    answers = (await partner.get(f"{place}/answers"))["data"]
    for answer in answers:
        assert answer["state"] in ("answered", "not_answerable")
        assert answer["verdict"] in ("good", "watch", "bad", "none")
        assert answer["because"]
        evidence = answer["evidence"]
        assert len(evidence["items"]) == min(20, evidence["count"])
        assert evidence["href"].startswith(f"{place}/transactions?evidence_of=")
        assert bool(answer["missing"]) == (answer["state"] == "not_answerable"), answer["question"]


async def test_a_problem_is_of_a_stable_type(house: House) -> None:
    """RFC 9457: `type` under `/problems/`, title, status, detail; `errors` on 422."""
    partner = await house.partner()
    for answer, kind in (
        (await partner.http.get("/v2/applications/x"), "not-found"),
        (await partner.http.put("/v2/applications"), "method-not-allowed"),
        (await partner.http.post("/v2/applications", content=b"{"), "malformed"),
        (await partner.http.post("/v2/applications", json={}), "invalid"),
    ):
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["type"] == f"/problems/{kind}"
        assert problem["status"] == answer.status_code
        assert {"title", "detail"} <= set(problem)
        assert ("errors" in problem) == (answer.status_code == 422)
    assert all(set(each) == {"pointer", "detail"} for each in problem["errors"])


@pytest.mark.unit
def test_a_condition_has_one_status_and_one_type() -> None:
    """The same condition always has the same status and type."""
    kinds = [problems.kind_of(kind.code) for kind in problems.TABLE]
    assert len(set(kinds)) == len(kinds)
