"""The differ itself: takes what is mirrored, asks A, B and A again, and keeps what it found.

It answers the edge at once and empty. What it has no room for it drops, and counts: whoever mirrors
to it never waits.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import structlog
from starlette.types import Receive, Scope, Send

from deploy.release.shadow.asking import PATIENCE_SECONDS, MirroredRequest, ShadowSide
from deploy.release.shadow.comparison import Difference
from deploy.release.shadow.findings import RouteFindings, ShadowFindings
from deploy.release.shadow.judging import Key, Noise, Sandwich, judge
from deploy.release.shadow.routes import VERSIONS, PublishedOperations, Routes

STATE = "findings.json"
WRITTEN_SECONDS = 1.0
PAUSES = (0.1, 0.3, 0.7, 1.5)
"""How long after each asking the next comes, where something differs."""
TWICE = 2
AGAIN_SECONDS = 1.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DifferBounds:
    """How much a differ takes on."""

    at_once: int = 1
    waiting: int = 1000
    waiting_bytes: int = 64 * 1024 * 1024
    body_bytes: int = 1024 * 1024
    seconds: float = PATIENCE_SECONDS
    pauses: Sequence[float] = PAUSES


class MirrorDiffer:
    """Takes mirrored requests as an ASGI application, and compares what two builds make of them."""

    def __init__(
        self, folder: Path, a: Sequence[str], b: Sequence[str], bounds: DifferBounds | None = None
    ) -> None:
        self._bounds = bounds or DifferBounds()
        self._file = folder / STATE
        self.findings = read_findings(folder)
        self._a, self._b = (
            ShadowSide(name, addresses, self._bounds.seconds)
            for name, addresses in (("A", a), ("B", b))
        )
        self.findings.sides = {"A": ", ".join(a), "B": ", ".join(b)}
        self._noise: dict[str, Noise] = {}
        self._waiting: asyncio.Queue[MirroredRequest] = asyncio.Queue()
        self._waiting_bytes = 0
        self._routes: Routes | None = None
        self._learning = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        asked = await self._take(scope, receive)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        if asked is not None:
            self._queue(asked)

    async def _take(self, scope: Scope, receive: Receive) -> MirroredRequest | None:
        """The request; None where it came incomplete, or is larger than what is looked at."""
        body, size, more = bytearray(), 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunk = message.get("body", b"")
            size += len(chunk)
            if size <= self._bounds.body_bytes:
                body += chunk
            more = message.get("more_body", False)
        self.findings.mirrored += 1
        if size > self._bounds.body_bytes:
            self.findings.too_large += 1
            return None
        query = scope["query_string"].decode("latin-1")
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"])
        target = f"{path}?{query}" if query else path
        return MirroredRequest(scope["method"], target, headers, bytes(body))

    def _queue(self, asked: MirroredRequest) -> None:
        full = self._waiting.qsize() >= self._bounds.waiting
        if full or self._waiting_bytes + len(asked.body) > self._bounds.waiting_bytes:
            self.findings.dropped += 1
            return
        self._waiting_bytes += len(asked.body)
        self._waiting.put_nowait(asked)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Compare what was queued, and write down what was found, for as long as this lasts."""
        tasks = [asyncio.create_task(self._work()) for _ in range(self._bounds.at_once)]
        tasks.append(asyncio.create_task(self._keep_written()))
        try:
            yield
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.write()
            await self._a.close()
            await self._b.close()

    async def idle(self) -> None:
        """Wait until everything that was queued has been compared."""
        await self._waiting.join()

    def write(self) -> None:
        """Write down what was found, whole or not at all."""
        write_findings(self._file.parent, self.findings)

    async def _keep_written(self) -> None:
        while True:
            await asyncio.sleep(WRITTEN_SECONDS)
            try:
                self.write()
            except OSError as problem:
                log.warning("findings_not_written", problem=type(problem).__name__)

    async def _work(self) -> None:
        while True:
            asked = await self._waiting.get()
            try:
                await self._compare(asked)
            except Exception:
                log.exception("comparison_failed")
            finally:
                self._waiting_bytes -= len(asked.body)
                self._waiting.task_done()

    async def _compare(self, asked: MirroredRequest) -> None:
        async with self._learning:
            routes = self._routes or await self._learn()
        route = routes.find(asked.method, asked.target.partition("?")[0])
        if route is None:
            self.findings.passed_over += 1
            return
        found = self.findings.of(route)
        found.mirrored += 1
        if route in routes.new_in_b:
            found.new_in_b += 1
        elif why := self._would_keep() if route in routes.uploads else "":
            found.not_asked[why] += 1
        else:
            await self._settle(asked, route, found)

    def _would_keep(self) -> str:
        """Who would write a document into the store before it meets the wall; mostly nobody."""
        ignorant = [each.name for each in (self._a, self._b) if not each.marked]
        names = " and ".join(ignorant)
        return f"{names} would store the document: built before shadows were" if names else ""

    async def _settle(self, asked: MirroredRequest, route: str, found: RouteFindings) -> None:
        """Ask until it is certain what differs, or that nothing does."""
        noise = self._noise.setdefault(route, Noise())
        met: dict[Key, int] = {}
        for attempt, pause in enumerate((*self._bounds.pauses, None)):
            sandwich = await self._ask(asked)
            if attempt == 0:
                found.took(sandwich.after, sandwich.b)
            if sandwich.throttled:
                found.throttled += 1
                return
            if sandwich.unanswered:
                found.unanswered += 1
                return
            verdict = judge(sandwich, noise)
            if verdict.settled:
                for each in verdict.found:
                    met[each.key] = met.get(each.key, 0) + 1
            certain = [each for each in verdict.found if met.get(each.key, 0) >= TWICE]
            if certain or not verdict.found:
                found.compared += 1
                found.cancel(verdict.cancelled)
                self._tell(route, found, certain)
                return
            if pause is not None:
                await asyncio.sleep(pause)
        found.unsettled += 1

    def _tell(self, route: str, found: RouteFindings, certain: Sequence[Difference]) -> None:
        """Keep what differs; fields that only B's document names are new, and no difference."""
        known = self._routes
        new = [
            each
            for each in certain
            if known and each.kind == "extra" and known.is_new_field(route, each.path)
        ]
        found.new_fields.update(each.path for each in new)
        rest = [each for each in certain if each not in new]
        if rest:
            found.differing += 1
            found.differ(rest)

    async def _ask(self, asked: MirroredRequest) -> Sandwich:
        # An older build locks the key that it is asked with, and its users wait for that.
        keyed = self._a.marked and self._b.marked
        before = await self._a.ask(asked, keyed=keyed)
        b = await self._b.ask(asked, keyed=keyed)
        return Sandwich(asked.method, before, b, await self._a.ask(asked, keyed=keyed))

    async def _learn(self) -> Routes:
        """What both builds publish; waits for A, without which nothing can be compared."""
        while (a := await _contract(self._a)) is None:  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(AGAIN_SECONDS)
        b = await _contract(self._b)
        known = Routes(a, b or a)
        if b is not None:  # else it is asked again
            self._routes = known
        self.findings.operations = sorted(known.operations)
        self.findings.new_in_b = sorted(known.new_in_b)
        return known


async def _contract(side: ShadowSide) -> PublishedOperations | None:
    """What a build publishes; None where it does not answer."""
    try:
        documents = [await side.document(path) for path in VERSIONS]
    except OSError:
        return None
    return PublishedOperations.of(each for each in documents if each is not None)


def write_findings(folder: Path, findings: ShadowFindings) -> None:
    """Write down in a folder what was found, whole or not at all."""
    file = folder / STATE
    fresh = file.with_suffix(".new")
    fresh.write_bytes(orjson.dumps(findings.as_json()))
    fresh.replace(file)


def read_findings(folder: Path) -> ShadowFindings:
    """What was written down in a folder; nothing where there is none, or it cannot be read."""
    try:
        return ShadowFindings.of_json(orjson.loads((folder / STATE).read_bytes()))
    except (OSError, ValueError, TypeError, KeyError):
        return ShadowFindings()
