"""Twenty thousand requests that nobody honest sends, at both faces: none breaks either."""

import asyncio
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from bff.app import routes
from bff.static import DIST
from tests import tables
from tests.builders import PASSWORD, House, company, part

REQUESTS = int(os.environ.get("BELEG_TEST_HOSTILE", "20000"))
AT_ONCE = 12
SEED = 17
TITLE = "Hostile requests"
WORDS = (
    *("\0", "a\0b", "\ud7ff\ue000", "\u202eabc", "Ä" * 3000, "9" * 400, "-1", "0", "1e309", "NaN"),
    *("null", "[]", "{}", "true", "' OR 1=1 --", "%s%n", "${7*7}", "../../etc/passwd", "\r\nX: y"),
    *(
        "2026-13-45",
        "9999-12-31",
        "0001-01-01",
        "99999999999999999999",
        "\ufeff",
        " ",
        "",
        "\U0001f4a3",
    ),
    *("00000000-0000-0000-0000-000000000000", "*", "<script>", "a" * 9000, "\x7f", "é" * 255),
)
RAW_SEGMENTS = ("%00", "%ff", "%ED%A0%80", "%2e%2e%2f", "%", "%zz", "a%0d%0ab", "%C0%AF")
HEADERS = (
    *("Accept", "Accept-Language", "Authorization", "Content-Type", "Cookie", "Idempotency-Key"),
    *("If-Match", "If-None-Match", "Range", "X-Forwarded-For", "Traceparent", "Request-Id"),
    *(
        "Beleg-Build",
        "X-Beleg",
        "Beleg-App",
        "Content-Encoding",
        "Origin",
        "Expect",
        "X-Request-Id",
    ),
)
TYPES = ("application/json", "application/merge-patch+json", "text/plain", "multipart/form-data")
BODIES: Sequence[bytes] = (
    *(b"", b"{", b"[" * 5000, b'{"a":' * 3000, b"\xff\xfe\x00", b"\xef\xbb\xbf{}", b"null", b"[]"),
    *(b'"x"', b'{"amount": NaN}', b'{"a": 1e400}', b'{"a": "\\ud800"}', b'{"a": "\\u0000"}'),
    *(b"--b\r\n", b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n', b"a=b&" * 2000),
    *(b'{"' + b"k" * 70_000 + b'": 1}', b"9" * 5000, b"{}" * 100, bytes(range(256)) * 8),
)


@dataclass
class Aim:
    """An operation of a face, by its template."""

    face: str
    method: str
    path: str


@dataclass
class Found:
    """What came of it."""

    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def aims() -> list[Aim]:
    """Every operation of both versions, and every route of the web app's backend."""
    found = []
    for version in ("v1", "v2"):
        file = Path(__file__).parents[2] / "public_api" / version / "openapi.json"
        for path, operations in json.loads(file.read_text())["paths"].items():
            full = path if path.startswith(f"/{version}") else f"/{version}{path}"
            found += [
                Aim("api", method.upper(), full)
                for method in operations
                if method in ("get", "post", "put", "patch", "delete")
            ]
    found += [Aim("api", "POST", "/oauth/token"), Aim("api", "GET", "/docs")]
    for route in routes(DIST):
        for method in getattr(route, "methods", None) or ():
            found.append(Aim("web", method, getattr(route, "path", "/")))
    return found


class Attacker:
    """Makes up requests; the same for the same seed."""

    def __init__(self, known: Sequence[str], keys: Sequence[str]) -> None:
        self._dice = random.Random(SEED)
        self._known, self._keys = known, keys
        self._aims = aims()

    def __call__(self) -> tuple[Aim, str, dict[str, str], bytes]:
        """An operation, an address, headers and a body."""
        dice, aim = self._dice, self._dice.choice(self._aims)
        path = re.sub(r"\{[^}]+\}", lambda _: self._segment(), aim.path)
        if dice.random() < 0.5:
            names = ("page", "limit", "after", "q", "status", "per_page", "start", "end", "days")
            path += "?" + "&".join(self._query(names) for _ in range(dice.randint(1, 3)))
        headers = {"X-Beleg": "1", "Content-Type": dice.choice(TYPES)}
        if dice.random() < 0.8:
            headers["Authorization"] = f"Bearer {dice.choice(self._keys)}"
        for _ in range(dice.choice((0, 0, 1, 2))):
            headers[dice.choice(HEADERS)] = self._header(dice.choice(WORDS))
        return aim, path, headers, self._body()

    def _segment(self) -> str:
        chance = self._dice.random()
        if chance < 0.5:
            return self._dice.choice(self._known)
        if chance < 0.7:
            return self._dice.choice(RAW_SEGMENTS)
        return quote(self._dice.choice(WORDS), safe="", errors="surrogatepass")[:9000] or "x"

    def _query(self, names: Sequence[str]) -> str:
        value = quote(self._dice.choice(WORDS), safe="", errors="surrogatepass")
        return f"{self._dice.choice(names)}={self._dice.choice((value, *RAW_SEGMENTS))}"

    def _header(self, word: str) -> str:
        return "".join(each for each in word if " " <= each <= "~")[:6000]

    def _body(self) -> bytes:
        if self._dice.random() < 0.5:
            return self._dice.choice(BODIES)
        return json.dumps(self._made_up(3)).encode()

    def _made_up(self, depth: int) -> Any:
        dice = self._dice
        names = (
            *(
                "product",
                "applicant",
                "amount",
                "value",
                "currency",
                "term_months",
                "url",
                "events",
            ),
            *("legal_name", "email", "password", "outcome", "reasons", "declared"),
        )
        if depth and dice.random() < 0.7:
            return {dice.choice(names): self._made_up(depth - 1) for _ in range(dice.randint(0, 5))}
        return dice.choice((dice.choice(WORDS), 1e308, -1, 2**70, None, True, [], [None] * 50, 0.1))


async def test_twenty_thousand_hostile_requests_break_neither_face(
    house: House, database: str, tmp_path: Path
) -> None:
    partner, other = await house.partner(per_minute=10**6, per_day=10**8), await house.partner()
    case_id = await house.case(partner, company(months=3))
    uta = await house.person()
    attacker = Attacker([case_id, case_id, "x"], [partner.key, other.key, "beleg_live_none", ""])
    async with (
        part("api", database, house.folder) as api,
        part("bff", database, house.folder, BELEG_COOKIE_SECURE="false") as web,
        httpx.AsyncClient(timeout=30, trust_env=False) as http,
    ):
        signed_in = await http.post(
            f"{web.url}/bff/session",
            json={"email": uta.email, "password": PASSWORD},
            headers={"X-Beleg": "1"},
        )
        cookie = "; ".join(f"{each.name}={each.value}" for each in signed_in.cookies.jar)
        http.cookies.clear()
        faces, found = {"api": api, "web": web}, {"api": Found(), "web": Found()}
        turns: Iterator[int] = iter(range(REQUESTS))

        async def worker() -> None:
            for _ in turns:
                aim, path, headers, body = attacker()
                if aim.face == "web":
                    headers.setdefault("Cookie", cookie)
                await _send(http, faces[aim.face].url, aim, path, headers, body, found[aim.face])

        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
        logs = {name: each.log.read_text() for name, each in faces.items()}
        assert api.process.returncode is web.process.returncode is None
    tables.add_row(TITLE, "face", "requests", "statuses", "5xx or traces")
    for name, each in found.items():
        told = ", ".join(f"{status}: {n}" for status, n in sorted(each.statuses.items()))
        tables.add_row(TITLE, name, each.statuses.total(), told, len(each.wrong))
    wrong = [problem for each in found.values() for problem in each.wrong]
    assert wrong == [], wrong[:10]
    assert [name for name, text in logs.items() if "Traceback (most recent" in text] == []


async def _send(
    http: httpx.AsyncClient,
    url: str,
    aim: Aim,
    path: str,
    headers: dict[str, str],
    body: bytes,
    found: Found,
) -> None:
    asked = f"{aim.method} {path[:120]}"
    try:
        answer = await http.request(aim.method, url + path, headers=headers, content=body)
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        found.statuses["closed"] += 1  # refused before it was read to its end
        return
    except (httpx.InvalidURL, httpx.LocalProtocolError, ValueError):
        found.statuses["not sendable"] += 1
        return
    found.statuses[str(answer.status_code)] += 1
    if answer.status_code >= 500 or b"Traceback" in answer.content:
        found.wrong.append(f"{asked}: {answer.status_code} {answer.text[:200]} <- {body[:80]!r}")
