"""What every list promises, whatever happened before: each thing once, where it always stood.

A partner's things are made and changed at random; then every list of both versions, by cursor and
by page, whole and narrowed, is held against the order in which they were made.
"""

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from tests.builders import House, Partner, application
from tests.contracts.bodies import OLD
from tests.contracts.bookings import Entry, year
from tests.contracts.postbox import ReadingWorker
from tests.contracts.promised import promised

REFERENCES = ("A-1", "a-1", "A-1 ")
SALE = Entry(date(2025, 12, 9), "900.00", "Kunde Nord KG", "Rechnung 1")
STEPS, ROUNDS = 8, 5


@dataclass
class World:
    """A partner, what it has made in the order of making, and the dice."""

    house: House
    partner: Partner
    dice: random.Random
    cases: list[str] = field(default_factory=list)
    documents: dict[str, list[str]] = field(default_factory=dict)
    webhooks: list[str] = field(default_factory=list)
    callbacks: list[str] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)

    async def hand_in(self) -> None:
        """A new application, by either version."""
        reference = self.dice.choice((None, *REFERENCES))
        if self.dice.random() < 0.5:
            made = await self.post("/v1/applications", {**OLD, "reference": reference})
        else:
            currency = self.dice.choice(("EUR", "EUR", "JPY"))
            money = {"value": "5" if currency == "JPY" else "5.00", "currency": currency}
            body = application(amount=money, external_reference=reference)
            made = await self.post("/v2/applications", body)
        self.cases.append(made["id"])

    async def change(self) -> None:
        """Another purpose or reference for some application, if it is open."""
        change = {self.dice.choice(("purpose", "external_reference")): self.dice.choice(REFERENCES)}
        place = f"/v2/applications/{self.dice.choice(self.cases)}"
        answer = await self.partner.http.patch(
            place,
            json=change,
            headers={"If-Match": "*", "Content-Type": "application/merge-patch+json"},
        )
        assert answer.status_code in (200, 409), answer.text

    async def withdraw(self) -> None:
        """Some application ends, by either version, if it is open and can be said there."""
        version = self.dice.choice(("v1", "v2"))
        place = f"/{version}/applications/{self.dice.choice(self.cases)}?reason=test"
        answer = await self.partner.http.delete(place)
        assert answer.status_code in (204, 404, 409), answer.text

    async def upload(self) -> None:
        """A document for some application, by either version, where that is possible."""
        case, version = self.dice.choice(self.cases), self.dice.choice(("v1", "v2"))
        content = f"<a>{self.dice.random()}</a>".encode()
        answer = await self.partner.http.post(
            f"/{version}/applications/{case}/documents", files={"file": ("a.xml", content)}
        )
        assert answer.status_code in (201, 202, 404, 409), answer.text
        if answer.is_success:
            document = answer.json()
            mine = self.documents.setdefault(case, [])
            mine.append(document.get("id") or document["document_id"])

    async def subscribe(self) -> None:
        """A new webhook or callback, up to five of each."""
        url = f"https://hooks.partner.example/{self.dice.random()}"
        if self.dice.random() < 0.5 and len(self.webhooks) < 5:
            self.webhooks.append((await self.post("/v2/webhooks", {"url": url}))["id"])
        elif len(self.callbacks) < 5:
            made = await self.post("/v1/callbacks", {"url": url, "secret": "s"})
            self.callbacks.append(made["id"])

    async def change_webhook(self) -> None:
        """Some webhook pauses, goes on, or gets another address or secret."""
        if not self.webhooks:
            return
        place = f"/v2/webhooks/{self.dice.choice(self.webhooks)}"
        if self.dice.random() < 0.3:
            await self.post(f"{place}/rotate-secret", None)
            return
        change = self.dice.choice(
            ({"enabled": False}, {"enabled": True}, {"url": "https://hooks.partner.example/x"})
        )
        assert (await self.partner.http.patch(place, json=change)).status_code == 200

    async def read(self) -> None:
        """The worker reads what waits, so that some documents are read and others not yet."""
        if any(self.documents.values()):
            await self.house.work(ReadingWorker)

    async def post(self, path: str, body: Any) -> Any:
        """What was made of a POST."""
        answer = await self.partner.http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def by_cursor(self, path: str, limit: int) -> list[Any]:
        """All of a list, page by page."""
        found: list[Any] = []
        cursor, mark = "", "&" if "?" in path else "?"
        while True:
            page = await self.partner.get(f"{path}{mark}limit={limit}{cursor}")
            assert page["data"] or not found or path == "/v2/events", "a page that was not promised"
            found += page["data"]
            assert len(page["data"]) <= limit
            if page["next"] is None or (not page["data"] and path == "/v2/events"):
                return found
            assert len(page["data"]) == limit or path == "/v2/events"
            cursor = f"&after={page['next']}"

    async def by_page(self, per_page: int, total: int) -> list[Any]:
        """All of version 1's list, page by page, each saying the same total."""
        found: list[Any] = []
        for number in range(1, total // per_page + 3):
            page = await self.partner.get(f"/v1/applications?page={number}&per_page={per_page}")
            assert (page["page"], page["per_page"], page["total"]) == (number, per_page, total)
            assert len(page["items"]) == max(0, min(per_page, total - per_page * (number - 1)))
            found += page["items"]
        return found


async def every_list_is_as_it_was_made(world: World) -> None:
    """Hold every list against what was made, in its order."""
    partner, limit = world.partner, world.dice.randint(1, 7)
    one_by_one = [await partner.get(f"/v2/applications/{each}") for each in reversed(world.cases)]
    assert await world.by_cursor("/v2/applications", limit) == one_by_one
    for name in ("status", "external_reference"):
        for word in {each[name] for each in one_by_one if each[name]}:
            narrowed = await world.by_cursor(f"/v2/applications?{name}={word}", limit)
            assert narrowed == [each for each in one_by_one if each[name] == word], word
    sayable = [each["id"] for each in one_by_one if each["amount"]["currency"] == "EUR"]
    old = [await partner.get(f"/v1/applications/{each}") for each in sayable]
    assert await world.by_page(limit, len(sayable)) == old
    for case, documents in world.documents.items():
        shown = (await partner.get(f"/v2/applications/{case}/documents"))["data"]
        assert [each["id"] for each in shown] == documents
        if case in sayable:
            items = (await partner.get(f"/v1/applications/{case}/documents"))["items"]
            assert [each["document_id"] for each in items] == documents
    webhooks = (await partner.get("/v2/webhooks"))["data"]
    callbacks = (await partner.get("/v1/callbacks"))["items"]
    assert [each["id"] for each in webhooks] == world.webhooks
    assert [each["id"] for each in callbacks] == world.callbacks
    events = await world.by_cursor("/v2/events", limit)
    assert events[: len(world.events)] == world.events, "what has happened stays as it happened"
    world.events = events


async def test_bookings_and_deliveries_keep_their_order(house: House) -> None:
    """Transactions are told oldest first whenever they came in, deliveries newest first."""
    partner = await house.partner()
    assert promised("v2", "order", "transactions") == "oldest first"
    case = await partner.submit()
    later, earlier = (
        year(SALE._replace(on=date(2025, 12, day)), months=1).replace(b"2025-12", month)
        for day, month in ((9, b"2025-12"), (5, b"2025-11"))
    )
    for content in (later, earlier.replace(b"2025-11-31", b"2025-11-30")):
        await partner.upload(case, content)
        await house.work(ReadingWorker)
    rows = (await partner.get(f"/v2/applications/{case}/transactions"))["data"]
    assert [each["booked_on"] for each in rows] == ["2025-11-05", "2025-12-09"]
    assert promised("v2", "order", "deliveries") == "newest first"
    made = await partner.http.post("/v2/webhooks", json={"url": "https://hooks.partner.example/"})
    place = f"/v2/webhooks/{made.json()['id']}"
    ids = [(await partner.http.post(f"{place}/test")).json()["id"] for _ in range(3)]
    await partner.http.post(f"{place}/deliveries/{ids[0]}/redeliver")
    listed = (await partner.get(f"{place}/deliveries"))["data"]
    assert [each["id"] for each in listed] == ids[::-1]


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_moves_in_any_list_whatever_changes(house: House, seed: int) -> None:
    """Lists are in the order of making; changes move, hide and double nothing."""
    for version, nouns in (("v1", ("callbacks", "documents")), ("v2", ("webhooks", "documents"))):
        assert promised(version, "order", "applications") == "newest first"
        assert {promised(version, "order")[each] for each in nouns} == {"oldest first"}
    assert promised("v2", "order", "events") == "oldest first, as they were committed"
    world = World(house, await house.partner(), random.Random(seed))
    steps = (
        *(world.hand_in, world.hand_in, world.change, world.change, world.withdraw),
        *(world.upload, world.upload, world.subscribe, world.change_webhook, world.read),
    )
    await world.hand_in()
    for _ in range(ROUNDS):
        for _ in range(STEPS):
            await world.dice.choice(steps)()
        await every_list_is_as_it_was_made(world)
