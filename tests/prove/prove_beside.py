"""Two builds on one database, under load, while three columns change: expand, backfill, contract.

Build A is 0.1.0 out of the project's history, build B is this one. Partners read and write at a
steady rate, over both versions and at whichever build is there; the exchanges that A's clients were
promised are asked for again and again. Nothing fails, nothing that was acknowledged is lost, and
nobody waits for more than twice as long as before.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx

from core import clients
from core.audit import SYSTEM
from core.clients import Scope
from core.connecting import connected
from deploy.release.rehearsal.checks import bookings, require_kept
from deploy.release.rehearsal.partners import Key, Partners, bearer
from deploy.release.rehearsal.results import Results
from tests import tables
from tests.contracts.exchange import STATEMENT
from tests.contracts.record import lay
from tests.prove.builds import Build, RunningPart, old_build
from tests.prove.golden import GoldenTraffic

AT_ONCE = ("--window-hours", "0", "--reason", "the old build never comes back")
ROWS = int(os.environ.get("BELEG_PROVE_ROWS", "200000"))
SECONDS = float(os.environ.get("BELEG_PROVE_SECONDS", "15"))
"""How long each stretch lasts in which nothing is done but to look."""
NOISE_MILLISECONDS = 10.0
"""What a stretch may take longer than twice the first, since two cores serve everybody."""
EVERY_SECONDS = 0.03
KINDS = (
    (Partners.submit, 20),
    (Partners.submit_as_before, 5),
    (Partners.change, 12),
    (Partners.read, 25),
    (Partners.read_as_before, 10),
    (Partners.page, 10),
    (Partners.upload, 3),
    (Partners.transactions, 15),
)
CONTRACTS = ("0017", "0018", "0019")
TITLE = "Two builds on one database: partners' requests while three columns change"
OLD_ROWS = (
    """INSERT INTO application (id, client_id, status, product, legal_name, country, currency,
        amount, term_months, declared_lenders, revision, created_at, updated_at)
    SELECT overlay('01800000-0000-7000-8000-000000000000' PLACING lpad(n::text, 12, '0') FROM 25)
        ::uuid, $1, 'received', 'loan', 'Alt ' || n, 'DE', 'EUR', 100, 12,
        CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '[]'::jsonb ELSE '["Bank", "Kasse"]' END,
        1, now(), now()
    FROM generate_series(1, $2::integer / 20) AS n""",
    """INSERT INTO statement SELECT fresh.*
    FROM (SELECT * FROM statement LIMIT 1) AS old, generate_series(1, $2::integer / 50) AS n,
        jsonb_populate_record(NULL::statement, to_jsonb(old) || jsonb_build_object('id',
            overlay('01800000-0000-7000-8000-000000000000' PLACING lpad(n::text, 12, '0') FROM 25),
            'application_id', '01800000-0000-7000-8000-000000000001')) AS fresh
    WHERE $1::uuid IS NOT NULL""",
    """INSERT INTO transaction SELECT fresh.*
    FROM (SELECT * FROM transaction LIMIT 1) AS old, generate_series(1, $2::integer) AS n,
        jsonb_populate_record(NULL::transaction, to_jsonb(old) || jsonb_build_object('id',
            overlay('01800000-0000-7000-8000-000000000000' PLACING lpad(n::text, 12, '0') FROM 25),
            'application_id', '01800000-0000-7000-8000-000000000001', 'iso',
            CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN 'PMNT' ELSE 'PMNT-RCDT-ESCT' END)) AS fresh
    WHERE $1::uuid IS NOT NULL""",
)


@dataclass
class Stage:
    """Who is there, what is sent to them, and what an operator does meanwhile."""

    database: str
    folder: Path
    old: Build
    new: Build = field(default_factory=lambda: Build("B"))
    parts: dict[str, RunningPart] = field(default_factory=dict)

    def places(self) -> list[str]:
        """The addresses of those APIs."""
        return [f"http://127.0.0.1:{port}" for port in self.ports()]

    def ports(self) -> list[int]:
        """Where the APIs are that requests may go to."""
        return [each.port for name, each in self.parts.items() if name.endswith("api")]

    async def command(self, *words: str, fails: bool = False) -> str:
        """Let the operator run one of B's commands; what it said."""
        done = await asyncio.to_thread(self.new.command, self.database, *words)
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, said
        return said

    @asynccontextmanager
    async def builds(self, build: Build, *parts: str) -> AsyncIterator[None]:
        """A build's parts; requests go to its API once it is ready, until just before it ends."""
        async with AsyncExitStack() as stack:
            for part in parts:
                running = await stack.enter_async_context(
                    build.part(part, self.database, self.folder)
                )
                self.parts[f"{build.name} {part}"] = running
            yield


async def prepared(stage: Stage) -> tuple[Key, AsyncExitStack]:
    """A database of A's with rows of A's age, and the key of a partner."""
    done = stage.old.command(stage.database, "migrate")
    assert done.returncode == 0, done.stderr
    await lay(stage.database, "0001")
    stack = AsyncExitStack()
    db = await stack.enter_async_context(connected(stage.database, 4))
    client, key = await db.write(lambda tx: clients.create(tx, SYSTEM, "Makler", tuple(Scope)))
    connection = await asyncpg.connect(stage.database)
    for sql in OLD_ROWS:
        await connection.execute(sql, client, ROWS)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return Key(str(client), key), stack


