"""A request followed across parts where traces are sent; and that nobody else pays for it."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from core.query import Query
from tests.builders import House, Part, application, company, part, running, statements
from tests.deploy.ops.test_dispatch import subscribed
from tests.receiver import receiving

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"
INSTANCE = "nordbank"
JOBS = Query("SELECT FROM pgqueuer", (), {})


@dataclass
class Collector:
    """Takes what OpenTelemetry sends, as a real one does, and keeps it."""

    port: int = 0
    raw: bytes = b""
    resources: list[dict[str, str]] = field(default_factory=list)
    spans: list[Any] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests until the other end hangs up."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = int(head.split("content-length:")[1].split("\r\n")[0])
                self._keep(head, await reader.readexactly(length))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        except asyncio.IncompleteReadError:
            writer.close()

    def _keep(self, head: str, body: bytes) -> None:
        assert head.startswith("post /v1/traces ")
        self.raw += body
        request = ExportTraceServiceRequest()
        request.ParseFromString(body)
        for each in request.resource_spans:
            self.resources.append(said(each.resource))
            for scope in each.scope_spans:
                self.spans.extend(scope.spans)

    def named(self, name: str) -> Any:
        """The one span of this name."""
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def below(self, parent: Any) -> list[Any]:
        """The spans of what was done for this one."""
        return [span for span in self.spans if span.parent_span_id == parent.span_id]


def said(thing: Any) -> dict[str, Any]:
    """The attributes of a span or a resource."""
    return {
        each.key: each.value.int_value
        if each.value.HasField("int_value")
        else each.value.string_value
        for each in thing.attributes
    }


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    collector = Collector()
    server = await asyncio.start_server(collector.serve, "127.0.0.1", 0)
    collector.port = server.sockets[0].getsockname()[1]
    try:
        yield collector
    finally:
        server.close()


async def stop(running_part: Part) -> None:
    running_part.process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(60):
        assert await running_part.process.wait() == 0


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """An instance whose webhooks may point to this machine."""
    async with running(database, tmp_path, webhook_allow_private=True) as instance:
        yield instance


async def test_a_request_is_followed_to_its_statements_its_job_and_its_webhook(
    house: House, database: str
) -> None:
    partner, firm = await house.partner(), company(6, months=12)
    async with collecting() as collector, receiving() as receiver:
        await subscribed(partner, receiver.url)
        environ = {
            "BELEG_OTLP_ENDPOINT": collector.url,
            "BELEG_INSTANCE": INSTANCE,
            "BELEG_BUILD": "abc123",
            "BELEG_WEBHOOK_ALLOW_PRIVATE": "true",
        }
        async with (
            part("api", database, house.folder, 200, **environ) as api,
            part("worker", database, house.folder, 200, **environ) as worker,
        ):
            headers = {
                "Authorization": f"Bearer {partner.key}",
                "traceparent": f"00-{TRACE}-{CALLER}-01",
            }
            async with httpx.AsyncClient(base_url=api.url, headers=headers) as http:
                case = (await http.post("/v2/applications", json=application())).json()["id"]
                uploads = f"/v2/applications/{case}/documents"
                file = {"file": ("s.xml", statements(firm)[0])}
                assert (await http.post(uploads, files=file)).status_code == 202
                headers["traceparent"] = f"00-{TRACE[::-1]}-{CALLER}-00"
                await http.get("/v2/applications", headers=headers)  # the caller samples it out
            await receiver.until(1)
            async with asyncio.timeout(60):
                while (await house.db.all(JOBS)) != []:
                    await asyncio.sleep(0.05)
            await stop(api)
            await stop(worker)
    submitted = collector.named("POST /v2/applications")
    assert submitted.trace_id.hex() == TRACE
    assert submitted.parent_span_id.hex() == CALLER
    assert said(submitted)["http.route"] == "/v2/applications"
    assert said(submitted)["http.response.status_code"] == 201
    done = [said(span)["db.query.summary"] for span in collector.below(submitted)]
    assert any("INSERT application" in each for each in done), done
    names = {said(span).get("beleg.statement") for span in collector.spans}
    assert any(name and name.startswith("core.applications.store.") for name in names)
    uploaded = collector.named("POST /v2/applications/{id}/documents")
    job = collector.named("job read_document")
    assert [(each.trace_id, each.span_id) for each in job.links] == [
        (uploaded.trace_id, uploaded.span_id)
    ]
    assert collector.below(job)
    assert (
        said(next(span for span in collector.spans if span.name == "webhook"))[
            "http.response.status_code"
        ]
        == 204
    )
    assert TRACE[::-1] not in {span.trace_id.hex() for span in collector.spans}
    origins = {(each["service.name"], each["beleg.instance"]) for each in collector.resources}
    assert origins == {("beleg-api", INSTANCE), ("beleg-worker", INSTANCE)}
    assert all(each["service.version"].endswith("+abc123") for each in collector.resources)
    sent = application()
    for secret in (
        sent["applicant"]["legal_name"],
        sent["amount"]["value"],
        partner.key,
        "s.xml",
        "hush",
        firm.cast.name,
        *(account.iban for account in firm.accounts),
    ):
        assert str(secret).encode() not in collector.raw


async def test_a_collector_that_is_away_hurts_nobody(house: House, database: str) -> None:
    partner = await house.partner()
    headers = {"Authorization": f"Bearer {partner.key}"}
    nowhere = {"BELEG_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    async with part("api", database, house.folder, 200, **nowhere) as api:
        async with httpx.AsyncClient(base_url=api.url, headers=headers) as http:
            for _ in range(20):
                assert (await http.get("/v2/applications")).status_code == 200
        await stop(api)
        log = api.log.read_text()
    assert log.count('"event":"traces_not_sent"') == 1
    assert "Traceback" not in log


def test_nothing_of_it_is_loaded_where_no_endpoint_is_set() -> None:
    code = """
import sys
from core.access_log import AccessLog
from core.settings import Settings
import bff.app, public_api.app, deploy.ops.worker
for each in (bff.app.build(Settings()), public_api.app.build(Settings())):
    assert type(each._app) is AccessLog, each._app
assert not [name for name in sys.modules if name.startswith("opentelemetry")]
"""
    subprocess.run((sys.executable, "-c", code), check=True)
