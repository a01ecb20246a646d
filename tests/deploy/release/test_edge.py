"""The edge: a real Envoy sends everybody where it is told, and nobody notices that it is there."""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from core.errors import Conflict, Unavailable
from deploy.release.edge import Certificate
from deploy.release.edge.replies import AWAY, UNREADABLE
from deploy.release.model import Addresses, Condition, ConditionKind, Counters, Routing, Slot
from public_api.refusals import Malformed
from public_api.v1.version import V1
from public_api.v2.version import V2
from tests.certificates import self_signed
from tests.edges import Echo, Edge, echoing, envoy, serving
from tests.ports import free_ports
from tests.published import check

ALL_TO_A = Routing(Slot.BLUE)
TWO = {Slot.BLUE: 1, Slot.GREEN: 1}
AILING = re.compile("^api-green::.*/failed_active_hc", re.MULTILINE)
THREE = {Slot.BLUE: 1, Slot.GREEN: 1, Slot.BASELINE: 1}


@pytest.fixture(scope="module")
async def standing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Edge]:
    async with echoing(tmp_path_factory.mktemp("edge"), THREE, ALL_TO_A) as running:
        yield running


@pytest.fixture
async def edge(standing: Edge) -> AsyncIterator[Edge]:
    addresses = dict(standing.addresses)
    yield standing
    standing.addresses = addresses
    standing.file_edge._seconds = 60.0
    await standing.send(ALL_TO_A)


