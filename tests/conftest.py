"""What tests stand on: a server a run, a fresh copy of its template a test, the product on that."""

import gc
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import asyncpg
import httpx
import hypothesis
import pytest
from argon2 import PasswordHasher

from core import db, passwords
from core.documents import blobs
from core.isolation import drawing
from deploy.ops.postgres import Embedded
from public_api import limits, oidc
from tests import postgres, tables, warm, workers
from tests.builders import House, running
from tests.every import EVERY
from tests.trust import remember

if TYPE_CHECKING:
    from playwright.async_api import Browser

# What tests start in processes of their own is told where it stands, as an operator must.
os.environ.setdefault("BELEG_ENV", "test")

# Passwords of people in tests withstand nobody: hashing one in earnest takes a fifth of a second.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords.UNKNOWN_HASH = passwords._unknown_hash()

# An answer that tests wait for may take a minute, not five seconds: only what hangs is given up.
vars(httpx._config.DEFAULT_TIMEOUT_CONFIG).update(httpx.Timeout(60).as_dict())

# Nor does the product here: a test in which something hangs says for how long it is waited for.
db.PROBE_SECONDS = blobs.PROBE_SECONDS = oidc.PATIENCE_SECONDS = drawing.PATIENCE_SECONDS = 60.0

# How long an example takes says more of what else the machine does than of the example. The same
# examples each time: others are tried in `make prove`, and fail nobody's change by luck.
hypothesis.settings.register_profile(
    "beleg",
    deadline=None,
    derandomize=not EVERY,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("beleg")

remember()

TABLE_ROWS = pytest.StashKey[list[tables.Row]]()


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """All calls that a test makes here fall into one minute: none has more left by luck."""
    moment = time.time()
    clock = SimpleNamespace(time=lambda: moment, monotonic=time.monotonic)
    monkeypatch.setattr(limits, "time", clock)


@pytest.fixture(scope="session", autouse=True)
def commands_are_forked(pytestconfig: pytest.Config) -> Iterator[None]:
    """Commands of ours are forked from a process that has imported what they need.

    Of a run by several workers no test waits for it; alone, the first that starts a command does.
    """
    with warm.forking() as begin:
        if hasattr(pytestconfig, "workerinput") and pytestconfig.option.markexpr != "unit":
            begin()
        yield


@pytest.fixture(scope="session")
def embedded(pytestconfig: pytest.Config) -> Iterator[Embedded]:
    """A PostgreSQL server of the tests' own."""
    with postgres.serving(workers.given(pytestconfig).get("folder")) as server:
        yield server


@pytest.fixture(scope="session")
async def server(request: pytest.FixtureRequest) -> str:
    """The address of a database whose role may create others: the operator's, else our own."""
    if url := os.environ.get(workers.OPERATORS):
        return url
    embedded: Embedded = request.getfixturevalue("embedded")
    return await postgres.address(embedded)


@pytest.fixture(scope="session")
async def administration(server: str) -> AsyncIterator[asyncpg.Connection]:
    """The connection that creates and drops the tests' databases."""
    connection = await asyncpg.connect(server)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def template(
    pytestconfig: pytest.Config, administration: asyncpg.Connection, server: str
) -> AsyncIterator[str]:
    """The name of a migrated database that the tests' databases are copied from."""
    given = workers.given(pytestconfig)
    if "template" in given:
        yield given["template"]
        return
    name = await postgres.create_template(server)
    yield name
    await postgres.drop(administration, name)


@pytest.fixture
async def database(
    administration: asyncpg.Connection, server: str, template: str
) -> AsyncIterator[str]:
    """The address of a migrated, empty database that is this test's alone."""
    name = f"beleg_test_{uuid4().hex}"
    await administration.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield postgres.database(server, name)
    await postgres.drop(administration, name)


@pytest.fixture
async def empty_database(administration: asyncpg.Connection, server: str) -> AsyncIterator[str]:
    """The address of a database that no migration has touched yet."""
    name = f"beleg_test_{uuid4().hex}"
    await administration.execute(f"CREATE DATABASE {name}")
    yield postgres.database(server, name)
    await postgres.drop(administration, name)


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """An instance of the product on a database of its own."""
    async with running(database, tmp_path) as instance:
        yield instance


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator["Browser"]:
    """The machine's own browser; each test opens windows of its own in it."""
    from tests.bff.browsing import chromium  # only here: most runs never see a browser

    async with chromium() as running_browser:
        yield running_browser


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where only unit tests are asked for, import no file that marks none as such."""
    if _is_unit_run(config) and collection_path.suffix == ".py":
        return "mark.unit" not in collection_path.read_text() or None
    return None


def _is_unit_run(config: pytest.Config) -> bool:
    return bool(config.option.markexpr == "unit")


def pytest_collection() -> None:
    """What is imported and collected stays: the garbage collector need not look through it."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on it looks again, at what came after."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left alone with it at the end."""
    if _is_unit_run(config):
        left_out = [item for item in items if _is_thorough(item)]
        items[:] = [item for item in items if not _is_thorough(item)]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _is_thorough(item: pytest.Item) -> bool:
    """Whether a test tries hundreds of examples, or as much."""
    made_up = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return made_up or item.get_closest_marker("thorough") is not None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: tests also wait, for browsers and for other processes."""
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker what is made once for all of them; unit tests need nothing."""
    node.workerinput["given"] = {} if _is_unit_run(node.config) else workers.give(node.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker's tests have filled in."""
    rows = getattr(node, "workeroutput", {}).get("tables", [])
    node.config.stash.setdefault(TABLE_ROWS, []).extend(rows)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep what the tests of this process have filled in; a worker hands it back."""
    rows = tables.rows([item.nodeid for item in session.items])
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["tables"] = rows
    session.config.stash.setdefault(TABLE_ROWS, []).extend(rows)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables that tests have filled in."""
    rows = terminalreporter.config.stash.setdefault(TABLE_ROWS, [])
    for line in tables.lines(rows):
        terminalreporter.write_line(line)
