"""A fleet to try commands on: databases of the shape of the build before, in a file of lines."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from deploy.ops.fleet.runs import build_revisions
from deploy.ops.migrating.apply import applied
from tests import postgres

T = TypeVar("T")
BEFORE = "0009"
"""The last revision of 0.1.0, the build before live builds, identities and backfills."""
PREFIX = "beleg_before"


def apart(work: Callable[[], T]) -> T:
    """Do something that runs an event loop of its own, away from that of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def before(server: str) -> str:
    """Make a database as the build before has it; its name, for others to be copied from."""
    name = f"{PREFIX}_{uuid4().hex}"
    execute(server, f"CREATE DATABASE {name}")
    postgres.migrate(postgres.database(server, name), "--to", BEFORE)
    execute(server, f"ALTER DATABASE {name} IS_TEMPLATE true")  # so that nobody calls it forgotten
    return name


def execute(url: str, *statements: str) -> None:
    """Run statements, each by itself."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    apart(lambda: asyncio.run(run()))


@dataclass(slots=True)
class FleetFolder:
    """A fleet's file and journal, and the databases that its lines name."""

    server: str
    template: str
    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    prefix: str = field(default_factory=lambda: f"fleet_{uuid4().hex[:8]}")

    @property
    def file(self) -> Path:
        """The fleet's file."""
        return self.folder / "fleet.toml"

    @property
    def journal(self) -> list[dict[str, Any]]:
        """What the journal tells."""
        file = self.folder / "fleet.journal.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def add(self, name: str, wave: int | str, template: str = "", **said: Any) -> str:
        """Add a line and its database; the database's URL."""
        url = self.database(name, template)
        self.lines[name] = {"name": name, "wave": wave, "url": url, **said}
        return url

    def database(self, name: str, template: str = "") -> str:
        """Make a database that no line names, by default as the build before has it; its URL."""
        template = template or self.template
        made = f"{self.prefix}_{name}"
        self.made.append(made)
        execute(self.server, f"CREATE DATABASE {made} TEMPLATE {template} STRATEGY file_copy")
        return postgres.database(self.server, made)

    def drop(self) -> None:
        """Remove every database of this fleet."""
        for name in self.made:
            execute(self.server, f"DROP DATABASE {name} WITH (FORCE)")

    def write(self) -> None:
        """Write the fleet's file."""
        text = ["[fleet]", *(f"{key} = {json.dumps(it)}" for key, it in self.settings.items())]
        for line in self.lines.values():
            text += ["", "[[instance]]", *(f"{key} = {json.dumps(it)}" for key, it in line.items())]
        self.file.write_text("\n".join(text))

    def words(self, *words: str) -> list[str]:
        """A command on this fleet."""
        return [sys.executable, "-m", "deploy.ops.cli", "fleet", *words, "--file", str(self.file)]

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command that is to end with this code; what it printed."""
        done = subprocess.run(self.words(*words), capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code in (0, 3) or done.stdout else done.stderr

    def result(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The same, as a pipeline reads it."""
        found: dict[str, Any] = json.loads(self.run(*words, "--json", code=code))
        return found

    def results(self, *words: str, code: int = 0) -> dict[str, str]:
        """How a command ended on each instance."""
        return {
            each["name"]: each["result"] for each in self.result(*words, code=code)["instances"]
        }

    def applied(self, name: str) -> set[str]:
        """The revisions that an instance's database has."""
        url = postgres.database(self.server, f"{self.prefix}_{name}")
        return apart(lambda: asyncio.run(applied(url)))


def with_password(url: str, password: str) -> str:
    """The same URL with another password."""
    parts = urlsplit(url)
    place = f"{parts.username}:{password}@{parts.hostname}:{parts.port}"
    return parts._replace(netloc=place).geturl()


def is_migrated(fleet: FleetFolder, name: str) -> bool:
    """Whether a database has all that this build brings."""
    return fleet.applied(name) >= build_revisions().expands


@contextmanager
def lock_held(url: str) -> Iterator[None]:
    """Somebody who holds a lock that every migration waits for, and does not let go."""
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(asyncpg.connect(url))
    loop.run_until_complete(connection.execute("BEGIN; LOCK applied_revision IN SHARE MODE"))
    try:
        yield
    finally:
        loop.run_until_complete(connection.close())
        loop.close()


def kill_at(fleet: FleetFolder, event: str, count: int) -> None:
    """Begin to migrate, and kill -9 the command once so many lines tell of that."""
    with subprocess.Popen(fleet.words("migrate"), stderr=subprocess.DEVNULL) as command:
        while sum(line["event"] == event for line in fleet.journal) < count:
            assert command.poll() is None
            time.sleep(0.01)
        command.kill()


def migrators(url: str) -> list[str]:
    """Whoever is connected to the server's databases of this name but for us."""

    async def look() -> list[str]:
        connection = await asyncpg.connect(url)
        rows = await connection.fetch(
            "SELECT datname FROM pg_stat_activity WHERE pid != pg_backend_pid()"
            " AND datname LIKE current_database() || '%'"
        )
        await connection.close()
        return [row["datname"] for row in rows]

    return apart(lambda: asyncio.run(look()))