async def test_columns_change_under_two_builds_and_nobody_notices(
    empty_database: str, tmp_path: Path
) -> None:
    with old_build() as old:
        stage = Stage(empty_database, tmp_path, old)
        key, stack = await prepared(stage)
        async with stack, connected(empty_database, 4) as db:
            steady = Partners(
                [key],
                stage.places,
                Results(),
                every_seconds=EVERY_SECONDS,
                files=[STATEMENT.encode()],
                kinds=KINDS,
            )
            golden = GoldenTraffic(old, empty_database, db, tmp_path, stage.ports)
            try:
                await play(stage, steady, golden)
            finally:
                await steady.close()


async def play(stage: Stage, steady: Partners, golden: GoldenTraffic) -> None:
    """From A alone to B alone, without its old columns."""
    async with AsyncExitStack() as a_lives, AsyncExitStack() as b_lives:
        await a_lives.enter_async_context(stage.builds(stage.old, "api", "worker"))
        steady.results.phase("warming up")
        sending = [asyncio.create_task(each.run()) for each in (steady, golden)]
        try:
            await asyncio.sleep(3)
            steady.results.phase("A alone")
            await asyncio.sleep(SECONDS)
            steady.results.phase("expand: beleg migrate")
            await stage.command("migrate")
            await asyncio.sleep(1)
            steady.results.phase("beleg backfill run")
            await stage.command("backfill", "run")
            steady.results.phase("B starts")
            await b_lives.enter_async_context(stage.builds(stage.new, "api", "worker"))
            steady.results.phase("A and B")
            await asyncio.sleep(SECONDS)
            steady.results.phase("contract refused")
            for contract in CONTRACTS:
                said = await stage.command("migrate", "contract", contract, *AT_ONCE, fails=True)
                assert "0.1.0" in said, said
            await leave(stage, steady, golden, stage.old, a_lives)
            await contracted(stage, steady)
            steady.results.phase("B alone")
            await asyncio.sleep(SECONDS)
        finally:
            for each in sending:
                each.cancel()
                with suppress(asyncio.CancelledError):
                    await each
        await steady.settled()
        steady.results.phase("over")
        report(steady, golden)
        require_unnoticed(stage, steady, golden)
        await require_whole(stage, steady)


async def leave(
    stage: Stage,
    steady: Partners,
    golden: GoldenTraffic,
    build: Build,
    lives: AsyncExitStack,
) -> None:
    """A build ends as in a release: nothing new goes to it, what is under way is answered."""
    steady.results.phase("A ends")
    api = stage.parts.pop(f"{build.name} api")
    await golden.between_stories()
    await steady.drained(f"http://127.0.0.1:{api.port}")
    await lives.aclose()


async def contracted(stage: Stage, steady: Partners) -> None:
    """Each contract, as soon as A counts as gone: a minute after it was last heard of."""
    steady.results.phase("A is waited out")
    began = time.monotonic()
    while time.monotonic() - began < 90:
        done = await asyncio.to_thread(
            stage.new.command, stage.database, "migrate", "contract", CONTRACTS[0],
            *AT_ONCE,
        )  # fmt: skip
        if done.returncode == 0:
            break
        assert "0.1.0" in done.stdout + done.stderr
        await asyncio.sleep(2)
    steady.results.phase("contracts")
    for contract in CONTRACTS:
        await stage.command("migrate", "contract", contract, *AT_ONCE)


async def require_whole(stage: Stage, steady: Partners) -> None:
    """Assert that all that was acknowledged is there, over both versions, and was read."""
    (port,) = stage.ports()
    base = f"http://127.0.0.1:{port}"
    cases = steady.results.cases.values()
    async with httpx.AsyncClient(base_url=base, timeout=30) as http:
        for case in cases:
            await require_kept(http, case)
            headers = bearer(case.key)
            place = f"/v1/applications/{case.id}"
            assert (await http.get(place, headers=headers)).status_code == 200
        read = [await bookings(http, each) for each in cases if each.documents]
    tables.add_row(
        TITLE, "acknowledged writes, found", "", steady.results.acknowledged, 0, *("",) * 3
    )
    assert len(read) > 10
    assert len(read[0]) > 10
    assert all(each == read[0] for each in read), "A and B read the same file differently"


def report(steady: Partners, golden: GoldenTraffic) -> None:
    """Fill in the table."""
    tables.add_row(TITLE, "", "seconds", "requests", "failed", "p50 ms", "p99 ms", "most ms")
    for each in steady.results.phases[1:-1]:
        values = [f"{each.percentile(share):.1f}" for share in (50, 99, 100)]
        counts = (f"{each.seconds:.1f}", len(each.latencies), len(each.failures))
        tables.add_row(TITLE, each.name, *counts, *values)
    tables.add_row(
        TITLE, "golden exchanges", "", golden.exchanges, len(golden.failures), *("",) * 3
    )


def require_unnoticed(stage: Stage, steady: Partners, golden: GoldenTraffic) -> None:
    """Assert that nothing failed and that nobody waited for long."""
    assert [each for phase in steady.results.phases for each in phase.failures] == []
    assert golden.failures == []
    assert golden.exchanges > 500
    before = next(each for each in steady.results.phases if each.name == "A alone").percentile(99)
    slow = {
        each.name: each.percentile(99)
        for each in steady.results.phases[1:-1]
        if each.percentile(99) > 2 * before + NOISE_MILLISECONDS
    }
    assert not slow, f"p99 was {before:.1f} ms, and is {slow}"
    for log in stage.folder.glob("*.log"):
        text = log.read_text()
        assert "Undefined" not in text, log.name
        assert "Traceback" not in text, log.name
