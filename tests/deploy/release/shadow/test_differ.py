"""What a shadow says of a B: nothing if it answers as A does, else just what it says otherwise."""

import asyncio
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import Complaint, Invalid
from deploy.release.shadow.differ import DifferBounds, MirrorDiffer, read_findings
from deploy.release.shadow.report import ShadowReport
from public_api.messages import Request
from public_api.versions import Version
from tests.builders import House, application
from tests.contracts.requests import OLD
from tests.deploy.release.shadow.conftest import QUICK, Stage, listening, staged
from tests.deploy.release.shadow.planted import read_otherwise, said_otherwise

ONE = "/applications/{id}"
STATEMENT = Path(__file__).parents[3] / "contracts" / "statement.xml"


async def test_noise_alone_is_no_difference_while_others_write(
    house: House, read_only: str, tmp_path: Path
) -> None:
    dice = random.Random(16)
    async with staged(house, read_only, tmp_path) as stage:
        ids = [(await stage.mirrored.post("/v2/applications", json=application())).json()["id"]]
        while stage.differ.findings.mirrored < 300:
            await asyncio.gather(*(_ask_anything(stage, dice, ids) for _ in range(4)))
        assert await stage.lines() == []
        found = stage.differ.findings
        assert found.dropped == 0
        assert found.compared > 0.9 * found.mirrored
        assert len(found.routes) > 8


async def _ask_anything(stage: Stage, dice: random.Random, ids: list[str]) -> None:
    http, one = stage.mirrored, dice.choice(ids)
    key = {"Idempotency-Key": f"{dice.random()}"} if dice.random() < 0.5 else {}
    match dice.randrange(10):
        case 0 | 1:
            made = await http.post("/v2/applications", json=application(), headers=key)
            ids.append(made.json()["id"])
        case 2:
            await http.post("/v1/applications", json=OLD, headers=key)
        case 3:
            tag = (await http.get(f"/v2/applications/{one}")).headers["etag"]
            changed = {"term_months": dice.randrange(1, 90)}
            await http.patch(
                f"/v2/applications/{one}",
                content=orjson.dumps(changed),
                headers={**key, "If-Match": tag, "Content-Type": "application/merge-patch+json"},
            )
        case 4:
            await http.post("/v2/applications", json=application(term_months=0))
        case 5:
            await http.get(f"/v1/applications/{one}")
        case 6:
            await http.get("/v2/applications", params={"limit": 5})
        case 7:
            await http.get("/v2/events", params={"limit": 20})
        case 8:
            await http.get(f"/v2/applications/{one}/answers")
        case 9:
            await http.get("/v1/applications", params={"per_page": 3})


def _null_is_empty(body: bytes) -> bytes:
    return body.replace(b'"legal_form":null', b'"legal_form":""')


def _renamed(body: bytes) -> bytes:
    return body.replace(b'"company_name":', b'"company":')


def _rounded(body: bytes) -> bytes:
    return body.replace(b'"250000.40"', b'"250000.00"')


@pytest.mark.parametrize(
    ("b", "told"),
    [
        (
            said_otherwise("v2", f"GET {ONE}", _null_is_empty),
            ['GET /v2/applications/{id} /applicant/legal_form is of another type: null → ""'],
        ),
        (
            said_otherwise("v1", f"GET {ONE}", _renamed),
            [
                'GET /v1/applications/{id} /company is only in B: (nothing) → "xxxxxx xxxxx',
                "GET /v1/applications/{id} /company_name is missing in B: ",
            ],
        ),
        (
            said_otherwise("v2", f"GET {ONE}", _rounded),
            [
                "GET /v2/applications/{id} /amount/value has another value:"
                ' "999999.99" → "999999.99"'
            ],
        ),
    ],
    ids=["null is empty", "a field renamed", "rounded otherwise"],
)
async def test_a_b_that_says_something_otherwise_is_told_by_that_and_nothing_else(
    house: House, read_only: str, tmp_path: Path, b: tuple[Version, ...], told: list[str]
) -> None:
    async with staged(house, read_only, tmp_path, b) as stage:
        amount = {"value": "250000.40", "currency": "EUR"}
        made = await stage.mirrored.post("/v2/applications", json=application(amount=amount))
        for version in ("v1", "v2"):
            answer = await stage.mirrored.get(f"/{version}/applications/{made.json()['id']}")
            assert answer.status_code == 200
            await stage.mirrored.get(f"/{version}/applications")
        lines = await stage.lines()
        assert len(lines) == len(told), lines
        assert all(line.startswith(beginning) for line, beginning in zip(lines, told, strict=True))
        assert all("Muster" not in line and "250000" not in line for line in lines)


async def test_a_b_that_refuses_what_a_takes_is_told_with_its_problem(
    house: House, read_only: str, tmp_path: Path
) -> None:
    def refuse(request: Request) -> None:
        if orjson.loads(request.body).get("term_months", 0) > 48:
            raise Invalid(Complaint("/term_months", "term_months: at most 48"))

    b = read_otherwise("v2", "POST /applications", refuse)
    async with staged(house, read_only, tmp_path, b) as stage:
        for months in (60, 12):
            answer = await stage.mirrored.post(
                "/v2/applications", json=application(term_months=months)
            )
            assert answer.status_code == 201
        assert await stage.lines() == [
            "POST /v2/applications outcome is taken otherwise: accepted → 422 /problems/invalid"
            " (1 of 2)"
        ]