async def slots_of(edge: Edge, keys: list[str]) -> list[str]:
    """Where each of these keys is sent."""
    found = []
    async with httpx.AsyncClient(base_url=edge.api) as http:
        for key in keys:
            answer = await http.get("/v2/x", headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == 200, answer.text
            found.append(answer.json()["slot"].split("-")[1])
    return found


async def test_a_key_stays_with_its_build_while_the_weight_only_rises(edge: Edge) -> None:
    keys = [f"beleg_live_{n:04d}xxxxxxxxxx" for n in range(40)]
    before = ["blue"] * len(keys)
    for weight in (25, 50, 100):
        await edge.send(Routing(Slot.BLUE, Slot.GREEN, weight, Slot.BASELINE))
        now = await slots_of(edge, keys)
        assert all(new == "green" for old, new in zip(before, now, strict=True) if old == "green")
        before = now
    assert set(before) == {"green"}


async def test_the_similar_group_is_as_large_as_bs_and_nobody_is_in_both(edge: Edge) -> None:
    keys = [f"beleg_live_{n:04d}xxxxxxxxxx" for n in range(60)]
    await edge.send(Routing(Slot.BLUE, Slot.GREEN, 40, Slot.BASELINE))
    before = await edge.file_edge.counters()
    found = await slots_of(edge, keys)
    assert {"green", "baseline", "blue"} == set(found)
    assert found.count("green") + found.count("baseline") > found.count("blue")
    assert found == await slots_of(edge, keys)
    counters = await edge.file_edge.counters()
    for slot in ("green", "baseline"):
        name, asked = f"api-{slot}", 2 * found.count(slot)
        assert counters[name].requests - before.get(name, Counters()).requests == asked


async def test_a_token_of_a_key_is_served_by_the_keys_build(edge: Edge) -> None:
    await edge.send(Routing(Slot.BLUE, Slot.GREEN, 50))
    marks = [f"Ab{n:02d}" for n in range(20)]
    by_key = await slots_of(edge, [f"beleg_live_{mark}restofthekey" for mark in marks])
    by_token = await slots_of(edge, [f"beleg_at_{mark}restofthetoken" for mark in marks])
    assert by_key == by_token
    assert set(by_key) == {"blue", "green"}


@pytest.mark.parametrize(
    ("condition", "headers", "path"),
    [
        ("client:beleg_live_AbC1", {"authorization": "Bearer beleg_live_AbC1rest"}, "/v2/x"),
        ("client:beleg_live_AbC1", {"authorization": "bearer  beleg_at_AbC1rest"}, "/v2/x"),
        ("version:v1", {}, "/v1/applications"),
        ("app:ios/3.2.1", {"app-version": "iOS/3.2.1"}, "/v2/x"),
        ("app:ios/3.2.1", {"user-agent": "Beleg ios/3.2.1 CFNetwork/1"}, "/v2/x"),
        ("app:ios", {"user-agent": "Beleg ios 4.0"}, "/v2/x"),
        ("header:x-try=b", {"x-try": "b"}, "/v2/x"),
    ],
)
async def test_a_condition_sends_whoever_meets_it_to_b_and_nobody_else(
    edge: Edge, condition: str, headers: dict[str, str], path: str
) -> None:
    kind, _, value = condition.partition(":")
    rule = Condition(ConditionKind(kind), value)
    others = {"authorization": "Bearer beleg_live_AbC2rest", "app-version": "ios/3.2.10"}
    if condition == "app:ios":
        others["app-version"] = "android/3"
    await edge.send(Routing(Slot.BLUE, Slot.GREEN, 0, conditions=(rule,)))
    async with httpx.AsyncClient(base_url=edge.api) as http:
        assert "green" in (await http.get(path, headers=headers)).json()["slot"]
        assert "blue" in (await http.get("/v2/v1/x", headers=others)).json()["slot"]
    kept = Condition(rule.kind, rule.value, to_b=False)
    await edge.send(Routing(Slot.BLUE, Slot.GREEN, 100, conditions=(rule, kept)))
    async with httpx.AsyncClient(base_url=edge.api) as http:
        assert "blue" in (await http.get(path, headers=headers)).json()["slot"]
        assert "green" in (await http.get("/v2/v1/x", headers=others)).json()["slot"]


async def test_a_file_that_envoy_rejects_changes_nothing_and_is_put_back(edge: Edge) -> None:
    files = {each.name: each.read_text() for each in edge.settings.folder.iterdir()}
    endless = Condition(ConditionKind.CLIENT, "x" * 20_000)
    with pytest.raises(Unavailable, match=r"rejects rds-api\.yaml and goes on as before"):
        await edge.send(Routing(Slot.BLUE, Slot.GREEN, 100, conditions=(endless,)))
    assert await slots_of(edge, ["beleg_live_0001x"]) == ["blue"]
    assert (edge.settings.folder / "rds-api.yaml").read_text() == files["rds-api.yaml"]
    await edge.send(Routing(Slot.BLUE, Slot.GREEN, 100))
    assert await slots_of(edge, ["beleg_live_0001x"]) == ["green"]


async def test_nobody_is_sent_where_nobody_is_ready(edge: Edge) -> None:
    edge.echoes["api-green-0"].ready = False
    edge.file_edge._seconds = 2.0
    async with httpx.AsyncClient(base_url=edge.admin) as http, asyncio.timeout(60):
        while not AILING.search((await http.get("/clusters")).text):
            await asyncio.sleep(0.05)
    with pytest.raises(Unavailable, match="Nobody in api-green says at /readyz that it is ready"):
        await edge.send(Routing(Slot.GREEN))
    assert await slots_of(edge, ["beleg_live_0001x"]) == ["blue"]
    edge.echoes["api-green-0"].ready = True
    edge.file_edge._seconds = 60.0
    await edge.send(Routing(Slot.GREEN))
    assert await slots_of(edge, ["beleg_live_0001x"]) == ["green"]
    with pytest.raises(Conflict, match="Nothing stands in shadow-a"):
        await edge.send(Routing(Slot.SHADOW_A))


async def test_a_slot_that_was_emptied_is_forgotten_once_nobody_is_sent_there(edge: Edge) -> None:
    await edge.send(Routing(Slot.GREEN))
    del edge.addresses[Slot.BLUE]
    del edge.addresses[Slot.BASELINE]
    await edge.send(Routing(Slot.GREEN))
    async with httpx.AsyncClient(base_url=edge.admin) as http:
        clusters = (await http.get("/clusters", params={"format": "json"})).json()
    names = {each["name"] for each in clusters["cluster_statuses"]}
    assert names == {"api-green", "web-green", "assets-green"}


async def test_what_callers_may_not_say_is_taken_away_and_all_else_is_passed_on(
    edge: Edge,
) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    said = {
        "x-beleg-shadow": "1",
        "x-envoy-max-retries": "9",
        "x-envoy-upstream-alt-stat-name": "x",
        "x-forwarded-for": "203.0.113.9",
        "traceparent": trace,
        "tracestate": "a=b",
        "request-id": "ours-and-kept",
        "x-request-id": "not-ours",
        "if-match": '"1"',
        "x_under_score": "kept",
    }
    async with httpx.AsyncClient(base_url=edge.api) as http:
        shown = (await http.get("/v2/x?a=1&a=%2F//b", headers=said)).json()
        unnamed = dict((await http.get("/v2/x")).json()["headers"])
    headers = dict(shown["headers"])
    assert not {name for name in headers if name.startswith(("x-beleg", "x-envoy"))}
    believed = headers["x-forwarded-for"].removeprefix("203.0.113.9,")
    assert ip_address(believed) != ip_address("203.0.113.9")
    kept = ("traceparent", "tracestate", "request-id", "if-match", "x_under_score")
    assert {name: headers[name] for name in kept} == {name: said[name] for name in kept}
    assert len(unnamed["x-request-id"]) == 36
    assert headers["x-request-id"] != "not-ours"
    assert "request-id" not in unnamed
    assert "traceparent" not in unnamed


@pytest.mark.parametrize(
    ("path", "status", "media_type"),
    [
        ("/v1/applications", 503, "application/json"),
        ("/v2/applications", 503, "application/problem+json"),
        ("/elsewhere", 503, "application/problem+json"),
    ],
)
async def test_where_nobody_answers_the_edge_does_in_the_words_of_the_version(
    tmp_path: Path, path: str, status: int, media_type: str
) -> None:
    nobody = Addresses((f"127.0.0.1:{free_ports(1)[0]}",), (f"127.0.0.1:{free_ports(1)[0]}",))
    async with (
        envoy(tmp_path, ALL_TO_A, {Slot.BLUE: nobody}) as running,
        httpx.AsyncClient(base_url=running.api) as http,
    ):
        answer = await http.get(path, headers={"request-id": "mine-to-find"})
        assert (answer.status_code, answer.headers["content-type"]) == (status, media_type)
        assert answer.headers["request-id"] == "mine-to-find"
        assert answer.headers["retry-after"] == "5"
        version = V1 if path.startswith("/v1") else V2
        assert answer.content == version.problem(Unavailable(AWAY)).body
        assert all(answer.headers[name] == value for name, value in version.headers())
        await check(answer)
        heads = await http.get(path, headers={"x-long": "x" * 70_000})
        assert heads.status_code == 400
        assert heads.json() in [json.loads(v.problem(Malformed(UNREADABLE)).body) for v in (V1, V2)]
        web = await http.get(running.web, headers={"accept": "text/html"})
        assert (web.status_code, web.headers["content-type"]) == (503, "text/html; charset=utf-8")
        called = await http.get(f"{running.web}/bff/inbox")
        assert called.json()["error"]["code"] == "unavailable"
        assert "mine-to-find" in running.log


async def test_an_answer_is_made_small_where_that_is_safe(edge: Edge) -> None:
    for echo in edge.echoes.values():
        text = {"content-type": "application/json"}
        markup = {"content-type": "text/html; charset=utf-8"}
        echo.answers = {
            "/small": (200, text, b"{}"),
            "/json": (200, text, b'{"a": "' + b"a" * 9000 + b'"}'),
            "/tagged": (200, {**text, "etag": '"1"'}, b'{"a": "' + b"a" * 9000 + b'"}'),
            "/page": (200, {**markup, "etag": '"1"'}, b"<p>" * 5000),
            "/pdf": (200, {"content-type": "application/pdf"}, b"%PDF" * 5000),
        }
    async with httpx.AsyncClient() as http:
        http.headers["accept-encoding"] = "gzip"
        small, plain, tagged, pdf = [
            await http.get(f"{edge.api}/{path}") for path in ("small", "json", "tagged", "pdf")
        ]
        assert not any("content-encoding" in each.headers for each in (small, tagged, pdf))
        assert tagged.headers["etag"] == '"1"'
        assert plain.headers["content-encoding"] == "gzip"
        assert len(plain.json()["a"]) == 9000
        page = await http.get(f"{edge.web}/page")
        assert (page.headers["content-encoding"], page.headers["etag"]) == ("gzip", 'W/"1"')
        for encoding in ("br", "zstd"):
            asked = {"accept-encoding": encoding}
            async with http.stream("GET", f"{edge.web}/page", headers=asked) as answer:
                assert answer.headers["content-encoding"] == encoding
                assert len(b"".join([part async for part in answer.aiter_raw()])) < 1000
        bare = await http.get(f"{edge.web}/page", headers={"accept-encoding": "identity"})
        assert bare.headers["etag"] == '"1"'
        assert len(bare.content) == 15_000


async def test_a_browser_stays_with_one_build_its_page_its_calls_and_its_files(
    edge: Edge,
) -> None:
    await edge.send(Routing(Slot.BLUE, Slot.GREEN, 50))
    for name in ("blue", "green"):
        edge.echoes[f"web-{name}-0"].files = {f"/assets/{name}.js": name.encode() * 10}
    seen = set()
    for turn in range(12):
        async with httpx.AsyncClient(base_url=edge.web) as browser:
            if turn % 2:
                browser.cookies.set("beleg-person", f"019a0000-0000-7000-8000-{turn:012d}")
            page = (await browser.get("/cases/1")).json()["slot"]
            assert ("beleg-edge" in browser.cookies) == (turn % 2 == 0)
            for _ in range(3):
                assert (await browser.get("/bff/inbox")).json()["slot"] == page
            for name in ("blue", "green"):  # an old tab asks for the other build's files
                answer = await browser.get(f"/assets/{name}.js")
                assert (answer.status_code, answer.text) == (200, name * 10)
            assert (await browser.get("/assets/none.js")).status_code == 404
            seen.add(page)
    assert len(seen) == 2
    last = edge.echoes[f"{page}"].asked[-4:]
    assert f"/assets/{page.split('-')[1]}.js" in [each["path"] for each in last]


@pytest.mark.parametrize("state", ["hung", "dead"])
async def test_whatever_becomes_of_the_differ_nobody_waits_for_it(edge: Edge, state: str) -> None:
    differ = Echo("differ")
    routing = Routing(Slot.BLUE, mirrored=1.0, differ=differ.place)
    async with AsyncExitStack() as stack:
        if state == "hung":
            differ.hung = True
            await stack.enter_async_context(serving(differ, differ.port))
        await edge.send(routing)
        async with httpx.AsyncClient(base_url=edge.api) as http, asyncio.timeout(60):
            answers = [
                await http.post("/v2/x", content=b"x" * 100, headers={"x-beleg-shadow": "1"})
                for _ in range(200)
            ]
        assert {each.status_code for each in answers} == {200}
        if state == "hung":
            assert len(differ.asked) > 50
            assert "x-beleg-shadow" not in dict(differ.asked[0]["headers"])
            assert differ.asked[0]["body"] == "x" * 100
            assert dict(differ.asked[0]["headers"])["host"].startswith("127.0.0.1")


async def test_it_speaks_http_2_over_tls_and_takes_a_new_certificate_as_it_runs(
    tmp_path: Path,
) -> None:
    chain, key = tmp_path / "tls" / "chain.pem", tmp_path / "tls" / "key.pem"
    chain.parent.mkdir()
    for path, text in zip((chain, key), self_signed("first.test"), strict=True):
        path.write_bytes(text)
    async with echoing(
        tmp_path, {Slot.BLUE: 1}, ALL_TO_A, certificate=Certificate(chain, key)
    ) as edge:
        assert await shaken(edge, ["h2", "http/1.1"]) == ("first.test", "h2")
        assert await shaken(edge, ["http/1.1"]) == ("first.test", "http/1.1")
        async with httpx.AsyncClient(verify=False, base_url=edge.web) as http:
            headers = dict((await http.get("/")).json()["headers"])
            assert headers["x-forwarded-proto"] == "https"
        for path, text in zip((chain, key), self_signed("second.test"), strict=True):
            path.with_suffix(".new").write_bytes(text)
        key.with_suffix(".new").replace(key)
        chain.with_suffix(".new").replace(chain)
        async with asyncio.timeout(60):
            while (await shaken(edge, ["h2"]))[0] != "second.test":
                await asyncio.sleep(0.05)


async def shaken(edge: Edge, protocols: list[str]) -> tuple[str, str | None]:
    """Whose certificate is shown, and which protocol is agreed on."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(protocols)
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.settings.api_port, ssl=context)
    found = writer.get_extra_info("ssl_object")
    shown = x509.load_der_x509_certificate(found.getpeercert(binary_form=True))
    protocol = found.selected_alpn_protocol()
    writer.close()
    del reader
    name = shown.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return str(name), protocol


async def test_what_was_sent_is_sent_again_only_where_a_version_promises_that_it_may_be(
    tmp_path: Path,
) -> None:
    """A part that reads each request and then breaks off, as one that is killed."""
    tries = 0

    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tries
        await reader.readuntil(b"\r\n\r\n")
        tries += 1
        writer.close()

    (port,) = free_ports(1)
    keyed = {"idempotency-key": "once"}
    blue = Addresses((f"127.0.0.1:{port}",))
    async with (
        await asyncio.start_server(break_off, "127.0.0.1", port),
        envoy(tmp_path, ALL_TO_A, {Slot.BLUE: blue}) as edge,
        httpx.AsyncClient(base_url=edge.api) as http,
    ):
        for method, headers, expected in (
            ("GET", {}, 4),
            ("POST", keyed, 4),
            ("PATCH", keyed, 4),
            ("POST", {}, 1),
            ("DELETE", keyed, 1),
            ("POST", {"idempotency-key": "no key"}, 1),
        ):
            tries = 0
            answer = await http.request(method, "/v2/x", headers=headers, content=b"x")
            assert (answer.status_code, tries) == (503, expected), (method, headers)
