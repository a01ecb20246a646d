"""What tests build again and again: an instance with its faces and worker, partners, cases."""

import asyncio
import atexit
import os
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import httpx
from sqlalchemy import text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import audit, clients, users
from core.audit import SYSTEM
from core.clients import Scope as ClientScope
from core.connecting import connected
from core.db import REQUIRES, Database, Queryable
from core.documents import BlobStore
from core.isolation import ParserPool
from core.query import Query, compiled
from core.reading import DocumentReader
from core.settings import Environment, Settings, local_blobs
from deploy.demo import Company, camt053, make_company
from deploy.ops.worker import JobWorker
from public_api.app import VERSIONS, PublicApi
from tests.ports import free_ports
from tests.published import check

PASSWORD = "correct horse battery"
LONG_SECONDS = 600  # that a request may take, unless a test is about that: the machine may be busy
PARSER_POOL = ParserPool()  # one for all tests: its parsers take a third of a second to load
atexit.register(PARSER_POOL.close)
_PENDING = Query("SELECT count(*) AS n FROM pgqueuer WHERE status IN ('queued', 'picked')", (), {})
_EVENTS = Query(
    "SELECT id, kind, data FROM event WHERE application_id = $1 ORDER BY id",
    ("application_id",),
    {},
)


class EventRow(NamedTuple):
    """An event on record."""

    id: UUID
    kind: str
    data: dict[str, Any]


@dataclass
class Partner:
    """A client of the public API, and a way to call it."""

    client_id: UUID
    key: str
    http: httpx.AsyncClient

    async def submit(self, **changes: Any) -> str:
        """Hand in an application over v2; its id."""
        answer = await self.http.post("/v2/applications", json=application(**changes))
        assert answer.status_code == 201, answer.text
        application_id: str = answer.json()["id"]
        return application_id

    async def upload(self, application_id: str, content: bytes, name: str = "s.xml") -> str:
        """Hand in a document over v2; its id."""
        answer = await self.http.post(
            f"/v2/applications/{application_id}/documents",
            files={"file": (name, content, "application/xml")},
        )
        assert answer.status_code == 202, answer.text
        document_id: str = answer.json()["id"]
        return document_id

    async def change(self, application_id: str, **changes: Any) -> httpx.Response:
        """Change an application over v2, as it stands."""
        place = f"/v2/applications/{application_id}"
        headers = {"If-Match": (await self.http.get(place)).headers["etag"]}
        return await self.http.patch(place, json=changes, headers=headers)

    async def get(self, path: str, status: int = 200) -> Any:
        """The JSON at a path."""
        answer = await self.http.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()


CURRENT = compiled(text("SELECT pg_current_xact_id() AS xid"))
SETTLED = compiled(
    text("SELECT WHERE pg_snapshot_xmin(pg_current_snapshot()) > CAST(:last AS xid8)")
)


@dataclass
class House:
    """An instance in this process: database, blobs, the public API, and a worker on demand."""

    settings: Settings
    db: Database
    api: PublicApi
    http: httpx.AsyncClient
    folder: Path
    parser_pool: ParserPool = PARSER_POOL

    async def partner(
        self,
        name: str = "Makler Nord",
        scopes: Sequence[str] = tuple(ClientScope),
        **rules: Any,
    ) -> Partner:
        """A new partner with a key of these scopes and rules."""
        client_id, key = await self.db.write(
            lambda tx: clients.create(tx, SYSTEM, name, scopes, **rules)
        )
        return Partner(client_id, key, self.caller(key))

    def caller(self, key: str) -> httpx.AsyncClient:
        """An HTTP client that shows this key."""
        return httpx.AsyncClient(
            transport=self.http._transport,
            base_url="http://api.test",
            headers={"Authorization": f"Bearer {key}"},
            event_hooks={"response": [check]},
        )

    async def person(
        self, email: str = "uta@lender.test", role: users.Role = users.Role.UNDERWRITER
    ) -> users.Person:
        """A new person at the lender, whose password is PASSWORD."""
        await self.db.write(
            lambda tx: users.create(tx, SYSTEM, email, "Uta Winter", PASSWORD, role)
        )
        person, _ = await users.sign_in(self.db, email, PASSWORD, timedelta(hours=1))
        return person

    async def settled(self) -> None:
        """Wait until nothing can come before what has happened so far.

        Other tests write to other databases of the same server, whose transactions count in one.
        """
        last = await self.db.write(lambda tx: tx.all(CURRENT))
        async with asyncio.timeout(60):
            while await self.db.one(SETTLED, last=last[0]["xid"]) is None:
                await asyncio.sleep(0.01)

    async def seal(self) -> None:
        """Seal all that has come into the audit log so far."""
        await self.settled()
        while await self.db.write(audit.seal):
            pass

    @property
    def reader(self) -> DocumentReader:
        """What reads documents here."""
        blobs = BlobStore(self.settings.blob_url, self.settings.document_limit_bytes)
        return DocumentReader(self.db, blobs, self.settings.required_months, self.parser_pool)

    async def flush_usage(self) -> None:
        """Write what was counted of calls, as happens every few seconds."""
        assert self.api.dependencies is not None
        await self.api.dependencies.flush_usage()

    async def look_again(self) -> None:
        """Let the API look how versions and apps stand, as happens at a notification."""
        assert self.api.dependencies is not None
        self.api.dependencies.lifecycle.forget()
        await self.api.dependencies.lifecycle.refresh()

    async def work(self, worker: type[JobWorker] = JobWorker) -> None:
        """Let the real worker run until its queue is empty."""
        stopping = asyncio.Event()
        working = asyncio.create_task(worker(self.settings, self.parser_pool).run(stopping))
        try:
            async with asyncio.timeout(300):
                while (row := await self.db.one(_PENDING)) and row["n"]:
                    await asyncio.sleep(0.02)
        finally:
            stopping.set()
            await working

    async def case(
        self, partner: Partner, company: Company, files: Iterable[bytes] | None = None
    ) -> str:
        """A company's application with its statements, read and answered; its id."""
        answer = await partner.http.post("/v2/applications", json=company.application())
        assert answer.status_code == 201, answer.text
        application_id: str = answer.json()["id"]
        for content in statements(company) if files is None else files:
            await partner.upload(application_id, content)
        await self.work()
        return application_id


