"""Every query of both dashboards and every rule, asked of a Prometheus that sees real parts work.

Two builds stand behind a real Envoy, partners and people come, some of what they do fails. Where
`BELEG_TEST_DRAWINGS` names a folder, both dashboards are drawn into it from what was seen.
"""

import asyncio
import json
import os
import re
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from tests.builders import PASSWORD, House, application, company, part, statements
from tests.core.test_backlog import RELEASE, TABLE
from tests.deploy.ops.test_steering import beleg
from tests.prove import drawing
from tests.prove.seeing import Prometheus, edge, looking
from tests.receiver import receiving

DASHBOARDS = Path(__file__).parents[2] / "deploy" / "dashboards"
SECONDS = float(os.environ.get("BELEG_TEST_SECONDS", "60"))
VARIABLES = {"$__rate_interval": "20s", "$lender": ".*"}
BROKEN = (
    "ALTER TABLE application ADD CONSTRAINT broken CHECK (term_months > 600) NOT VALID",
    "ALTER TABLE application DROP CONSTRAINT broken",
)


async def test_each_panel_shows_something_and_each_rule_is_evaluated(
    house: House, database: str, tmp_path: Path
) -> None:
    common = {"BELEG_INSTANCE": "nordbank", "BELEG_WEBHOOK_ALLOW_PRIVATE": "true"}
    await house.db.one(TABLE)
    await house.db.write(lambda tx: tx.run(RELEASE))
    async with AsyncExitStack() as stack:

        async def begin(name: str, build: str) -> Any:
            environ = {**common, "BELEG_BUILD": build, "BELEG_DATABASE_CONNECTIONS": "2"}
            started = part(name, database, house.folder, 200, **environ)
            return await stack.enter_async_context(started)

        apis = [await begin("api", build) for build in ("a", "b")]
        webs = [await begin("bff", build) for build in ("a", "b")]
        parts = [*apis, *webs, await begin("worker", "a")]
        api, web, admin = await stack.enter_async_context(
            edge(
                tmp_path,
                {"api-blue": (apis[0].url, 75), "api-green": (apis[1].url, 25)},
                {"web-blue": (webs[0].url, 75), "web-green": (webs[1].url, 25)},
            )
        )
        targets = [each.internal.removeprefix("http://") for each in parts]
        prometheus = await stack.enter_async_context(looking(tmp_path, targets, admin))
        await _traffic(house, database, api, web)
        await beleg(house, "backfill", "verify")
        await asyncio.sleep(12)  # for the next heartbeats, and the worker's look at backfills
        empty = [name async for name in _empty(prometheus)]
        await _draw(prometheus)
        rules = await _rules(prometheus)
    assert not empty, empty
    assert not rules, rules


async def _traffic(house: House, database: str, api: str, web: str) -> None:
    """Partners and people, for a while; in the middle of it an error of ours."""
    partner, person = await house.partner(per_minute=3000), await house.person()
    files = statements(company(6, months=12))
    headers = {"Authorization": f"Bearer {partner.key}"}
    until = time.monotonic() + SECONDS
    async with (
        receiving() as receiver,
        httpx.AsyncClient(base_url=api, headers=headers, timeout=30) as partners,
        httpx.AsyncClient(base_url=web, headers={"X-Beleg": "1"}, timeout=30) as people,
    ):
        assert (await partners.post("/v2/webhooks", json={"url": receiver.url})).status_code == 201

        async def hand_in() -> None:
            for number in range(10_000):
                if time.monotonic() > until:
                    return
                answer = await partners.post("/v2/applications", json=application())
                if answer.status_code == 201 and number % 20 == 0:
                    uploads = f"/v2/applications/{answer.json()['id']}/documents"
                    for file in (files[0], b"nothing that anybody could read"):
                        await partners.post(uploads, files={"file": ("s.xml", file)})
                await asyncio.sleep(0.2)

        async def look() -> None:
            while time.monotonic() < until:
                for path in ("/v2/applications", "/v1/applications", "/v2/no", "/v2/usage"):
                    await partners.get(path)
                await asyncio.sleep(0.05)

        async def work() -> None:
            while time.monotonic() < until:
                for password in ("wrong", PASSWORD):
                    said = {"email": person.email, "password": password}
                    answer = await people.post("/bff/session", json=said)
                token = answer.headers.get("set-cookie", "").split(";")[0]
                for path in ("/bff/session", "/bff/inbox", "/"):
                    await people.get(path, headers={"Cookie": token})
                await asyncio.sleep(0.5)

        async def fail() -> None:
            await asyncio.sleep(SECONDS / 2)
            connection = await asyncpg.connect(database)
            await connection.execute(BROKEN[0])
            await asyncio.sleep(SECONDS / 8)
            await connection.execute(BROKEN[1])
            await connection.close()

        await asyncio.gather(hand_in(), look(), look(), look(), work(), fail())


def _expression(query: str, builds: list[str]) -> str:
    """What Grafana would ask."""
    for name, value in {**VARIABLES, "$a": builds[0], "$b": builds[1]}.items():
        query = query.replace(name, value.replace("+", "\\\\+") if name in ("$a", "$b") else value)
    assert "$" not in query, query
    return query


async def _builds(prometheus: Prometheus) -> list[str]:
    return sorted(await prometheus.ask("label/build/values"))


async def _empty(prometheus: Prometheus) -> Any:
    """The panels of which a query finds nothing over all that time."""
    builds = await _builds(prometheus)
    assert [each.rpartition("+")[2] for each in builds] == ["a", "b"]
    for file in sorted(DASHBOARDS.glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel.get("targets", ()):
                found = await _seen(prometheus, _expression(target["expr"], builds))
                if not any(points for _, points in found):
                    yield panel["title"]


async def _seen(prometheus: Prometheus, expression: str) -> list[tuple[dict[str, str], Any]]:
    now = time.time()
    found = await prometheus.ask(
        "query_range", query=expression, start=now - SECONDS - 40, end=now, step=2
    )
    return [
        (each["metric"], [(float(at), float(value)) for at, value in each["values"]])
        for each in found["result"]
    ]


async def _rules(prometheus: Prometheus) -> list[str]:
    """What is wrong with the rules: one that cannot be evaluated, or records nothing."""
    wrong = []
    for group in (await prometheus.ask("rules"))["groups"]:
        for rule in group["rules"]:
            if rule["health"] != "ok":
                wrong.append(f"{rule['name']}: {rule.get('lastError', rule['health'])}")
            if rule["type"] == "recording":
                found = await prometheus.ask("query", query=rule["name"])
                if not found["result"]:
                    wrong.append(f"{rule['name']} is empty")
    return wrong


async def _draw(prometheus: Prometheus) -> None:
    folder = os.environ.get("BELEG_TEST_DRAWINGS")
    if not folder:
        return
    from tests.bff.browsing import chromium

    builds = await _builds(prometheus)

    async def seen(panel: Any) -> drawing.Seen:
        lines = []
        for target in panel["targets"]:
            for labels, points in await _seen(prometheus, _expression(target["expr"], builds)):
                name = target["legendFormat"]
                for label in re.findall(r"\{\{(\w+)\}\}", name):
                    name = name.replace(f"{{{{{label}}}}}", labels.get(label, ""))
                lines.append((name, points))
        return lines

    async with chromium() as browser:
        for file in sorted(DASHBOARDS.glob("*.json")):
            text = await drawing.page(json.loads(file.read_text()), seen)
            window = await browser.new_page(viewport={"width": 1430, "height": 900})
            await window.set_content(text)
            await window.screenshot(path=f"{folder}/{file.stem}.png", full_page=True)
