"""Whatever anybody sends to the web app's backend is answered, and never as a fault of ours."""

import asyncio
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import pytest
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message

from bff import contract
from bff.app import routes
from tests.bff.conftest import HEADERS, Screen, built, screen
from tests.builders import House

EXAMPLES = int(os.environ.get("BELEG_TEST_EXAMPLES", "44"))
REQUESTS, EACH = 5 * EXAMPLES, max(1, 176 // EXAMPLES)
"""How many requests with all odd, and one in how many of those with one thing odd."""
TEXTS = (
    *("", " ", "\0", "a\0b", "\r\n", "\x1b", "\x7f", "\u202e", "\ufeff", "\ud800", "💣", "é" * 400),
    *("'; DROP TABLE application; --", "%", "%00", "%s", "${7*7}", "../../etc/passwd", "a" * 5_000),
    *("0", "-1", "1", "2", "007", "1e9", "1.5", "٣", "²", "NaN", "null", "true", "[]", "{}"),
    *(str(2**31), str(2**32), str(2**53), str(2**53 - 1), str(2**63), str(2**64), "9" * 5_000),
    *("2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "2026-W01-1", "20260131"),
    *("00000000-0000-0000-0000-000000000000", "{" + "0" * 32 + "}", "urn:uuid:" + "f" * 32),
    *("30", "work", "sandbox", "en", "de", "approved", "in_review", "v2", "monthly_revenue"),
)
NAMES = (
    *("page", "status", "q", "of", "evidence_of", "start", "end", "days", "partner", "version"),
    *("day", "language", "filename", "", "\0", "page[]"),
)
JSON: tuple[object, ...] = (
    None, True, 0, -1, 2**64, 1e308, "", "\0", "a\0b", "\ud800", "x" * 2_000, [], {}, ["\0"],
    "approved", "declined", "en", "uta@lender.test", "error", "/", "other", ["affordability"],
)  # fmt: skip
BODIES = (
    *(b"", b"\0", b"{", b"nul", b"\xff\xfe", b"[" * 5_000, b'{"a":' * 5_000, b'"\\ud800"'),
    *(b'{"email":"\\u0000@x","password":"\\u0000"}', b"1" * 5_000, b'{"note":"' + b"x" * 9_000),
)


TYPES = ("application/json", "text/xml", "\x7f\xff", "a" * 3_000, "", "é")
CASE = "/bff/cases/{id:uuid}"
QUERIES = {
    "/bff/inbox": {"page": "1", "status": "in_review", "q": "x", "of": "work"},
    f"{CASE}/transactions": {"evidence_of": "monthly_revenue", "page": "1"},
    f"{CASE}/documents/{{document:uuid}}/evidence": {"start": "0", "end": "5"},
    f"{CASE}/documents": {"filename": "a.pdf"},
    f"{CASE}/report": {"language": "en"},
    "/bff/usage": {"days": "30", "partner": "", "version": "v2", "day": "2026-01-01"},
}
"""What each route takes in its query."""
FORMS: dict[str, dict[str, dict[str, Any]]] = {
    "/bff/session": {
        "POST": {"email": "uta@lender.test", "password": "no"},
        "PATCH": {"locale": "en"},
    },
    f"{CASE}/decision": {"POST": {"outcome": "declined", "reasons": ["affordability"], "note": ""}},
    "/browser-errors": {"POST": {"build": "x", "kind": "error", "page": "/"}},
}
"""What each route takes as its body."""


class Asked(NamedTuple):
    """A request."""

    method: str
    path: str
    query: bytes
    body: bytes
    headers: Mapping[str, str] = {"Content-Type": "application/json"}


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes


async def ask(app: ASGIApp, asked: Asked, more: Mapping[str, str]) -> Answer:
    """Send a request as the server hands it on, its path and query being whatever they are."""
    status, content, sent = 0, b"", False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()  # the other end waits for its answer
        sent = True
        return {"type": "http.request", "body": asked.body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, content
        status = message.get("status", status)
        content += message.get("body", b"")

    headers = {**more, **asked.headers}.items()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": unquote(asked.path),
        "raw_path": asked.path.encode(),
        "root_path": "",
        "query_string": asked.query,
        "headers": [(n.lower().encode(), v.encode("latin-1")) for n, v in headers],
        "client": ("127.0.0.1", 1),
        "server": ("web.test", 80),
    }
    with suppress(Exception):  # which the server would log, and which was answered by then
        await app(scope, receive, send)
    return Answer(status, content)


def quoted(text: str) -> str:
    """The text as it stands in an address, even where it is none."""
    return quote(text, safe="", errors="surrogatepass")


def query_of(pairs: Iterable[tuple[str, str]]) -> bytes:
    """A query string."""
    return "&".join(f"{quoted(name)}={quoted(text)}" for name, text in pairs).encode()


def path_of(template: str, known: Mapping[str, str]) -> str:
    """The route's path, its places filled in."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda match: quoted(known[match[1]]), template)


def one_thing_odd(paths: Iterable[Route], known: Mapping[str, str]) -> Iterator[Asked]:
    """Each place of each path, each parameter and each field of a body with each odd thing."""
    for route in paths:
        template, query = route.path, QUERIES.get(route.path, {})
        for place in re.findall(r"\{(\w+)(?::\w+)?\}", template):
            for text in TEXTS:
                path = path_of(template, {**known, place: text})
                yield Asked("GET", path, query_of(query.items()), b"")
        for name in query:
            for text in TEXTS:
                pairs = {**query, name: text}.items()
                method = "POST" if name == "filename" else "GET"
                yield Asked(method, path_of(template, known), query_of(pairs), b"%PDF-1.4 x")
        for method, body in FORMS.get(template, {}).items():
            odd = [json.dumps({**body, n: v}).encode() for n in body for v in JSON]
            for each in (*odd, *BODIES):
                yield Asked(method, path_of(template, known), b"", each)


def all_odd(paths: list[Route], known: Mapping[str, str], many: int) -> Iterator[Asked]:
    """Requests of which nothing may be as it should, the same at each run."""
    dice = random.Random(7)
    for turn in range(many):
        route = paths[turn % len(paths)]
        places = {n: v if dice.random() < 0.5 else dice.choice(TEXTS) for n, v in known.items()}
        pairs = [(dice.choice(NAMES), dice.choice(TEXTS)) for _ in range(dice.randrange(5))]
        methods = [*sorted(route.methods or {"GET"}), "PUT", "POST", "QUERY"]
        headers = {"Content-Type": dice.choice(TYPES), "Range": dice.choice(("", "bytes=9-1"))}
        body = dice.choice(BODIES)
        path = path_of(route.path, places)
        yield Asked(dice.choice(methods), path, query_of(pairs), body, headers)


def served(dist: Path) -> Iterator[Route]:
    """Every route, a folder of files as one."""
    for each in routes(dist):
        if isinstance(each, Route):
            yield each
        elif isinstance(each, Mount):
            yield Route(each.path + "/{file}", lambda _: None)


@pytest.mark.parametrize("signed_in", [True, False], ids=["an underwriter", "a stranger"])
async def test_thousands_of_hostile_requests_find_no_fault_of_ours(
    house: House, tmp_path: Path, signed_in: bool
) -> None:
    web_app = built(tmp_path / "web", contract.fingerprint())
    async with screen(house, web_app) as browser:
        await bear(house, browser, list(served(web_app)), signed_in)


async def bear(house: House, browser: Screen, paths: list[Route], signed_in: bool) -> None:
    """Ask for everything in every way."""
    partner = await house.partner()
    case = await partner.submit()
    document = await partner.upload(case, b"%PDF-1.4 " + b"x" * 500)
    known = {"id": case, "document": document, "number": "1", "file": "index-abc.js"}
    known |= {"path": "nowhere"}
    headers = dict(HEADERS)
    if signed_in:
        await browser.sign_in(await house.person())
        headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in browser.http.cookies.items())
    app = browser.http._transport.app  # type: ignore[attr-defined]
    found, statuses = list[str](), Counter[int]()
    assert {*QUERIES, *FORMS} <= {each.path for each in paths}
    odd = [*one_thing_odd(paths, known)][::EACH]
    requests = [*odd, *all_odd(paths, known, REQUESTS)]
    for each in requests:
        if (each.method, each.path) == ("DELETE", "/bff/session"):
            continue  # which ends the session, as it should
        answer = await ask(app, each, headers)
        statuses[answer.status] += 1
        if not 200 <= answer.status < 500:
            found.append(f"{answer.status} {each.method} {each.path[:90]} {each.query[:60]!r}")
    assert not found, f"{len(found)} of {len(requests)} ({statuses}):\n" + "\n".join(found)
    assert statuses[422] or not signed_in
