"""A shadow beside real traffic, through a real Envoy: it says nothing of noise, and users notice
nothing of it, not where B hangs, B is dead, or the differ is.

A is the build before there were shadows, live and as a shadow of its own; B is this one. Partners
read and write at a steady rate, and a share of one is mirrored.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import httpx
import pytest

from core import clients
from core.audit import SYSTEM
from core.clients import Scope
from core.connecting import connected
from deploy.release.model import ShadowSummary
from deploy.release.rehearsal.partners import Key, Partners
from deploy.release.rehearsal.results import Results
from deploy.release.shadow import LocalDiffer, role
from deploy.release.shadow.local import is_held, written
from tests import tables
from tests.contracts.exchange import STATEMENT
from tests.ports import free_ports
from tests.prove.builds import HERE, Build, RunningPart

BEFORE_SHADOWS = "f08c98e"
MIRRORED = int(os.environ.get("BELEG_PROVE_MIRRORED", "10000"))
SECONDS = float(os.environ.get("BELEG_PROVE_SECONDS", "15"))
NOISE_MILLISECONDS = 10.0
EVERY_SECONDS = 0.03
TITLE = "A shadow beside partners' requests, through Envoy"
ALL = 1_000_000


@contextmanager
def before_shadows() -> Iterator[Build]:
    """The source of the build before this one, out of the project's history."""
    with TemporaryDirectory(prefix="beleg-") as folder:
        words = ("git", "archive", BEFORE_SHADOWS)
        archive = subprocess.run(words, cwd=HERE, capture_output=True, check=False)
        assert archive.returncode == 0, archive.stderr.decode()
        subprocess.run(("tar", "-x", "-C", folder), input=archive.stdout, check=True)
        yield Build("A", Path(folder))


def _cluster(name: str, address: str) -> dict[str, Any]:
    host, _, port = address.partition(":")
    place = {"socket_address": {"address": host, "port_value": int(port)}}
    endpoint = {"lb_endpoints": [{"endpoint": {"address": place}}]}
    return {
        "name": name,
        "connect_timeout": "1s",
        "type": "STATIC",
        "load_assignment": {"cluster_name": name, "endpoints": [endpoint]},
    }


def _configuration(port: int, admin: int, api: str, differ: str) -> dict[str, Any]:
    """Everything to A; as much as is set at run time to the differ as well."""
    fraction = {"default_value": {"numerator": 0, "denominator": "MILLION"}}
    mirror = {"cluster": "differ", "runtime_fraction": {**fraction, "runtime_key": "mirrored"}}
    route = {
        "match": {"prefix": "/"},
        "route": {"cluster": "api", "timeout": "30s", "request_mirror_policies": [mirror]},
    }
    types = "type.googleapis.com/envoy.extensions.filters"
    router = {"name": "router", "typed_config": {"@type": f"{types}.http.router.v3.Router"}}
    manager = {
        "@type": f"{types}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "api",
        "http_filters": [router],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
    }
    chain = {"filters": [{"name": "http", "typed_config": manager}]}

    def at(number: int) -> dict[str, Any]:
        return {"socket_address": {"address": "127.0.0.1", "port_value": number}}

    return {
        "admin": {"address": at(admin)},
        "layered_runtime": {"layers": [{"name": "admin", "admin_layer": {}}]},
        "static_resources": {
            "listeners": [{"name": "api", "address": at(port), "filter_chains": [chain]}],
            "clusters": [_cluster("api", api), _cluster("differ", differ)],
        },
    }


@asynccontextmanager
async def envoy(folder: Path, api: str, differ: str) -> AsyncIterator[tuple[int, int]]:
    """A real Envoy before the API; its port, and that of its administration."""
    port, admin = free_ports(2)
    file = folder / "envoy.json"
    file.write_text(json.dumps(_configuration(port, admin, api, differ)))
    binary = Path(sys.executable).parent / "envoy"
    with (folder / "envoy.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(binary, "-c", file, "--use-dynamic-base-id", "--concurrency", "1", "-l", "warning"),
            stdout=log,
            stderr=log,
        )
    try:
        async with asyncio.timeout(60), httpx.AsyncClient() as http:
            while True:
                assert process.returncode is None, (folder / "envoy.log").read_text()
                with suppress(httpx.TransportError):
                    if (await http.get(f"http://127.0.0.1:{admin}/ready")).status_code == 200:
                        break
                await asyncio.sleep(0.05)
        yield port, admin
    finally:
        process.terminate()
        await process.wait()


async def mirror(admin: int, share: float) -> None:
    """Let Envoy mirror such a share from now on."""
    async with httpx.AsyncClient() as http:
        place = f"http://127.0.0.1:{admin}/runtime_modify"
        answer = await http.post(place, params={"mirrored": str(round(share * ALL))})
        assert answer.status_code == 200, answer.text


