"""Partners that read and write at a steady rate over both versions; each answer is looked at."""

import asyncio
import hashlib
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.demo import camt053, make_company
from deploy.release.rehearsal.checks import Unkept, expect, require_kept
from deploy.release.rehearsal.results import Case, Results

LENDERS: tuple[list[str] | None, ...] = (
    *(None, [], ["Hausbank Musterstadt"], ['Bank, "die" {erste}', "zweite"], ["NULL", "Ä\\ß"]),
)
NOBODYS = "00000000-0000-4000-8000-000000000000"
SEED = 15
RECENT = 200
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """How a partner gets in."""

    client_id: str
    secret: str


def made_up_files() -> tuple[bytes, ...]:
    """A month's statement of each account of a few companies."""
    companies = [make_company(seed, months=2) for seed in (1, 3)]
    return tuple(
        camt053(company, account, company.last_month, company.last_month)
        for company in companies
        for account in company.accounts
    )


def application(**changes: Any) -> Body:
    """An application as a partner sends it over v2."""
    return {
        "product": "loan",
        "applicant": {"legal_name": "Muster Werkzeugbau GmbH", "country": "DE"},
        "amount": {"value": "250000.00", "currency": "EUR"},
        "term_months": 60,
        **changes,
    }


class Partners:
    """Requests at a steady rate, each to one of the places that there are when it is sent."""

    def __init__(
        self,
        keys: Sequence[Key],
        places: Callable[[], Sequence[str]],
        results: Results,
        *,
        every_seconds: float,
        files: Sequence[bytes],
        kinds: "Sequence[tuple[Kind, float]] | None" = None,
    ) -> None:
        self.results = results
        self._kinds = KINDS if kinds is None else kinds
        self.keys = list(keys)
        self.random = random.Random(SEED)  # noqa: S311 - no secret
        self._places = places
        self._every = every_seconds
        self._files = files
        self._http: dict[str, httpx.AsyncClient] = {}
        self._under_way: dict[str, int] = defaultdict(int)
        self._sending: set[asyncio.Task[None]] = set()
        self._number = 0

    async def run(self) -> None:
        """Send for ever, whether what was sent before is answered or not."""
        due = time.perf_counter()
        while True:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            due += self._every
            sending = asyncio.create_task(self.one())
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

    async def settled(self) -> None:
        """Wait until all that was sent is answered."""
        while self._sending:
            await asyncio.wait(set(self._sending))

    async def close(self) -> None:
        """Let go of all connections."""
        for http in self._http.values():
            await http.aclose()

    async def drained(self, place: str) -> None:
        """Wait until nothing is under way to a place."""
        while self._under_way[place]:  # noqa: ASYNC110 - a hundredth of a second is soon
            await asyncio.sleep(0.01)

    async def one(self) -> None:
        """Do one thing of those that partners do, in their proportion."""
        kinds, weights = zip(*self._kinds, strict=True)
        do = self.random.choices(kinds, weights)[0]
        phase, place = self.results.now, self.random.choice(self._places())
        self._under_way[place] += 1
        try:
            await do(self, self._to(place))
        except (Unkept, httpx.HTTPError, KeyError, ValueError) as problem:
            phase.failures.append(f"{do.__name__}: {type(problem).__name__} {problem}"[:600])
        finally:
            self._under_way[place] -= 1

    def _to(self, place: str) -> httpx.AsyncClient:
        if place not in self._http:
            self._http[place] = httpx.AsyncClient(
                base_url=place,
                timeout=30,
                trust_env=False,
                limits=httpx.Limits(max_connections=200, max_keepalive_connections=50),
                event_hooks={"request": [_begin], "response": [self._note]},
            )
        return self._http[place]

    async def _note(self, answer: httpx.Response) -> None:
        await answer.aread()
        began: float = answer.request.extensions["began"]
        self.results.now.latencies.append(time.perf_counter() - began)

    def _key(self) -> str:
        return self.random.choice(self.keys).secret

    def _fresh(self) -> dict[str, str]:
        self._number += 1
        return {"idempotency-key": f"rehearsal-{self._number}"}

    def _some(self, *, old: bool = False, read: bool = False) -> Case | None:
        found = [
            each
            for each in list(self.results.cases.values())[-RECENT:]
            if not each.busy and not each.ended and each.old == old and bool(each.documents) == read
        ]
        return self.random.choice(found) if found else None

    def _acknowledged(self, case: Case) -> None:
        self.results.cases[case.id] = case
        self.results.acknowledged += 1

    async def submit(self, http: httpx.AsyncClient) -> None:
        """Hand in an application over version 2; now and then twice under one Idempotency-Key."""
        key, lenders = self._key(), self.random.choice(LENDERS)
        headers = bearer(key) | self._fresh()
        sent = application(declared={"existing_lenders": lenders})
        answer = expect(await http.post("/v2/applications", json=sent, headers=headers), 201)
        found = answer.json()
        if found["declared"]["existing_lenders"] != lenders:
            raise Unkept(f"handed in {lenders}, answered {found['declared']}")
        self._acknowledged(Case(found["id"], key, lenders))
        if self.random.random() < 0.2:
            again = expect(await http.post("/v2/applications", json=sent, headers=headers), 201)
            if again.json() != found:
                raise Unkept(f"the same key gave {found['id']}, then {again.json()['id']}")

    async def submit_as_before(self, http: httpx.AsyncClient) -> None:
        """Hand in an application over version 1."""
        key = self._key()
        sent = {"company_name": "Alt GmbH", "type": "LOAN", "amount_eur": 5.5, "duration": 12}
        headers = bearer(key) | self._fresh()
        answer = expect(await http.post("/v1/applications", json=sent, headers=headers), 201)
        self._acknowledged(Case(answer.json()["id"], key, old=True))

    async def change(self, http: httpx.AsyncClient) -> None:
        """Declare other lenders; now and then with a copy that is out of date, which is refused."""
        if (case := self._some()) is None:
            return await self.submit(http)
        case.busy, lenders = True, self.random.choice(LENDERS)
        place = f"/v2/applications/{case.id}"
        headers = bearer(case.key) | {"content-type": "application/merge-patch+json"}
        sent = {"declared": {"existing_lenders": lenders}}
        if self.random.random() < 0.2:
            stale = headers | {"if-match": '"999"'}
            expect(await http.patch(place, json=sent, headers=stale), 412)
        found = expect(await http.get(place, headers=bearer(case.key)), 200)
        headers["if-match"] = found.headers["etag"]
        expect(await http.patch(place, json=sent, headers=headers), 200)
        self.results.acknowledged += 1
        case.lenders, case.busy = lenders, False
        return None

    async def withdraw(self, http: httpx.AsyncClient) -> None:
        """Take an application back."""
        if (case := self._some(old=self.random.random() < 0.5)) is None:
            return await self.submit(http)
        case.busy, version = True, "v1" if case.old else "v2"
        query = "" if case.old else "?reason=customer_request"
        place = f"/{version}/applications/{case.id}{query}"
        expect(await http.delete(place, headers=bearer(case.key)), 200, 204)
        self.results.acknowledged += 1
        case.ended = "withdrawn"
        return None

    async def read(self, http: httpx.AsyncClient) -> None:
        """Read a case: it is as it was last acknowledged, by whichever build."""
        if (case := self._some()) is None:
            return await self.submit(http)
        case.busy = True
        tag = await require_kept(http, case)
        if self.random.random() < 0.3:
            headers = bearer(case.key) | {"if-none-match": tag}
            expect(await http.get(f"/v2/applications/{case.id}", headers=headers), 304)
        case.busy = False
        return None

    async def read_as_before(self, http: httpx.AsyncClient) -> None:
        """Read a case over version 1."""
        if (case := self._some(old=True)) is None:
            return await self.submit_as_before(http)
        place = f"/v1/applications/{case.id}"
        found = expect(await http.get(place, headers=bearer(case.key)), 200).json()
        if (found["company_name"], found["amount_eur"]) != ("Alt GmbH", 5.5):
            raise Unkept(f"v1 answers {found}")
        return None

    async def page(self, http: httpx.AsyncClient) -> None:
        """The newest cases, and those after them by the cursor."""
        headers = bearer(self._key())
        place = "/v2/applications?limit=2"
        found = expect(await http.get(place, headers=headers), 200).json()
        if found["next"]:
            place = f"{place}&after={found['next']}"
            expect(await http.get(place, headers=headers), 200)

    async def page_as_before(self, http: httpx.AsyncClient) -> None:
        """A page of cases by its number."""
        place = "/v1/applications?page=1&per_page=5"
        found = expect(await http.get(place, headers=bearer(self._key())), 200).json()
        if found["page"] != 1:
            raise Unkept(f"asked for page 1, got {found['page']}")

    async def upload(self, http: httpx.AsyncClient) -> None:
        """Hand in a statement; a worker of whichever build reads it."""
        if (case := self._some(old=self.random.random() < 0.3)) is None:
            return await self.submit(http)
        case.busy, content = True, self.random.choice(self._files)
        version = "v1" if case.old else "v2"
        files = {"file": ("kontoauszug.xml", content, "application/xml")}
        place = f"/{version}/applications/{case.id}/documents"
        headers = bearer(case.key) | self._fresh()
        accepted = 201 if case.old else 202
        expect(await http.post(place, files=files, headers=headers), accepted)
        self.results.acknowledged += 1
        case.documents.append(hashlib.sha256(content).hexdigest())
        case.busy = False
        return None

    async def transactions(self, http: httpx.AsyncClient) -> None:
        """What a worker has read so far."""
        if (case := self._some(read=True)) is None:
            return await self.upload(http)
        place = f"/v2/applications/{case.id}"
        for what in ("documents", "transactions?limit=20", "answers"):
            expect(await http.get(f"{place}/{what}", headers=bearer(case.key)), 200)
        return None

    async def refused(self, http: httpx.AsyncClient) -> None:
        """Errors on purpose: each is refused as it always was."""
        headers = bearer(self._key())
        expect(await http.get(f"/v2/applications/{NOBODYS}", headers=headers), 404)
        expect(await http.get(f"/v1/applications/{NOBODYS}", headers=headers), 404)
        expect(await http.get("/v2/applications", headers=bearer("beleg_live_none")), 401)
        sent = application(term_months=-1)
        expect(await http.post("/v2/applications", json=sent, headers=headers), 422)

    async def token(self, http: httpx.AsyncClient) -> None:
        """An access token, and what it opens."""
        key = self.random.choice(self.keys)
        asked = {
            "grant_type": "client_credentials",
            "client_id": key.client_id,
            "client_secret": key.secret,
            "scope": "applications:read",
        }
        answer = expect(await http.post("/oauth/token", data=asked), 200)
        token = answer.json()["access_token"]
        expect(await http.get("/v2/applications?limit=1", headers=bearer(token)), 200)


def bearer(secret: str) -> dict[str, str]:
    """The header that carries a key or a token."""
    return {"authorization": f"Bearer {secret}"}


async def _begin(request: httpx.Request) -> None:
    request.extensions["began"] = time.perf_counter()


Kind = Callable[[Partners, httpx.AsyncClient], Awaitable[None]]
KINDS: Sequence[tuple[Kind, float]] = (
    (Partners.submit, 18),
    (Partners.submit_as_before, 6),
    (Partners.change, 12),
    (Partners.withdraw, 1),
    (Partners.read, 24),
    (Partners.read_as_before, 10),
    (Partners.page, 8),
    (Partners.page_as_before, 4),
    (Partners.upload, 1.2),
    (Partners.transactions, 6),
    (Partners.refused, 3),
    (Partners.token, 2),
)