async def test_a_document_is_compared_and_stored_by_the_live_build_alone(
    house: House, read_only: str, tmp_path: Path
) -> None:
    async with staged(house, read_only, tmp_path) as stage:
        made = await stage.mirrored.post("/v2/applications", json=application())
        place = f"/v2/applications/{made.json()['id']}/documents"
        file = {"file": ("mai.xml", STATEMENT.read_bytes(), "application/xml")}
        assert (await stage.mirrored.post(place, files=file)).status_code == 202
        assert await stage.lines() == []
        assert stage.differ.findings.routes["POST /v2/applications/{id}/documents"].compared == 1
        blobs = list((tmp_path / "blobs" / "documents").iterdir())
        assert len(blobs) == 1


class Ignorant:
    """A build from before there were shadows, as far as the differ can see."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.keyed = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.keyed += any(name == b"idempotency-key" for name, _ in scope["headers"])

        async def send_unmarked(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [each for each in message["headers"] if each[0] != b"x-beleg-shadow"]
                message["headers"] = kept
            await send(message)

        await self._app(scope, receive, send_unmarked)


async def test_a_build_older_than_shadows_is_asked_nothing_that_it_would_store_or_lock(
    house: House, read_only: str, tmp_path: Path
) -> None:
    old: list[Ignorant] = []

    def alter(app: ASGIApp) -> ASGIApp:
        old.append(Ignorant(app))
        return old[0]

    async with staged(house, read_only, tmp_path, alter=alter) as stage:
        key = {"Idempotency-Key": "once"}
        made = await stage.mirrored.post("/v2/applications", json=application(), headers=key)
        place = f"/v2/applications/{made.json()['id']}/documents"
        await stage.mirrored.post(
            place, content=b"{}", headers={"Content-Type": "application/json"}
        )
        assert await stage.lines() == []
        assert old[0].keyed == 0
        report = ShadowReport.of(stage.differ.findings, ())
        (why,) = [
            each for each in report.uncovered if each.startswith("POST /v2/applications/{id}")
        ]
        assert "A would store the document" in why


async def test_what_only_b_has_is_new_and_no_failure(
    house: House, read_only: str, tmp_path: Path
) -> None:
    class Without:
        """A, whose document of version 2 has no such operation yet."""

        def __init__(self, app: ASGIApp) -> None:
            self._app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["path"].endswith("/answers"):
                scope = {**scope, "path": "/v2/nothing"}

            async def send_without(message: Any) -> None:
                if scope.get("path") == "/v2/openapi.json":
                    if message["type"] == "http.response.start":
                        kept = [e for e in message["headers"] if e[0] != b"content-length"]
                        message["headers"] = kept
                    else:
                        document = orjson.loads(message["body"])
                        del document["paths"]["/v2/applications/{id}/answers"]
                        message["body"] = orjson.dumps(document)
                await send(message)

            await self._app(scope, receive, send_without)

    async with staged(house, read_only, tmp_path, alter=Without) as stage:
        made = await stage.mirrored.post("/v2/applications", json=application())
        await stage.mirrored.get(f"/v2/applications/{made.json()['id']}/answers")
        assert await stage.lines() == []
        report = ShadowReport.of(stage.differ.findings, ())
        assert report.new_in_b == {"GET /v2/applications/{id}/answers": 1}


async def _hang(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(3600)


@pytest.mark.parametrize("dead", [True, False], ids=["B is dead", "B hangs"])
async def test_a_b_that_does_not_answer_holds_up_nobody_and_is_told(
    house: House, read_only: str, tmp_path: Path, dead: bool
) -> None:
    bounds = DifferBounds(pauses=QUICK, at_once=1, waiting=2, seconds=60)
    async with staged(house, read_only, tmp_path, bounds=bounds) as stage:
        sides: Callable[[str], MirrorDiffer] = lambda b: MirrorDiffer(  # noqa: E731
            tmp_path, [next(stage.differ._a._addresses)], [b], bounds
        )
        async with AsyncExitStack() as standing:
            hung = await standing.enter_async_context(listening(_hang, lifespan=False))
            differ = sides("127.0.0.1:9" if dead else hung)
            transport = httpx.ASGITransport(differ)
            async with (
                differ.running(),
                httpx.AsyncClient(
                    transport=transport,
                    base_url="http://d",
                    headers=stage.partner.http.headers,
                ) as http,
            ):
                for _ in range(12):
                    assert (await http.get("/v2/applications")).status_code == 204
                assert differ.findings.mirrored == 12
                assert dead or differ.findings.dropped >= 9
                await standing.aclose()  # what hangs is cut off
                await differ.idle()
            assert all(
                line.startswith("GET /v2/applications outcome is not answered by B")
                for line in ShadowReport.of(read_findings(tmp_path), ()).lines()
            )
            assert read_findings(tmp_path).routes["GET /v2/applications"].differing >= 2


async def test_what_is_larger_than_is_looked_at_is_counted(
    house: House, read_only: str, tmp_path: Path
) -> None:
    bounds = DifferBounds(pauses=QUICK, body_bytes=1000)
    async with staged(house, read_only, tmp_path, bounds=bounds) as stage:
        await stage.mirrored.post("/v2/applications", content=b" " * 1001)
        await stage.differ.idle()
        assert stage.differ.findings.too_large == 1
        assert stage.differ.findings.routes == {}
