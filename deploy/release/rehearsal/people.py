"""People at the web app, over HTTP: they sign in once, look at the inbox, open and decide cases."""

import asyncio
import random
import re
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

import httpx

from deploy.release.rehearsal.checks import Unkept, expect
from deploy.release.rehearsal.results import Case, Results

HEADERS = {"x-beleg": "1"}
SCRIPT = re.compile(r'(?:src|href)="(/assets/[^"]+)"')
DECISIONS = 0.15
"""The share of visits in which a case is decided."""


class People:
    """Each has a browser's cookies of their own, and is somewhere in the web app at times."""

    def __init__(
        self,
        emails: Sequence[str],
        password: str,
        address: str,
        results: Results,
        every_seconds: float,
        *,
        strangers: float,
    ) -> None:
        """`strangers` is the share of visits by somebody new, who opens the web app's page."""
        self.results = results
        self._emails = list(emails)
        self._password = password
        self._address = address
        self._every = every_seconds
        self._strangers = strangers
        self._random = random.Random(16)  # noqa: S311 - no secret
        self._http: list[httpx.AsyncClient] = []
        self._stack = AsyncExitStack()
        self._visits: set[asyncio.Task[None]] = set()

    async def sign_in(self) -> None:
        """Let everybody in."""
        for email in self._emails:
            http = await self._stack.enter_async_context(self._browser())
            credentials = {"email": email, "password": self._password}
            expect(await http.post("/bff/session", json=credentials), 200)
            self._http.append(http)

    async def run(self) -> None:
        """Let somebody visit at a steady rate, for ever."""
        due = time.perf_counter()
        while True:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            due += self._every
            visit = asyncio.create_task(self._guarded())
            self._visits.add(visit)
            visit.add_done_callback(self._visits.discard)

    async def settled(self) -> None:
        """Wait until nobody waits for an answer."""
        while self._visits:
            await asyncio.wait(set(self._visits))

    async def close(self) -> None:
        """Let all close their browsers."""
        await self._stack.aclose()

    def _browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self._address,
            headers=HEADERS,
            timeout=30,
            trust_env=False,
            event_hooks={"request": [_begin], "response": [self._note]},
        )

    async def _note(self, answer: httpx.Response) -> None:
        await answer.aread()
        began: float = answer.request.extensions["began"]
        if answer.request.url.path != "/bff/session" or answer.request.method != "POST":
            self.results.now.pages.append(time.perf_counter() - began)

    async def _guarded(self) -> None:
        phase = self.results.now
        try:
            if self._random.random() < self._strangers:
                await self._stranger()
            else:
                await self._visit(self._random.choice(self._http))
        except (Unkept, httpx.HTTPError, KeyError, ValueError) as problem:
            phase.failures.append(f"web app: {type(problem).__name__} {problem}"[:600])

    async def _stranger(self) -> None:
        """Somebody new: the page and all that it loads, from one build."""
        async with self._browser() as http:
            page = expect(await http.get("/"), 200).text
            for path in SCRIPT.findall(page):
                expect(await http.get(path), 200)

    async def _visit(self, http: httpx.AsyncClient) -> None:
        """Somebody who is signed in: the inbox, and the newest case in it."""
        expect(await http.get("/bff/session"), 200)
        rows = expect(await http.get("/bff/inbox"), 200).json()["rows"]
        if case := self._undecided():
            await self._decide(http, case)
        elif rows:
            expect(await http.get(f"/bff/cases/{rows[0]['id']}"), 200)

    def _undecided(self) -> Case | None:
        """A case whose documents may have been read by now; the older the likelier."""
        if self._random.random() > DECISIONS:
            return None
        found = self.results.cases.values()
        return next((e for e in found if e.documents and not (e.busy or e.ended)), None)

    async def _decide(self, http: httpx.AsyncClient, case: Case) -> None:
        place = f"/bff/cases/{case.id}"
        case.busy = True
        shown = expect(await http.get(place), 200).json()
        if shown["may_decide"]:
            headers = {"Case-Revision": shown["revision"]}
            decision = {"outcome": "declined", "reasons": ["other"], "note": "Zu jung."}
            expect(await http.post(f"{place}/decision", json=decision, headers=headers), 204)
            self.results.acknowledged += 1
            case.ended = "declined"
        case.busy = False


async def _begin(request: httpx.Request) -> None:
    request.extensions["began"] = time.perf_counter()
