"""A part told to stop says so first, serves on for a while, finishes, and leaves cleanly."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from tests.ports import free_ports

FACE = """
import asyncio, gc, sys
from core.health import Health
from deploy.ops.serve import ListenAddress, serve

class Face:
    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await receive(); await send({"type": "lifespan.startup.complete"})
            await receive(); print("closed", flush=True)
            return await send({"type": "lifespan.shutdown.complete"})
        if scope["path"] == "/slow":
            print("in flight", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
        frozen = str(gc.get_freeze_count() > 1000).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": frozen})
    async def health(self):
        return Health({}, None)

serve(Face(), ListenAddress("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
"""
WORKER = """
import asyncio, sys
from core.errors import Unavailable
from deploy.ops.serve import work

class Worker:
    async def run(self, stopping):
        await stopping.wait(); print("finished its work", flush=True)
    async def health(self):
        raise Unavailable("no database")

work(Worker(), "127.0.0.1", int(sys.argv[1]))
"""


@contextmanager
def running(program: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    command = (sys.executable, "-c", program, *map(str, arguments))
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def status(port: int, path: str) -> int | None:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}").status_code
    except httpx.TransportError:
        return None


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_face_told_to_stop_is_not_ready_at_once_and_serves_on_while_it_drains() -> None:
    port, metrics = free_ports(2)
    with running(FACE, port, metrics, 1.5) as face:
        eventually(lambda: status(metrics, "/readyz") == 200)
        face.send_signal(signal.SIGTERM)
        eventually(lambda: status(metrics, "/readyz") == 503)
        assert status(metrics, "/healthz") == 200
        assert status(port, "/") == 200
        assert face.wait(60) == 0
        assert face.stdout is not None
        assert face.stdout.read() == "closed\n"


def test_request_in_flight_is_answered_before_the_end() -> None:
    port, metrics = free_ports(2)
    with running(FACE, port, metrics, 0) as face, ThreadPoolExecutor(1) as caller:
        assert face.stdin is not None
        assert face.stdout is not None
        eventually(lambda: status(metrics, "/readyz") == 200)
        answer = caller.submit(httpx.get, f"http://127.0.0.1:{port}/slow", timeout=60)
        assert face.stdout.readline() == "in flight\n"
        face.send_signal(signal.SIGTERM)
        eventually(lambda: status(metrics, "/readyz") != 200)
        assert not answer.done()
        print("go on", file=face.stdin, flush=True)
        assert answer.result().status_code == 200
        assert face.wait(60) == 0


def test_what_start_made_is_out_of_the_collectors_sight() -> None:
    port, metrics = free_ports(2)
    with running(FACE, port, metrics, 0):
        eventually(lambda: status(metrics, "/readyz") == 200)
        assert httpx.get(f"http://127.0.0.1:{port}/").text == "True"


def test_port_in_use_ends_the_part_with_an_error() -> None:
    port, metrics, other = free_ports(3)
    with running(FACE, port, metrics, 0):
        eventually(lambda: status(metrics, "/readyz") == 200)
        with running(FACE, port, other, 0) as second:
            assert second.wait(60) != 0


def test_worker_says_why_it_is_not_ready_and_finishes_when_told_to_stop() -> None:
    (metrics,) = free_ports(1)
    with running(WORKER, metrics) as worker:
        eventually(lambda: status(metrics, "/healthz") == 200)
        answer = httpx.get(f"http://127.0.0.1:{metrics}/readyz")
        assert answer.status_code == 503
        assert "no database" in answer.text
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
        assert worker.stdout is not None
        assert worker.stdout.read() == "finished its work\n"
