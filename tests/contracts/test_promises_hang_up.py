"""What is on record of callers that hang up: that they did, and no error of ours."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson

from bff.sessions import cookie_name
from core import applications, decisions, users
from core.settings import Settings
from tests.builders import PASSWORD, House, Part, Partner, part
from tests.contracts.bodies import MIB

LARGE = 8 * MIB  # more than waits between a server and a caller that does not read
BEGINNING = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"x" * 999


class Caller:
    """Calls a part of the product, and hangs up in the middle of it."""

    def __init__(self, served: Part, headers: dict[str, str]) -> None:
        self._part = served
        self._headers = {"Host": "x", **headers}

    async def send_half(self, path: str, **headers: str) -> None:
        """Announce a body, send a piece of it, and hang up."""
        more = {"Content-Length": str(LARGE), **headers}
        _, writer = await self._begin("POST", path, more)
        writer.write(BEGINNING)
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()

    async def read_half(self, path: str) -> None:
        """Ask for something large, take the beginning of it, and hang up."""
        reader, writer = await self._begin("GET", path, {})
        answer = await reader.readexactly(10_000)
        assert answer.startswith(b"HTTP/1.1 200")
        writer.transport.abort()

    async def _begin(
        self, method: str, path: str, headers: dict[str, str]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        url = httpx.URL(self._part.url)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        lines = [f"{name}: {value}" for name, value in {**self._headers, **headers}.items()]
        writer.write("\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode())
        return reader, writer


async def on_record(served: Part, requests: int) -> list[dict[str, Any]]:
    """All lines that a part has logged, once so many are of requests."""
    async with asyncio.timeout(60):
        while True:
            lines = [orjson.loads(line) for line in served.log.read_bytes().splitlines()]
            if sum(each["event"] == "request" for each in lines) >= requests:
                return lines
            await asyncio.sleep(0.05)


async def require_no_error(served: Part, hung_up: dict[str, int]) -> None:
    """Each of these paths was left so often, and nothing went wrong."""
    lines = await on_record(served, sum(hung_up.values()))
    left = [each["path"] for each in lines if each["event"] == "request" and each["status"] == 499]
    assert {path: left.count(path) for path in left} == hung_up
    assert [each for each in lines if each["level"] in ("error", "critical")] == []
    async with httpx.AsyncClient() as http:
        measured = (await http.get(f"{served.internal}/metrics")).text
    assert 'status_code="499"' in measured
    assert 'status_code="5' not in measured


async def large_document(partner: Partner) -> tuple[str, str]:
    """An application, and a document of it."""
    application_id = await partner.submit()
    return application_id, await partner.upload(application_id, b"<a/>" * (LARGE // 4))


async def test_who_hangs_up_on_the_api_is_on_record_as_such(house: House, database: str) -> None:
    """A caller that leaves while it sends or is answered is a 499, and no error of ours."""
    partner = await house.partner()
    application_id, document_id = await large_document(partner)
    async with part("api", database, house.folder) as api:
        caller = Caller(api, {"Authorization": f"Bearer {partner.key}"})
        place = f"applications/{application_id}/documents"
        form = "multipart/form-data; boundary=b"
        for version in ("v1", "v2"):
            await caller.send_half(f"/{version}/applications", **{"Content-Length": "5000"})
            await caller.send_half(f"/{version}/{place}")
            await caller.send_half(f"/{version}/{place}", **{"Content-Type": form})
        await caller.send_half("/oauth/token", **{"Content-Length": "5000"})
        await caller.read_half(f"/v2/{place}/{document_id}/content")
        hung_up = {
            "/v1/applications": 1,
            "/v1/applications/{id}/documents": 2,
            "/v2/applications": 1,
            "/v2/applications/{id}/documents": 2,
            "/oauth/token": 1,
            "/v2/applications/{id}/documents/{document_id}/content": 1,
        }
        await require_no_error(api, hung_up)


async def test_who_hangs_up_on_the_web_app_is_on_record_as_such(
    house: House, database: str
) -> None:
    """The same of a browser that is closed in the middle of it."""
    partner, uta = await house.partner(), await house.person()
    _, token = await users.sign_in(house.db, uta.email, PASSWORD, timedelta(hours=1))
    application_id, document_id = await large_document(partner)
    async with part("bff", database, house.folder) as bff:
        caller = Caller(bff, {"X-Beleg": "1", "Cookie": f"{cookie_name(Settings())}={token}"})
        place = f"/bff/cases/{application_id}/documents"
        await caller.send_half("/bff/session", **{"Content-Length": "5000"})
        application = await applications.get_any(house.db, UUID(application_id))
        shown = await decisions.revision(house.db, application)
        await caller.send_half(f"{place}?filename=a.xml", **{"Case-Revision": str(shown)})
        await caller.read_half(f"{place}/{document_id}/content")
        hung_up = {
            "/bff/session": 1,
            "/bff/cases/{id}/documents": 1,
            "/bff/cases/{id}/documents/{document}/content": 1,
        }
        await require_no_error(bff, hung_up)
