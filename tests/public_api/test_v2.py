"""What version 2 promises."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.analysis import Unit
from core.applications import Application, ApplicationStatus, Product
from core.documents import DocumentKind
from core.documents import DocumentStatus as DocumentStatus
from core.errors import Refused
from core.ids import new_id
from core.questions import Verdict
from public_api.messages import Request
from public_api.v2 import answers, applications, documents, problems, reports
from public_api.v2.applications import read_new, write
from public_api.v2.wire import dump
from tests.builders import House, application

FULL = application(
    product="mortgage",
    applicant={
        "legal_name": "Müller & Söhne „Werk“ GmbH",
        "country": "DE",
        "legal_form": "GmbH",
        "register_court": "Köln",
        "register_number": "HRB 7",
        "vat_id": "DE136695976",
        "lei": "5299009QN55YRQC69H56",
    },
    purpose="Ein Haus\nund ein Garten",
    property={"market_value": {"value": "1.00", "currency": "EUR"}, "address": "Am Markt 1"},
    declared={
        "annual_revenue": {"value": "100.10", "currency": "EUR"},
        "monthly_debt_service": {"value": "0.00", "currency": "EUR"},
        "existing_lenders": ["Bank"],
    },
    external_reference="A-1",
)


async def test_what_is_handed_in_is_what_is_shown(house: House) -> None:
    partner = await house.partner()
    answer = await partner.http.post("/v2/applications", json=FULL)
    assert answer.status_code == 201
    shown = answer.json()
    assert answer.headers["location"] == f"/v2/applications/{shown['id']}"
    assert {name: shown[name] for name in FULL} == FULL
    assert set(shown) == {*FULL, "id", "status", "created_at", "updated_at"}
    assert shown["created_at"].endswith("Z")
    again = await partner.http.get(answer.headers["location"])
    assert again.content == answer.content


async def test_a_copy_that_is_current_is_not_sent_again(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}"
    tag = (await partner.http.get(place)).headers["etag"]
    for known in (tag, f'"other", {tag}', "*", f"W/{tag}"):
        answer = await partner.http.get(place, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    await partner.http.delete(f"{place}?reason=test")
    answer = await partner.http.get(place, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.json()["delete_reason"]) == (200, "test")


async def test_a_list_gives_each_once_while_new_ones_arrive(house: House) -> None:
    partner = await house.partner()
    ids = [await partner.submit() for _ in range(45)]
    listed: list[str] = []
    after = ""
    while True:
        page = await partner.get(f"/v2/applications?limit=10{after}")
        listed += [each["id"] for each in page["data"]]
        await partner.submit()
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert listed == ids[::-1]


async def test_a_list_is_narrowed_by_status_and_reference(house: House) -> None:
    partner = await house.partner()
    mine = await partner.submit(external_reference="B-2")
    other = await partner.submit()
    await partner.http.delete(f"/v2/applications/{other}?reason=other")
    found = await partner.get("/v2/applications?external_reference=B-2")
    assert [each["id"] for each in found["data"]] == [mine]
    gone = await partner.get("/v2/applications?status=withdrawn")
    assert [each["id"] for each in gone["data"]] == [other]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=00000000101",
        "limit=101",
        "limit=x",
        "after=noise",
        "after=%00",
        "status=lost",
        "a=%00",
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(house: House, query: str) -> None:
    partner = await house.partner()
    refused = await partner.get(f"/v2/applications?{query}", 422)
    assert refused["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"colour": "red"}, "/colour"),
        ({"applicant": {"legal_name": "A", "country": "DE", "x": 1}}, "/applicant/x"),
        ({"applicant": {"legal_name": "A\x00", "country": "DE"}}, "/applicant/legal_name"),
        ({"applicant": {"legal_name": "A", "country": "XX"}}, "/applicant/country"),
        ({"amount": {"value": "1.001", "currency": "EUR"}}, "/amount/value"),
        ({"amount": {"value": "1.0", "currency": "JPY"}}, "/amount/value"),
        ({"amount": {"value": "0.00", "currency": "EUR"}}, "/amount/value"),
        ({"amount": {"value": "1.00", "currency": "XQQ"}}, "/amount/currency"),
        ({"amount": {"value": "1e5", "currency": "EUR"}}, "/amount/value"),
        ({"amount": 5}, "/amount"),
        ({"term_months": 0}, "/term_months"),
        ({"term_months": "60"}, "/term_months"),
        ({"term_months": 10**30}, "/term_months"),
        ({"property": {"market_value": {"value": "1.00", "currency": "EUR"}}}, "/property"),
        (
            {"declared": {"annual_revenue": {"value": "1.00", "currency": "USD"}}},
            "/declared/annual_revenue",
        ),
        ({"product": "car"}, "/product"),
    ],
)
async def test_what_breaks_a_rule_is_named(
    house: House, changes: dict[str, Any], pointer: str
) -> None:
    partner = await house.partner()
    answer = await partner.http.post("/v2/applications", json=application(**changes))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "/problems/invalid"
    assert pointer in [each["pointer"] for each in problem["errors"]]
    assert not (await partner.get("/v2/applications"))["data"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 5000, b'{"product": "\\ud800"}', b"nul"]
)
async def test_a_body_that_is_no_json_is_malformed(house: House, body: bytes) -> None:
    partner = await house.partner()
    answer = await partner.http.post("/v2/applications", content=body)
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed"


async def test_a_body_that_is_too_large_is_refused_however_it_comes(house: House) -> None:
    partner = await house.partner()

    async def chunks() -> Any:
        for _ in range(40):
            yield b" " * 65_536

    for content in (b" " * (1024 * 1024 + 1), chunks()):
        answer = await partner.http.post("/v2/applications", content=content)
        assert answer.status_code == 413


async def test_withdrawing_needs_a_reason_and_stays_on_record(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}"
    for wrong in ("", "?reason=", "?reason=unspecified", "?reason=mood"):
        assert (await partner.http.delete(place + wrong)).status_code == 422
    answer = await partner.http.delete(f"{place}?reason=duplicate")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await partner.get(place))["status"] == "withdrawn"
    upload = await partner.http.post(f"{place}/documents", files={"file": ("a", b"<a/>")})
    assert (upload.status_code, upload.json()["type"]) == (409, "/problems/application-closed")


async def test_the_same_bytes_again_give_the_document_that_is_there(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    first = await partner.upload(application_id, b"<a/>", "one.xml")
    place = f"/v2/applications/{application_id}/documents"
    raw = {"Content-Disposition": "attachment; filename*=UTF-8''%C3%BC.xml"}
    again = await partner.http.post(place, content=b"<a/>", headers=raw)
    assert (again.status_code, again.json()["id"]) == (200, first)
    other = await partner.http.post(f"{place}?kind=other", content=b"<b/>", headers=raw)
    assert (other.status_code, other.json()["filename"], other.json()["kind"]) == (
        202,
        "ü.xml",
        "other",
    )
    blobs = list((house.folder / "blobs" / "documents").iterdir())
    assert len(blobs) == 2


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/xml", 422),
        (b"--x\r\n", "multipart/form-data; boundary=x", 400),
        (b"--x--\r\n", "multipart/form-data; boundary=x", 422),
        (b"abc", "multipart/form-data", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc',
            "multipart/form-data; boundary=x",
            400,
        ),
    ],
)
async def test_an_upload_without_a_file_leaves_nothing(
    house: House, body: bytes, content_type: str, status: int
) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/documents"
    headers = {"Content-Type": content_type}
    answer = await partner.http.post(place, content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert (await partner.get(place))["data"] == []
    folder = house.folder / "blobs" / "documents"
    assert not folder.exists() or not list(folder.iterdir())


async def test_a_document_over_the_limit_is_refused_and_leaves_nothing(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/documents"

    async def chunks() -> Any:
        for _ in range(55):
            yield b"x" * 1024 * 1024

    answer = await partner.http.post(place, content=chunks())
    assert answer.status_code == 413
    folder = house.folder / "blobs" / "documents"
    assert not folder.exists() or not list(folder.iterdir())


async def test_content_is_given_whole_or_in_a_range(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    document = await partner.upload(application_id, b"0123456789", "n.xml")
    place = f"/v2/applications/{application_id}/documents/{document}/content"
    whole = await partner.http.get(place)
    assert (whole.status_code, whole.content) == (200, b"0123456789")
    assert whole.headers["content-disposition"] == "attachment; filename*=UTF-8''n.xml"
    for byte_range, content in (("2-4", b"234"), ("7-", b"789"), ("-2", b"89"), ("8-99", b"89")):
        part = await partner.http.get(place, headers={"Range": f"bytes={byte_range}"})
        assert (part.status_code, part.content) == (206, content)
    beyond = await partner.http.get(place, headers={"Range": "bytes=10-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */10")


async def test_head_says_what_get_says_without_the_body(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}"
    get, head = await partner.http.get(place), await partner.http.head(place)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.unit
def test_every_value_of_core_has_a_word() -> None:
    assert set(applications.STATUS) == set(ApplicationStatus)
    assert set(applications.PRODUCT) == set(Product)
    assert set(documents.STATUS) == set(DocumentStatus)
    assert set(documents.KIND) == set(DocumentKind)
    assert set(reports.UNIT) == set(Unit)
    assert set(answers.VERDICT) == set(Verdict)


@pytest.mark.unit
def test_every_refusal_has_a_problem() -> None:
    kinds = [Refused]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in (each for each in kinds[1:] if each.__module__.startswith(("core", "public_api"))):
        assert any(each in problems.TABLE for each in kind.__mro__), kind


LINES = st.text(min_size=1, max_size=200).filter(
    lambda text: all(ord(c) > 31 and ord(c) != 127 and not 0xD800 <= ord(c) < 0xE000 for c in text)
)


@pytest.mark.unit
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100, deadline=None)
@given(
    LINES,
    st.integers(1, 10**17 - 1),
    st.one_of(st.none(), LINES),
    st.one_of(st.none(), st.lists(LINES, max_size=3)),
)
def test_any_application_reads_back_as_it_was_written(
    name: str, cents: int, purpose: str | None, lenders: list[str] | None
) -> None:
    payload = application(
        applicant={"legal_name": name, "country": "DE"},
        amount={"value": f"{cents // 100}.{cents % 100:02}", "currency": "EUR"},
        purpose=purpose,
        declared={"existing_lenders": lenders},
    )
    new = read_new(Request({}, {}, {}, dump(payload)))
    now = datetime.now(UTC)
    shown = write(
        Application(new_id(), new_id(), ApplicationStatus.RECEIVED, new, None, 1, now, now)
    )
    assert shown["applicant"]["legal_name"] == name
    assert shown["amount"] == payload["amount"]
    assert shown["purpose"] == purpose
    assert shown["declared"]["existing_lenders"] == lenders