async def caught_up(differ: LocalDiffer, count: int) -> ShadowSummary:
    """The report once so many requests were mirrored, and nearly all of them compared."""
    while True:
        summary = await differ.report()
        if summary.mirrored >= count and summary.compared >= 0.9 * count:
            return summary
        await asyncio.sleep(1)


async def test_users_notice_nothing_of_a_shadow_and_noise_is_no_difference(
    empty_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    administration: asyncpg.Connection,
) -> None:
    migrated = Build("B").command(empty_database, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert Build("B").command(empty_database, "backfill", "run").returncode == 0
    read_only = await role.ensure(empty_database, {})
    async with connected(empty_database, 2) as db:
        client, key = await db.write(
            lambda tx: clients.create(
                tx, SYSTEM, "Makler", tuple(Scope), per_minute=10**7, per_day=10**7
            )
        )
    with before_shadows() as a:
        async with AsyncExitStack() as stack:
            live = await stack.enter_async_context(a.part("api", empty_database, tmp_path))
            await stack.enter_async_context(a.part("worker", empty_database, tmp_path))
            monkeypatch.setenv("BELEG_SHADOW", "true")
            shadow_a = await stack.enter_async_context(
                Build("shadow-a", a.tree).part("api", read_only, tmp_path)
            )
            shadow_b = await stack.enter_async_context(
                Build("shadow-b").part("api", read_only, tmp_path)
            )
            sides = [f"127.0.0.1:{each.port}" for each in (shadow_a, shadow_b)]
            differ = LocalDiffer(tmp_path / "shadow", sides[:1], sides[1:])
            address = await differ.start()
            stack.push_async_callback(differ.stop)
            port, admin = await stack.enter_async_context(
                envoy(tmp_path, f"127.0.0.1:{live.port}", address)
            )
            steady = Partners(
                [Key(str(client), key)],
                lambda: [f"http://127.0.0.1:{port}"],
                Results(),
                every_seconds=EVERY_SECONDS,
                files=[STATEMENT.encode()],
            )
            stack.push_async_callback(steady.close)
            await play(steady, differ, shadow_b, admin)
    await administration.execute(f"DROP ROLE {role.named(empty_database)[0]}")


async def play(steady: Partners, differ: LocalDiffer, shadow_b: RunningPart, admin: int) -> None:
    """From no shadow to none again, by way of one that goes wrong in every way."""
    steady.results.phase("warming up")
    sending = asyncio.create_task(steady.run())
    try:
        await asyncio.sleep(3)
        steady.results.phase("no shadow")
        await asyncio.sleep(SECONDS)
        await mirror(admin, 1)
        steady.results.phase("mirrored")
        summary = await caught_up(differ, MIRRORED)
        steady.results.phase("B hangs")
        shadow_b.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(SECONDS)
        steady.results.phase("B is dead")
        shadow_b.process.kill()
        await asyncio.sleep(SECONDS)
        steady.results.phase("the differ is dead")
        os.kill(_pid(differ), signal.SIGKILL)
        await asyncio.sleep(SECONDS)
        steady.results.phase("the differ is back")
        before = await differ.report()
        await differ.start()
        await asyncio.sleep(SECONDS)
        steady.results.phase("over")
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
    after = await differ.report()
    report(steady, summary)
    assert summary.differences == ()
    assert any("is not answered by B" in each for each in before.differences)
    assert after.mirrored > before.mirrored >= summary.mirrored, "what was found was lost"
    require_unnoticed(steady)


def _pid(differ: LocalDiffer) -> int:
    assert is_held(differ._folder)
    place = written(differ._folder)
    assert place is not None
    return place.pid


def report(steady: Partners, summary: ShadowSummary) -> None:
    """Fill in the table."""
    tables.add_row(TITLE, "", "seconds", "requests", "failed", "p50 ms", "p99 ms", "most ms")
    for each in steady.results.phases[1:-1]:
        values = [f"{each.percentile(share):.1f}" for share in (50, 99, 100)]
        counts = (f"{each.seconds:.1f}", len(each.latencies), len(each.failures))
        tables.add_row(TITLE, each.name, *counts, *values)
    told = f"{summary.mirrored} mirrored, {summary.compared} compared"
    tables.add_row(TITLE, told, "", "", len(summary.differences), *("",) * 3)


def require_unnoticed(steady: Partners) -> None:
    """Assert that no request failed, and that nobody waited for longer than without a shadow."""
    assert [each for phase in steady.results.phases for each in phase.failures] == []
    first, *others = steady.results.phases[1:-1]
    before = first.percentile(99)
    slow = {
        each.name: each.percentile(99)
        for each in others
        if each.percentile(99) > 2 * before + NOISE_MILLISECONDS
    }
    assert not slow, f"p99 was {before:.1f} ms, and is {slow}"
