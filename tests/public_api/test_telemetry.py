"""What operators see of the public API: lines, measurements, usage, and nothing personal."""

import io
import json
import logging
from collections.abc import Iterator

import asyncpg
import pytest
import structlog

from core import telemetry, usage
from tests.builders import House, application, company


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged, as production logs it."""
    stream = io.StringIO()
    before = structlog.get_config()
    telemetry.configure("INFO", stream)
    # loggers keep the stream they first wrote to
    for name in ("core.reading.job", "public_api.resource"):
        monkeypatch.setattr(f"{name}.log", structlog.get_logger())
    yield stream
    structlog.configure(**before)


async def test_a_request_leaves_one_line_and_nothing_personal(
    house: House, logged: io.StringIO
) -> None:
    partner = await house.partner()
    firm = company(6, months=12)
    application_id = await house.case(partner, firm)
    await partner.get(f"/v2/applications/{application_id}/answers")
    await partner.get("/v2/nothing", 404)
    text = logged.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    requests = [line for line in lines if line.get("event") == "request"]
    assert [(line["path"], line["status"]) for line in requests[-2:]] == [
        ("/v2/applications/{id}/answers", 200),
        ("unmatched", 404),
    ]
    assert len({line["request_id"] for line in requests}) == len(requests)
    for secret in (
        firm.cast.name,
        partner.key,
        "s.xml",
        *(account.iban for account in firm.accounts),
    ):
        assert str(secret) not in text


async def test_each_line_names_the_build_and_the_instance(
    house: House, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    telemetry.configure("INFO", logged, build="0.3.0+abc", instance="nordbank")
    monkeypatch.setattr("core.reading.job.log", structlog.get_logger())
    partner = await house.partner()
    await partner.http.get("/v2/applications", headers={"App-Version": "ios/3.2.1"})
    await house.case(partner, company(6, months=12))
    logging.getLogger("a.library").warning("something")
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert {"request", "document_read", "something"} <= {line["event"] for line in lines}
    assert {(line["build"], line["instance"]) for line in lines} == {("0.3.0+abc", "nordbank")}
    assert lines[0]["app_build"] == "ios/3.2.1"
    telemetry.configure("INFO", logged)  # later tests are of no build


async def test_the_histogram_counts_by_template(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    await partner.get(f"/v2/applications/{application_id}")
    await partner.get("/v2/applications/x/y/z", 404)
    family = next(iter(telemetry.REQUESTS.collect()))
    assert family.name == "http_requests_duration_seconds"
    assert family.documentation == "Histogram of requests processing time by path (in seconds)"
    counted = {
        (s.labels["method"], s.labels["path"], s.labels["status_code"], s.labels["app_name"])
        for s in family.samples
        if s.name.endswith("_count")
    }
    assert ("GET", "/v2/applications/{id}", "200", "public_api") in counted
    assert ("GET", "unmatched", "404", "public_api") in counted


async def test_a_sane_request_id_is_kept_and_any_other_replaced(house: House) -> None:
    echoed = await house.http.get("/v2/applications", headers={"Request-Id": "abc-12345678"})
    assert echoed.headers["request-id"] == "abc-12345678"
    for strange in ("a", "x" * 200, "a b c d e f g h"):
        answer = await house.http.get("/v2/applications", headers={"Request-Id": strange})
        assert answer.headers["request-id"] != strange


async def test_an_error_of_ours_names_the_request_and_nothing_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    partner = await house.partner()
    monkeypatch.setattr("core.applications.get", broken)
    for version in ("v1", "v2"):
        answer = await partner.http.get(f"/{version}/applications/{partner.client_id}")
        assert answer.status_code == 500
        assert answer.headers["request-id"] in answer.text
        assert "secret detail" not in answer.text


async def test_an_error_of_ours_is_traced_without_what_was_sent(
    house: House, database: str, logged: io.StringIO
) -> None:
    partner = await house.partner()
    connection = await asyncpg.connect(database)
    await connection.execute("ALTER TABLE application ADD CHECK (term_months > 600) NOT VALID")
    await connection.close()
    answer = await partner.http.post("/v2/applications", json=application())
    assert answer.status_code == 500
    (line,) = [
        line for line in map(json.loads, logged.getvalue().splitlines()) if "exception" in line
    ]
    assert line["request_id"] == answer.headers["request-id"]
    assert line["exception"].splitlines()[-1] == "CheckViolationError"
    assert "core/db.py" in line["exception"]
    assert application()["applicant"]["legal_name"] not in logged.getvalue()


async def test_usage_is_kept_by_operation_and_build(house: House) -> None:
    partner = await house.partner()
    for _ in range(3):
        await partner.http.get("/v1/applications", headers={"App-Version": "ios/3.2.1"})
    await partner.http.get("/v2/applications", headers={"User-Agent": "curl/8.1 x"})
    await house.flush_usage()
    lines = await usage.since(house.db, 1)
    assert [(each.version, each.operation, each.build, each.calls) for each in lines] == [
        ("v1", "listApplications", "ios/3.2.1", 3),
        ("v2", "listApplications", "curl/8.1", 1),
    ]
