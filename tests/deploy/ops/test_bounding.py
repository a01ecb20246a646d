"""Nobody stops a part by what it sends, or does not send, before it is answered."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest

from tests.ports import free_ports

KIB, MIB = 1024, 1024 * 1024
FACE = """
import asyncio, sys
from deploy.ops import bounding, lingering
from deploy.ops.wire_limits import WireLimits
from deploy.ops.serve import ListenAddress, serve
from core.health import Health

bounding.WINDOW_SECONDS = 2

class Face:
    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await receive(); await send({"type": "lifespan.startup.complete"})
            await receive(); return await send({"type": "lifespan.shutdown.complete"})
        size, more = 0, scope["method"] == "POST"
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return print("gone", flush=True)
            size, more = size + len(message["body"]), message["more_body"]
        if scope["path"] == "/large":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(100):
                chunk = {"type": "http.response.body", "body": bytes(1_000_000), "more_body": True}
                await send(chunk)
            return await send({"type": "http.response.body", "body": b""})
        body = str(size).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
    async def health(self):
        return Health({}, None)

lingering.MOST_SECONDS = 2.0  # so long is dropped what nobody reads
limits = WireLimits(head_seconds=1, body_bytes_per_second=1000, connections=50)
serve(Face(), ListenAddress("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]), 0), limits)
"""


class Server:
    """A part that runs, and what can be seen of it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, metrics: int) -> None:
        self.process = process
        self.port = port
        self.metrics = metrics

    def memory(self) -> int:
        """The most memory that it has had, in bytes."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) * KIB for line in status if line.startswith("VmHWM"))

    async def answers(self) -> bool:
        """Whether somebody else is served."""
        async with httpx.AsyncClient() as http:
            return (await http.get(f"http://127.0.0.1:{self.port}/")).text == "0"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served() as running:
        yield running


@contextmanager
def served() -> Iterator[Server]:
    port, metrics = free_ports(2)
    words = (sys.executable, "-c", FACE, str(port), str(metrics))
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                with suppress(httpx.TransportError):
                    httpx.get(f"http://127.0.0.1:{metrics}/readyz").raise_for_status()
                    break
                time.sleep(0.05)
            yield Server(process, port, metrics)
        finally:
            process.kill()


class Caller:
    """A connection, and what comes over it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def pour(self, block: bytes, most: int) -> int:
        """Send a block again and again until there is an answer; how many bytes went."""
        sent = 0
        with suppress(ConnectionError):
            while sent < most and not self.reader._buffer:  # type: ignore[attr-defined]
                self.writer.write(block)
                await self.writer.drain()
                sent += len(block)
                await asyncio.sleep(0)
        return sent

    async def end(self) -> bytes:
        """All that comes until the other end hangs up."""
        said = b""
        with suppress(ConnectionError):
            async with asyncio.timeout(60):
                while chunk := await self.reader.read(65536):
                    said += chunk
        return said


connected: list[Caller] = []


async def caller(port: int) -> Caller:
    """Somebody who connects, until the test ends."""
    connected.append(Caller(*await asyncio.open_connection("127.0.0.1", port)))
    return connected[-1]


@pytest.fixture(autouse=True)
async def hanging_up() -> AsyncIterator[None]:
    """Whoever is still connected hangs up at a test's end."""
    yield
    while connected:
        writer = connected.pop().writer
        writer.transport.abort()
        with suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()


GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
LONG = CHUNKED + b"400000\r\n" + b"x" * 0x400000 + b"\r\n"
FLOODS = {
    "headers without end": (GET, b"X-A: b\r\n" * 1000),
    "one field without end": (GET + b"X-A: ", b"v" * 8000),
    "an address without end": (b"GET /", b"v" * 8000),
    "a method without end": (b"", b"G" * 8000),
    "empty lines": (b"", b"\r\n" * 4000),
    "trailers without end": (CHUNKED + b"0\r\n", b"X-A: b\r\n" * 1000),
    "one trailer without end": (CHUNKED + b"0\r\nX-A: ", b"v" * 8000),
    "a chunk's extension without end": (CHUNKED + b"1;a=", b"v" * 8000),
    "trailers without end behind a long body": (LONG + b"0\r\n", b"X-A: b\r\n" * 1000),
    "one trailer without end behind a long body": (LONG + b"0\r\nX-A: ", b"v" * 8000),
}


@pytest.mark.parametrize("port", ["face", "health"])
@pytest.mark.parametrize("flood", FLOODS)
async def test_a_head_without_end_is_refused_early_and_costs_no_memory(
    server: Server, flood: str, port: str
) -> None:
    opening, block = FLOODS[flood]
    before = server.memory()
    flooding = await caller(server.port if port == "face" else server.metrics)
    flooding.writer.write(opening)
    sent = await flooding.pour(block, 100 * MIB)
    assert sent < 20 * MIB  # most of it lies in buffers of the machine
    answer = await flooding.end()
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 200 ", b"HTTP/1.1 404 ")) or not answer
    assert server.memory() - before < 8 * MIB
    assert await server.answers()


@pytest.mark.parametrize(("headers", "status"), [(255, 200), (256, 400)])
async def test_so_many_headers_are_taken_and_no_more(
    server: Server, headers: int, status: int
) -> None:
    many = "".join(f"X-{n}: y\r\n" for n in range(headers))
    asking = await caller(server.port)
    asking.writer.write(GET + many.encode() + b"\r\n")
    async with asyncio.timeout(60):
        assert (await asking.reader.readline()).startswith(b"HTTP/1.1 %d " % status)


async def test_a_head_as_large_as_envoy_lets_through_is_taken(server: Server) -> None:
    asking = await caller(server.port)
    asking.writer.write(GET + b"X-A: " + b"v" * 60 * KIB + b"\r\n\r\n")
    async with asyncio.timeout(60):
        assert (await asking.reader.readline()).startswith(b"HTTP/1.1 200 ")


async def test_requests_sent_ahead_wait_in_the_machine_and_all_are_answered(
    server: Server,
) -> None:
    """However many are sent before the first is answered; each has its answer."""
    many, before = 100_000, server.memory()
    ahead = await caller(server.port)

    async def send() -> None:
        block = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 1000
        for _ in range(many // 1000):
            ahead.writer.write(block)
            await ahead.writer.drain()

    sending, answered, tail = asyncio.create_task(send()), 0, b""
    async with asyncio.timeout(120):
        while answered < many:
            chunk = await ahead.reader.read(65536)
            assert chunk
            tail += chunk
            answered += tail.count(b"HTTP/1.1 200 OK")
            tail = tail[-14:] if not tail.endswith(b"HTTP/1.1 200 OK") else b""
    await sending
    assert server.memory() - before < 16 * MIB


async def test_a_body_sent_ahead_of_its_turn_comes_whole(server: Server) -> None:
    body = b"x" * 300_000
    ahead = await caller(server.port)
    post = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    ahead.writer.write(post * 3 + GET + b"Connection: close\r\n\r\n")
    answers = await ahead.end()
    assert answers.count(b"\r\n\r\n300000") == 3
    assert answers.endswith(b"\r\n\r\n0")


async def test_half_open_connections_are_hung_up_on(server: Server) -> None:
    silent, begun = await caller(server.port), await caller(server.port)
    begun.writer.write(GET)
    assert await silent.end() == b""
    assert (await begun.end()).startswith(b"HTTP/1.1 400 ")
    kept = await caller(server.port)
    kept.writer.write(GET + b"\r\n")
    assert (await kept.reader.readuntil(b"\r\n\r\n0")).startswith(b"HTTP/1.1 200 ")
    await asyncio.sleep(3)
    kept.writer.write(GET[:10])  # a head that is begun again is waited for no longer
    assert (await kept.end()).startswith(b"HTTP/1.1 400 ")


async def test_where_there_is_no_room_those_that_ask_nothing_make_some(server: Server) -> None:
    kept = await caller(server.port)
    kept.writer.write(GET + b"\r\n")
    await kept.reader.readuntil(b"\r\n\r\n0")
    crowd = [await caller(server.port) for _ in range(120)]
    assert await server.answers()
    kept.writer.write(GET + b"\r\n")
    assert await kept.reader.readuntil(b"\r\n\r\n0")
    assert len(crowd) == 120


async def test_where_there_is_no_room_bodies_that_do_not_come_make_some(server: Server) -> None:
    """Bodies that were announced and do not come keep nobody out; those that come stay."""
    slow = POST + b"Content-Length: 9\r\n\r\n"
    crowd = [await caller(server.port) for _ in range(60)]
    for each in crowd:
        each.writer.write(slow)
    await asyncio.sleep(2.1)
    steady = await caller(server.port)
    steady.writer.write(POST + b"Content-Length: 20000\r\n\r\n")
    for _ in range(40):
        (await caller(server.port)).writer.write(slow)
    for _ in range(4):
        steady.writer.write(b"x" * 5000)
        await asyncio.sleep(0.6)
        assert await server.answers()
    assert (await steady.reader.readuntil(b"\r\n\r\n20000")).startswith(b"HTTP/1.1 200 ")


async def pieces(size: int, pause: float) -> AsyncIterator[bytes]:
    """A body that comes in pieces."""
    for _ in range(20):
        yield b"x" * size
        await asyncio.sleep(pause)


async def test_a_slow_body_is_taken_as_long_as_it_comes_and_no_slower(server: Server) -> None:
    """Ten times what is least keeps up, for longer than any window; a few bytes do not."""
    async with httpx.AsyncClient() as http:
        url = f"http://127.0.0.1:{server.port}/"
        steady = http.post(url, content=pieces(3000, 0.3), timeout=60)
        dribbling = http.post(url, content=pieces(10, 0.3), timeout=60)
        taken, refused = await asyncio.gather(steady, dribbling, return_exceptions=True)
    assert isinstance(taken, httpx.Response)
    assert (taken.status_code, taken.text) == (200, "60000")
    if isinstance(refused, httpx.Response):
        assert refused.status_code == 400
        assert "slowly" in refused.text
    else:
        assert isinstance(refused, httpx.TransportError)


async def test_who_reads_no_answer_is_hung_up_on(server: Server) -> None:
    deaf = await caller(server.port)
    deaf.writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
    await deaf.reader.readline()
    deaf.writer.transport.pause_reading()  # type: ignore[attr-defined]
    await asyncio.sleep(8)
    deaf.writer.transport.resume_reading()  # type: ignore[attr-defined]
    assert len(await deaf.end()) < 50_000_000
