"""Sends the requests of a story to an instance, as each of its callers."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from core import apps, clients, decisions, lifecycle
from core.apps import Floor
from core.audit import SYSTEM
from core.decisions import DecisionOutcome, DecisionReason
from core.lifecycle import Brownout
from public_api.app import VERSIONS
from tests.builders import House, Partner
from tests.contracts.body_history import BodyHistory
from tests.contracts.exchange import (
    INVOICE,
    STATEMENT,
    Ask,
    Exchange,
    Reply,
    Values,
    agree,
    filled,
    marked,
)
from tests.contracts.header_history import HeaderHistory
from tests.contracts.observed import Observed, SentRequest
from tests.contracts.postbox import Postbox, ReadingWorker

GROUND_CLIENT = UUID("01900000-0000-7000-8000-000000000001")
GROUND_KEY = "beleg_test_" + "golden" * 7  # the SQL of ground/ keeps its digest
VARYING_HEADERS = ("date", "request-id")  # neither is promised to be any value


class Stage:
    """An instance with a story's callers, each made when it first speaks."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._callers: dict[str, httpx.AsyncClient] = {}
        self._postbox = Postbox()
        self._ledger, self._envelope = BodyHistory(), HeaderHistory()
        self._sent = 0
        self.values: Values = {
            "{{file:statement.xml}}": STATEMENT,
            "{{file:invoice.xml}}": INVOICE,
            "{{now}}": datetime.now(UTC).isoformat(),
        }

    async def send(self, ask: Ask) -> Reply:
        """Do what comes before, send the request, and give the answer as it came.

        Whatever is answered must agree with all that was answered before.
        """
        for step in ask.before:
            name, _, argument = step.partition(" ")
            await STEPS[name](self._house, filled(argument, self.values))
        caller = await self._caller(ask.caller)
        method, _, target = filled(ask.line, self.values).partition(" ")
        sent = {name: filled(value, self.values) for name, value in ask.headers.items()}
        body, began = filled(ask.body, self.values).encode(), datetime.now(UTC)
        if method == "RECEIVE":
            status, lines, content = await self._postbox.next(self._house, target)
        else:
            if target.startswith("/v2/events"):
                await self._house.settled()
            self._sent += 1
            if self._sent % 2:
                sent["request-id"] = f"golden-{self._sent}"
            answer = await caller.request(method, target, headers=sent, content=body)
            status, lines = answer.status_code, sorted(answer.headers.multi_items())
            content = answer.content.decode()
        headers = dict(lines)
        assert len(headers) == len(lines), "a header stands twice"
        request = SentRequest(ask.caller, method, target, sent, body.decode())
        observed = Observed(request, status, headers, content, began, datetime.now(UTC))
        self._envelope.note(observed)
        self._ledger.note(observed)
        kept = [f"{name}: {value}" for name, value in lines if name not in VARYING_HEADERS]
        return Reply(status, kept, content)

    async def record(self, ask: Ask, *, exact: bool) -> Exchange:
        """The exchange as it goes now."""
        reply = await self.send(ask)
        values = dict(self.values) if exact else self.values
        headers = [marked(each, values) for each in reply.headers]
        body = reply.body if exact else marked(reply.body, values)
        return Exchange(ask, Reply(reply.status, headers, body))

    async def replay(self, exchange: Exchange) -> None:
        """Assert that the answer is byte for byte what it was."""
        reply, promised = await self.send(exchange.ask), exchange.reply
        assert reply.status == promised.status, reply.body
        agree("\n".join(promised.headers), "\n".join(reply.headers), self.values)
        agree(promised.body, reply.body, self.values)

    async def _caller(self, name: str) -> httpx.AsyncClient:
        if name not in self._callers:
            partner = await CALLERS[name](self._house)
            headers = {"authorization": f"Bearer {partner.key}"} if partner else {}
            self._callers[name] = httpx.AsyncClient(
                transport=self._house.http._transport, base_url="http://api.test", headers=headers
            )
            if partner:
                self.values[f"{{{{client:{name}}}}}"] = str(partner.client_id)
                self.values[f"{{{{key:{name}}}}}"] = partner.key
        return self._callers[name]


async def _owner(house: House) -> Partner:
    return await house.partner()


async def _reader(house: House) -> Partner:
    return await house.partner("Nur Leser GmbH", scopes=["applications:read"])


async def _busy(house: House) -> Partner:
    left = 60 - datetime.now(UTC).timestamp() % 60
    if left < 4:  # both of its calls are to be of one minute
        await asyncio.sleep(left)
    return await house.partner("Eilig GmbH", per_minute=1)


async def _expired(house: House) -> Partner:
    partner = await house.partner("Vorbei GmbH")
    (key,) = await clients.keys_of(house.db, partner.client_id)
    await house.db.write(lambda tx: clients.rotate(tx, SYSTEM, key.id, timedelta(0)))
    return partner


async def _nobody(house: House) -> None:
    return None


async def _ground(house: House) -> Partner:
    return Partner(GROUND_CLIENT, GROUND_KEY, house.caller(GROUND_KEY))


CALLERS: dict[str, Callable[[House], Awaitable[Partner | None]]] = {
    "owner": _owner,
    "stranger": _owner,
    "reader": _reader,
    "busy": _busy,
    "expired": _expired,
    "nobody": _nobody,
    "ground": _ground,
}


async def _read(house: House, _: str) -> None:
    """The worker reads every document that waits."""
    await house.work(ReadingWorker)


async def _approve(house: House, application_id: str) -> None:
    """A person at the lender approves."""
    await _decide(house, application_id, DecisionOutcome.APPROVED, DecisionReason.SOUND_FIGURES)


async def _decline(house: House, application_id: str) -> None:
    """A person at the lender declines."""
    await _decide(house, application_id, DecisionOutcome.DECLINED, DecisionReason.OTHER, "Zu jung.")


async def _decide(
    house: House,
    application_id: str,
    outcome: DecisionOutcome,
    reason: DecisionReason,
    note: str | None = None,
) -> None:
    person = await house.person(f"{application_id}@lender.test")
    await house.db.write(
        lambda tx: decisions.decide(tx, person, UUID(application_id), outcome, (reason,), note)
    )


async def _kill(house: House, build: str) -> None:
    """A build of the app is stopped."""
    await house.db.write(
        lambda tx: apps.set_floor(tx, SYSTEM, Floor("ios", "3.0", "3.2", None, None))
    )
    await house.db.write(lambda tx: apps.kill(tx, SYSTEM, "ios", build))
    await house.look_again()


async def _brown_out(house: House, version: str) -> None:
    """A version is away for an announced while."""
    now, hour = datetime.now(UTC), timedelta(hours=1)
    window = Brownout(version, now - hour, now + hour)
    dates = [each.dates for each in VERSIONS]
    await house.db.write(
        lambda tx: lifecycle.announce_brownout(tx, SYSTEM, dates, window, "told", anyway=True)
    )
    await house.look_again()


STEPS: dict[str, Callable[[House, str], Awaitable[None]]] = {
    "read": _read,
    "approve": _approve,
    "decline": _decline,
    "kill": _kill,
    "brownout": _brown_out,
}