@asynccontextmanager
async def running(
    database: str, folder: Path, requires: tuple[str, ...] = REQUIRES, **settings: Any
) -> AsyncIterator[House]:
    """An instance on this database for as long as the block lasts."""
    (folder / "blobs").mkdir(parents=True, exist_ok=True)  # as `beleg migrate` does
    chosen = Settings(
        env=Environment.TEST,
        database_url=database,
        blob_url=local_blobs(folder / "blobs"),
        cookie_secure=False,
        **{"request_seconds": LONG_SECONDS, **settings},
    )
    api = PublicApi(chosen, VERSIONS, requires)
    async with (
        with_lifespan(api) as served,
        connected(database, 4) as db,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(served),
            base_url="http://api.test",
            event_hooks={"response": [check]},
        ) as http,
    ):
        house = House(chosen, db, api, http, folder)
        yield house


@asynccontextmanager
async def with_lifespan(app: ASGIApp) -> AsyncIterator[ASGIApp]:
    """The application with its lifespan begun, as a server would run it."""
    incoming: asyncio.Queue[Message] = asyncio.Queue()
    outgoing: asyncio.Queue[Message] = asyncio.Queue()
    state: dict[str, Any] = {}
    lifespan = asyncio.create_task(
        _run_lifespan(
            app,
            {"type": "lifespan", "asgi": {"version": "3.0"}, "state": state},
            incoming,
            outgoing,
        )
    )

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    await incoming.put({"type": "lifespan.startup"})
    assert (await outgoing.get())["type"] == "lifespan.startup.complete"
    try:
        yield served
    finally:
        await incoming.put({"type": "lifespan.shutdown"})
        await lifespan


async def _run_lifespan(
    app: ASGIApp, scope: Scope, incoming: asyncio.Queue[Message], outgoing: asyncio.Queue[Message]
) -> None:
    await app(scope, incoming.get, outgoing.put)


@dataclass(frozen=True)
class Part:
    """A part of the product that runs as a process of its own."""

    process: asyncio.subprocess.Process
    url: str
    internal: str
    log: Path

    async def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def part(
    name: str,
    database: str,
    folder: Path,
    until: int = 200,
    words: Sequence[str] = (),
    **environ: str,
) -> AsyncIterator[Part]:
    """`beleg api`, `bff` or `worker` once it says this of being ready, while the block lasts."""
    port, metrics = free_ports(2)
    place = () if name == "worker" else ("--port", str(port))
    log = folder / f"{name}-{port}.log"
    (folder / "blobs").mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.ops.cli", name, *place),
            *("--metrics-port", str(metrics), *words),
            env={
                **os.environ,
                "BELEG_DATABASE_URL": database,
                "BELEG_BLOB_URL": local_blobs(folder / "blobs"),
                "BELEG_REQUEST_SECONDS": str(LONG_SECONDS),
                "BELEG_HEAD_SECONDS": str(LONG_SECONDS),
                **environ,
            },
            stdout=out,
            stderr=out,
        )
    running_part = Part(process, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics}", log)
    try:
        await _ready(running_part, until)
        yield running_part
    finally:
        if process.returncode is None:
            await running_part.kill()


async def _ready(started: Part, until: int) -> None:
    last: object = "no answer"
    try:
        async with asyncio.timeout(120), httpx.AsyncClient() as http:
            while started.process.returncode is None:
                try:
                    last = await http.get(f"{started.internal}/readyz")
                    if last.status_code == until:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)
    except TimeoutError:
        pass
    raise AssertionError(f"not {until}: {last}\n{started.log.read_text()[-4000:]}")


async def events_of(db: Queryable, application_id: UUID) -> list[EventRow]:
    """What happened to an application, oldest first."""
    rows = await db.all(_EVENTS, application_id=application_id)
    return [EventRow(row["id"], row["kind"], row["data"]) for row in rows]


def application(**changes: Any) -> dict[str, Any]:
    """An application as a partner sends it over v2."""
    return {
        "product": "loan",
        "applicant": {"legal_name": "Muster Werkzeugbau GmbH", "country": "DE"},
        "amount": {"value": "250000.00", "currency": "EUR"},
        "term_months": 60,
        **changes,
    }


def statements(company: Company) -> list[bytes]:
    """All of a company's statements, a file an account."""
    return list(_statements(company))


@lru_cache(maxsize=8)
def _statements(company: Company) -> tuple[bytes, ...]:
    return tuple(
        camt053(company, account, company.first_month, company.last_month)
        for account in company.accounts
    )


def statements_without(company: Company, months_back: int) -> list[bytes]:
    """A company's statements but for one month, so many before the last."""
    last = company.last_month
    return [
        camt053(company, account, first, end)
        for account in company.accounts
        for first, end in (
            (company.first_month, months_before(last, months_back + 1)),
            (months_before(last, months_back - 1), last),
        )
    ]


def months_before(month: date, months: int) -> date:
    """The first day of the month so many months earlier."""
    year, at = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(year, at + 1, 1)


def company(seed: int = 1, months: int = 24) -> Company:
    """A made-up company."""
    return _company(seed, months)


@lru_cache(maxsize=16)
def _company(seed: int, months: int) -> Company:
    return make_company(seed, months=months)
