"""What all versions promise of refusals: who goes on writing sees them, whatever it wrote."""

import asyncio
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import httpx
import pytest

from tests.builders import House, part
from tests.contracts.bodies import MIB
from tests.ports import free_ports

LARGE = b"x" * (52 * MIB)
XML = {"Content-Type": "application/xml"}
FACE = """
import asyncio, sys
from deploy.ops import lingering
from core.health import Health
from deploy.ops.serve import ListenAddress, serve

lingering.IDLE_SECONDS, lingering.MOST_SECONDS = map(float, sys.argv[3:])

class Face:
    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await receive(); await send({"type": "lifespan.startup.complete"})
            await receive(); return await send({"type": "lifespan.shutdown.complete"})
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": b"no"})
    async def health(self):
        return Health({}, None)

serve(Face(), ListenAddress("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]), 0))
"""


def post(url: str, headers: dict[str, str]) -> int:
    """The status of a call that sends all it has before it reads, and then hangs up."""
    request = urllib.request.Request(url, data=LARGE, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.read()
        return refused.code


async def test_a_refusal_reaches_whoever_goes_on_writing(house: House, database: str) -> None:
    """Whatever is refused unread (401 to 429), the caller gets the answer and no broken pipe."""
    partner, reader = await house.partner(), await house.partner(scopes=["report:read"])
    busy = await house.partner(per_day=1)
    shown = {name: {"Authorization": f"Bearer {who.key}"} | XML for name, who in (
        ("all", partner), ("less", reader), ("busy", busy))}  # fmt: skip
    documents = f"/v2/applications/{await partner.submit()}/documents"
    async with part("api", database, house.folder) as api:
        await asyncio.to_thread(post, api.url + documents, shown["busy"])
        refusals: list[tuple[int, str, dict[str, str]]] = [
            (413, documents, shown["all"]),
            (413, documents.replace("v2", "v1"), shown["all"]),
            (413, "/v2/applications", shown["all"]),
            (413, "/oauth/token", {}),
            (401, documents, XML),
            (403, documents, shown["less"]),
            (404, "/v2/applications/none/documents", shown["all"]),
            (404, "/v2/nothing", shown["all"]),
            (405, "/v2/events", shown["all"]),
            (429, documents, shown["busy"]),
        ]
        for _ in range(3):
            for status, path, headers in refusals:
                assert await asyncio.to_thread(post, api.url + path, headers) == status, path


class Connection:
    """A connection of a caller's own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(self, method: str, path: str, **headers: str) -> bytes:
        """Send a request without its body; the answer's status and headers."""
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        async with asyncio.timeout(60):
            head = await self.reader.readuntil(b"\r\n\r\n")
        size = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await self.reader.readexactly(int(size or 0))
        return head.lower()


async def connect(port: int) -> Connection:
    """A new connection to a part on this machine."""
    return Connection(*await asyncio.open_connection("127.0.0.1", port))


async def test_who_waits_to_be_asked_is_refused_at_once_and_not_asked(
    house: House, database: str
) -> None:
    """`Expect: 100-continue`: a refusal comes before anything is sent, and without a 100."""
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/documents"
    async with part("api", database, house.folder) as api:
        size, port = str(len(LARGE)), httpx.URL(api.url).port or 0
        shown = {"Authorization": f"Bearer {partner.key}", "Content_Type": "application/xml"}
        for status, headers in ((413, shown), (401, {})):
            refused = await connect(port)
            expecting = {"Content_Length": size, "Expect": "100-continue", **headers}
            answer = await refused.ask("POST", place, **expecting)
            assert answer.startswith(b"http/1.1 %d " % status)
            assert b"connection: close" in answer
            refused.writer.close()
        asked = await connect(port)
        taken = {"Content_Length": "4", "Expect": "100-continue", **shown}
        assert (await asked.ask("POST", place, **taken)).startswith(b"http/1.1 100 ")
        asked.writer.write(b"<a/>")
        assert (await asked.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 202 ")
        asked.writer.close()


async def test_after_a_small_refused_body_the_connection_goes_on(
    house: House, database: str
) -> None:
    """A refusal of a small body, sent at once or later, costs nobody the connection."""
    partner = await house.partner()
    async with part("api", database, house.folder) as api:
        connection = await connect(httpx.URL(api.url).port or 0)
        chunked = {"Transfer_Encoding": "chunked"}
        for _ in range(3):
            for headers in ({"Content_Length": "1000"}, chunked):
                refused = await connection.ask("POST", "/v2/applications", **headers)
                assert refused.startswith(b"http/1.1 401 ")
                assert b"connection: close" not in refused
                await asyncio.sleep(0.05)
                body = b"x" * 1000
                framed = b"3e8\r\n" + body + b"\r\n0\r\n\r\n" if headers is chunked else body
                connection.writer.write(framed)
            shown = {"Authorization": f"Bearer {partner.key}"}
            listed = await connection.ask("GET", "/v2/applications", **shown)
            assert listed.startswith(b"http/1.1 200 ")
        connection.writer.close()


async def test_nothing_is_done_after_the_last_answer_of_a_connection(
    house: House, database: str
) -> None:
    """What comes behind a refusal that closes is neither answered nor done, half sent or whole."""
    partner = await house.partner(scopes=["webhooks:manage"])
    made = await partner.http.post("/v2/webhooks", json={"url": "https://93.184.215.14/"})
    rotate = f"POST /v2/webhooks/{made.json()['id']}/rotate-secret HTTP/1.1\r\nHost: x\r\n"
    refused = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"
    async with part("api", database, house.folder) as api:
        for size in (0, 10):
            connection = await connect(httpx.URL(api.url).port or 0)
            shown = f"Authorization: Bearer {partner.key}\r\nContent-Length: {size}\r\n\r\n"
            connection.writer.write((refused + rotate + shown).encode())
            answers = await connection.reader.read()
            assert answers.count(b"HTTP/1.1 ") == answers.lower().count(b"connection: close") == 1
            await asyncio.sleep(0.1)
            connection.writer.close()
    rows = await asyncpg.connect(database)
    assert await rows.fetchval("SELECT old_secret FROM webhook") is None
    await rows.close()


async def dribble(connection: Connection, until: float) -> None:
    """Send a byte now and then."""
    while time.monotonic() < until:
        connection.writer.write(b"x")
        await connection.writer.drain()
        await asyncio.sleep(0.1)


@contextmanager
def refusing(idle: float, most: float) -> Iterator[int]:
    """A server that refuses everything unread, and reads on for at most so many seconds."""
    port, metrics = free_ports(2)
    words = (sys.executable, "-c", FACE, str(port), str(metrics), str(idle), str(most))
    with subprocess.Popen(words) as process:
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    httpx.get(f"http://127.0.0.1:{port}/")
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield port
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("connection", "silence", "idle", "most"),
    [("close", 0.0, 60.0, 2.0), ("keep-alive", 0.0, 60.0, 2.0), ("close", 1.2, 0.5, 60.0)],
    ids=["a byte now and then", "the same, kept alive", "nothing more"],
)
async def test_nobody_holds_a_refused_connection_for_long(
    connection: str, silence: float, idle: float, most: float
) -> None:
    """Who sends its refused body slowly, or no more of it, is hung up on after a bounded while."""
    with refusing(idle, most) as port:
        slow = await connect(port)
        began = time.monotonic()
        headers = {"Content_Length": "900000", "Connection": connection}
        assert (await slow.ask("POST", "/", **headers)).startswith(b"http/1.1 403 ")
        await asyncio.sleep(silence)
        with pytest.raises(ConnectionError):
            await dribble(slow, until=began + 50)
        assert time.monotonic() - began >= (silence or most)
        slow.writer.close()
