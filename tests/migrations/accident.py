"""The accident of which all of this comes, staged: a build on a database that is not of its age."""

import asyncio
import os
import re
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import httpx

import migrations
from core import clients, users
from core.audit import SYSTEM
from core.clients import Scope
from core.connecting import connected
from core.query import Query
from deploy.ops.account import ServerAccount
from deploy.ops.binaries import locate
from public_api.app import VERSIONS
from tests import postgres
from tests.builders import PASSWORD, application

REVISIONS = [
    file.stem.partition("_")[0]
    for file in sorted((Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
]
OLDER = "0009"
"""The last revision of the dump that is restored: the one before builds were told apart."""
BFF_HEADERS = {"X-Beleg": "1"}
_UUID = "018f0000-0000-7000-8000-000000000001"


SIGNED_IN = Query(
    """INSERT INTO session (token_hash, person_id, created_at, expires_at)
    VALUES ($1, $2, now(), now() + interval '1 hour')""",
    ("token_hash", "person_id"),
    {},
)
"""As on a database of any age."""


@dataclass(frozen=True)
class Secrets:
    """Who calls: a partner by its key, a person by her session."""

    key: str
    session: str


async def moved_in(database: str) -> Secrets:
    """A partner and a person on a database of whatever age."""
    async with connected(database, 1, requires=(), backfills=()) as db:
        _, key = await db.write(lambda tx: clients.create(tx, SYSTEM, "Makler Nord", tuple(Scope)))
        email, role = "uta@lender.test", users.Role.UNDERWRITER
        uta = await db.write(
            lambda tx: users.create(tx, SYSTEM, email, "Uta Winter", PASSWORD, role)
        )
        session = secrets.token_urlsafe(32)
        kept = {"token_hash": sha256(session.encode()).digest(), "person_id": uta}
        await db.write(lambda tx: tx.run(SIGNED_IN, **kept))
    return Secrets(key, session)


def command(database: str, *words: str, **environ: str) -> str:
    """Run one of our commands as an operator does; what it printed."""
    done = subprocess.run(
        (sys.executable, "-m", "deploy.ops.cli", *words),
        env={**os.environ, "BELEG_DATABASE_URL": database, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def migrate(database: str, **environ: str) -> None:
    """Bring a database up to date as the runbook says: also adopt it, where it was restored."""
    command(database, "migrate", **environ)
    command(database, "adopt", "--anyway", **environ)


def operations() -> Iterator[tuple[str, str, str]]:
    """Method, path and media type of refusals of every operation of every version."""
    for version in VERSIONS:
        for operation in version.operations:
            path = re.sub(r"{\w+}", _UUID, f"/{version.name}{operation.path}")
            yield operation.method, path, version.problem_media_type


PAGES = (
    ("GET", "/bff/inbox"),
    ("GET", "/bff/usage"),
    ("GET", "/bff/session"),
    ("POST", "/bff/session"),
    ("GET", f"/bff/cases/{_UUID}"),
    ("GET", f"/bff/cases/{_UUID}/status"),
    ("GET", f"/bff/cases/{_UUID}/transactions"),
    ("GET", f"/bff/cases/{_UUID}/report"),
    ("POST", f"/bff/cases/{_UUID}/decision"),
    ("POST", f"/bff/cases/{_UUID}/documents"),
)
"""What the web app asks for."""


@dataclass
class Dump:
    """A dump of a database, for as long as its folder lasts."""

    file: str

    @classmethod
    def of(cls, database: str, folder: str) -> "Dump":
        """Dump a database by PostgreSQL's own program."""
        dump = cls(f"{folder}/dump")
        _run("pg_dump", "-Fc", "--no-owner", "-f", dump.file, database)
        return dump

    async def restore(self, administration: "asyncpg.Connection", database: str) -> None:
        """Drop the database under whoever uses it, make it anew, and restore the dump into it."""
        name = database.rpartition("/")[2]
        await postgres.drop(administration, name)
        await asyncio.sleep(0.3)  # for a while there is none
        await administration.execute(f"CREATE DATABASE {name}")
        await asyncio.sleep(0.3)  # then an empty one
        await asyncio.to_thread(_run, "pg_restore", "--no-owner", "-d", database, self.file)

    async def restore_in_place(self, database: str) -> None:
        """Restore the dump into the same database: connections stay, tables go and come."""
        connection = await asyncpg.connect(database)
        while True:
            with suppress(asyncpg.DeadlockDetectedError):  # with somebody at work: asked for again
                await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
                break
        await connection.close()
        await asyncio.to_thread(_run, "pg_restore", "--no-owner", "-d", database, self.file)


def _run(program: str, *words: str) -> None:
    account = ServerAccount.fit()
    done = subprocess.run(
        (locate(account) / program, *words), check=False, capture_output=True, **account.identity()
    )
    assert done.returncode == 0, done.stderr


@asynccontextmanager
async def older_dump(
    administration: "asyncpg.Connection", server: str
) -> AsyncIterator[tuple[Dump, Secrets]]:
    """A dump of an instance at an older revision, and who calls there."""
    from deploy.ops.migrating import apply

    name = f"beleg_older_{os.getpid()}_{time.monotonic_ns()}"
    await administration.execute(f"CREATE DATABASE {name}")
    database = postgres.database(server, name)
    try:
        await asyncio.to_thread(apply.migrate, database, OLDER)
        secrets = await moved_in(database)
        with TemporaryDirectory(prefix="beleg-", dir="/tmp") as folder:
            os.chmod(folder, 0o777)
            yield await asyncio.to_thread(Dump.of, database, folder), secrets
    finally:
        await postgres.drop(administration, name)


@dataclass
class Load:
    """Requests without a pause at both faces; every answer, with when it was asked for."""

    api: httpx.AsyncClient
    bff: httpx.AsyncClient
    answers: list[tuple[float, str, int, str]] = field(default_factory=list)

    async def run(self, pause: float = 0.0) -> None:
        """Call until cancelled."""
        await asyncio.gather(
            *(self._repeat(call, pause) for call in self._calls()),
        )

    def _calls(self) -> Sequence[Callable[[], Awaitable[httpx.Response]]]:
        get = self.api.get
        return (
            lambda: get("/v2/applications"),
            lambda: get("/v1/applications"),
            lambda: get("/v2/events"),
            self._hand_in,
            lambda: self.bff.get("/bff/inbox"),
            lambda: self.bff.get("/bff/session"),
        )

    async def _hand_in(self) -> httpx.Response:
        """An application and a document for it, which is a job for the worker."""
        answer = await self.api.post("/v2/applications", json=application())
        if answer.status_code != 201:
            return answer
        path = f"/v2/applications/{answer.json()['id']}/documents"
        files = {"file": ("s.txt", os.urandom(20).hex().encode(), "text/plain")}
        return await self.api.post(path, files=files)

    async def _repeat(self, call: Callable[[], Awaitable[httpx.Response]], pause: float) -> None:
        while True:
            began = time.monotonic()
            answer = await call()
            path = f"{answer.request.method} {answer.request.url.path}"
            text = answer.text if answer.status_code >= 400 else ""
            self.answers.append((began, path, answer.status_code, text))
            await asyncio.sleep(pause)

    def statuses(self) -> Counter[int]:
        """How often each status was answered."""
        return Counter(status for _, _, status, _ in self.answers)

    def unexpected(self) -> list[tuple[str, int, str]]:
        """Answers that are neither as they should be nor say that something is away."""
        fine = (200, 201, 202, 503)
        return [each[1:] for each in self.answers if each[2] not in fine]


async def eventually(condition: Callable[[], Awaitable[bool]], seconds: float = 60) -> float:
    """For how many seconds a condition did not hold."""
    began = time.monotonic()
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)
    return time.monotonic() - began
