"""A/B in earnest: traffic that goes on while weights change, real APIs, what the database knows.

A real Envoy stands before builds A, B and the similar group. Thousands of keys ask on while the
weight goes up and down; then partners hand in through it to real processes of two builds, and the
rows say who took in what.
"""

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx

from core import builds, clients
from core.audit import SYSTEM
from deploy.release import conditions
from deploy.release.model import Addresses, Slot
from deploy.release.outcomes import outcomes
from tests import tables
from tests.builders import House, Partner, application, part
from tests.simulated import released
from tests.sticky import ALL_TO_A, AT_ONCE, Fork, Headers, bearer, by_weight, forked, keys

KEYS = 3_000
UP = (1, 2, 5, 10, 15, 25, 35, 50, 75, 100)
PARTNERS, CASES = 60, 3
RELEASES = 2_000
TITLE = "A/B: who saw which build"


async def test_while_traffic_never_stops_each_key_changes_builds_once_and_nothing_fails(
    tmp_path: Path,
) -> None:
    """Up to all and down to none: at each, a key goes over at most once, and never to and fro."""
    callers = [bearer(key) for key in keys(KEYS)]
    async with forked(tmp_path) as fork:
        for name, weights, first in (("up", UP, False), ("down", (*UP[-2::-1], 0), True)):
            seen = [[slot == Slot.GREEN] for slot in await fork.ask(callers)]
            stopping = asyncio.Event()
            asking = [
                asyncio.create_task(_ask_on(fork, callers, seen, at, stopping))
                for at in range(0, KEYS, KEYS // 4)
            ]
            for weight in weights:
                await fork.send(by_weight(weight))
                await asyncio.sleep(0.3)
            stopping.set()
            await asyncio.gather(*asking)
            changes = [sum(a != b for a, b in pairwise(each)) for each in seen]
            tables.add_row(TITLE, f"{KEYS:,} keys, {len(weights)} weights {name}", "answers",
                f"{sum(map(len, seen)):,}", "changed builds", Counter(changes))  # fmt: skip
            assert max(changes) <= 1
            assert {each[0] for each in seen} == {first}
            assert {each[-1] for each in seen} == {not first}


async def _ask_on(
    fork: Fork,
    callers: list[Headers],
    seen: list[list[bool]],
    first: int,
    stopping: asyncio.Event,
) -> None:
    mine = slice(first, first + KEYS // 4)
    last = False
    while not last:
        last = stopping.is_set()  # once more after that, at the last weight
        for into, slot in zip(seen[mine], await fork.ask(callers[mine]), strict=True):
            into.append(slot == Slot.GREEN)


async def test_real_builds_write_down_who_took_what_in(
    house: House, database: str, tmp_path: Path
) -> None:
    partners = [await house.partner(f"Makler {at}") for at in range(PARTNERS)]
    since = datetime.now(UTC) - timedelta(seconds=1)
    async with AsyncExitStack() as stack:
        fork = await stack.enter_async_context(forked(tmp_path))
        addresses = {}
        for slot, name in ((Slot.BLUE, "a"), (Slot.BASELINE, "a"), (Slot.GREEN, "b")):
            api = await stack.enter_async_context(part("api", database, tmp_path, BELEG_BUILD=name))
            place, health = urlsplit(api.url).netloc, urlsplit(api.internal).netloc
            addresses[slot] = Addresses((place,), (place,), (health,))
        fork.edge.addresses = addresses
        await fork.send(ALL_TO_A)
        before: set[str] = set()
        for weight in (10, 50):
            await fork.send(by_weight(weight))
            wrote = await _hand_in(fork, database, partners)
            assert all(len(each) == 1 for each in wrote.values()), wrote
            on_b = {client for client, names in wrote.items() if names == {"b"}}
            assert before <= on_b
            before = on_b
        assert 15 <= len(before) <= 45
        await _rotate(
            fork, database, house, next(p for p in partners if str(p.client_id) not in before)
        )
    a, b = builds.named("a"), builds.named("b")
    found = {each.name: each for each in (await outcomes(house.db, since, a, b)).measures}
    decided = found["applications decided"]
    assert decided.a.rows + decided.b.rows == 2 * PARTNERS * CASES + 3
    tables.add_row(TITLE, f"{PARTNERS} partners at real APIs", "applications",
        decided.a.rows + decided.b.rows, "by B", decided.b.rows)  # fmt: skip


async def _hand_in(fork: Fork, database: str, partners: list[Partner]) -> dict[str, set[str]]:
    """Each partner hands in some cases through the edge; which builds wrote them, by partner."""
    moment = datetime.now(UTC)
    url = f"http://127.0.0.1:{fork.settings.api_port}"
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http:
        gate = asyncio.Semaphore(AT_ONCE)

        async def hand_in(partner: Partner) -> None:
            async with gate:
                answer = await http.post(
                    "/v2/applications", json=application(), headers=bearer(partner.key)
                )
            assert answer.status_code == 201, answer.text

        await asyncio.gather(*(hand_in(each) for each in partners for _ in range(CASES)))
    connection = await asyncpg.connect(database)
    rows = await connection.fetch(
        "SELECT client_id, written_by FROM application WHERE created_at >= $1", moment
    )
    await connection.close()
    wrote: dict[str, set[str]] = {}
    for row in rows:
        build = row["written_by"].split("/")[1].rpartition("+")[2]
        wrote.setdefault(str(row["client_id"]), set()).add(build)
    assert len(rows) == len(partners) * CASES
    return wrote


async def _rotate(fork: Fork, database: str, house: House, partner: Partner) -> None:
    """A partner that a rule sends to B gets a new key: told, and back at B once refreshed."""
    rule = await conditions.resolve(house.db, [f"client:{partner.client_id}"])
    (old,) = await clients.keys_of(house.db, partner.client_id)
    key = await house.db.write(lambda tx: clients.rotate(tx, SYSTEM, old.id, timedelta(days=1)))
    assert "that no rule names" in (await conditions.warnings(house.db, rule))[0]
    await fork.send(by_weight(0, *await conditions.refreshed(house.db, rule)))
    renewed = Partner(partner.client_id, key, partner.http)
    assert await _hand_in(fork, database, [renewed]) == {str(partner.client_id): {"b"}}


def test_intervals_hold_as_often_as_they_say_over_thousands_of_releases() -> None:
    chance, held = random.Random(78), Counter[str]()
    for _ in range(RELEASES):
        for name, outcome in released(chance, 0.1, 0.1).items():
            held[name] += outcome.says == "no difference seen"
    for name, count in held.items():
        tables.add_row("A against A: intervals that hold nought", name, f"{count / RELEASES:.1%}")
        assert 0.93 <= count / RELEASES <= 0.975, (name, count)
