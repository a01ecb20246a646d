"""All that a rehearsal stands on: PostgreSQL, Envoy, build A whole, and who is let in."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from core import clients, users
from core.audit import SYSTEM
from core.clients import Scope
from core.connecting import connected
from core.db import Database
from core.settings import local_blobs
from deploy.ops.logs import LogFile
from deploy.ops.postgres import Embedded
from deploy.release.config import LocalConfig
from deploy.release.local import LocalPlatform
from deploy.release.model import Addresses, Part, Routing, Slot, Standing
from deploy.release.rehearsal.edging import RunningEdge, running_edge
from deploy.release.rehearsal.partners import Key
from deploy.release.rehearsal.plan import RehearsalPlan

TERSE = {"log_error_verbosity": "terse"}
GOLDEN_RULES = {"reader": ("applications:read",)}


@dataclass
class Stand:
    """Where everything is, and how to get in."""

    plan: RehearsalPlan
    database_url: str
    db: Database
    platform: LocalPlatform
    edge: RunningEdge
    keys: list[Key] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    async def start_a(self) -> Addresses:
        """Let A stand alone, with its own migrations, and everybody be sent to it."""
        a = self.plan.a
        await self.platform.command(a, "migrate")
        await self.platform.command(a, "backfill", "run", "--rest", "0")
        addresses = await self.platform.ensure(Slot.BLUE, Standing(a, frozenset(Part)))
        await self.edge.told.apply(Routing(Slot.BLUE), {Slot.BLUE: addresses})
        return addresses

    async def let_in(self) -> None:
        """Take in the partners and the people."""
        for number in range(self.plan.keys):
            self.keys.append(await self.partner(f"Makler {number}"))
        for number in range(self.plan.people):
            email = f"person{number}@rehearsal.example"
            await self.db.write(
                partial(
                    users.create,
                    actor=SYSTEM,
                    email=email,
                    name=f"Person {number}",
                    password=self.password,
                    role=users.Role.UNDERWRITER,
                )
            )
            self.emails.append(email)

    async def partner(self, name: str, **rules: object) -> Key:
        """A new partner with all scopes, unless the rules say otherwise."""
        scopes = tuple(rules.pop("scopes", tuple(Scope)))  # type: ignore[call-overload]
        found = await self.db.write(
            partial(clients.create, actor=SYSTEM, name=name, scopes=scopes, **rules)
        )
        return Key(str(found.id), found.key)

    async def in_story(self, name: str) -> Key | None:
        """Who speaks under this name in a golden story."""
        if name == "nobody":
            return None
        if name == "reader":
            return await self.partner("Nur Leser GmbH", scopes=("applications:read",))
        if name == "busy":
            return await self.partner("Eilig GmbH", per_minute=1)
        key = await self.partner("Vorbei GmbH" if name == "expired" else "Muster Makler GmbH")
        if name == "expired":
            await self._expire(key)
        return key

    async def _expire(self, key: Key) -> None:
        from datetime import timedelta
        from uuid import UUID

        (found,) = await clients.keys_of(self.db, UUID(key.client_id))
        await self.db.write(lambda tx: clients.rotate(tx, SYSTEM, found.id, timedelta(0)))


@asynccontextmanager
async def standing(plan: RehearsalPlan) -> AsyncIterator[Stand]:
    """All of it for as long as the block lasts; nothing of it is left running."""
    async with AsyncExitStack() as stack:
        server = stack.enter_context(
            Embedded(plan.data / "postgresql", TERSE, LogFile(plan.data / "logs/postgresql.log"))
        )
        environ = environ_of(plan, server.url)
        local = LocalConfig(data=plan.data, first_port=plan.first_port)
        platform = LocalPlatform(local, environ, tied=True)
        stack.push_async_callback(_emptied, platform)
        edge = await stack.enter_async_context(running_edge(plan.data, platform.free_ports(3)))
        db = await stack.enter_async_context(connected(server.url, 4))
        yield Stand(plan, server.url, db, platform, edge)


async def _emptied(platform: LocalPlatform) -> None:
    for slot in reversed(Slot):
        await platform.empty(slot)


def environ_of(plan: RehearsalPlan, database_url: str) -> dict[str, str]:
    """What all parts find set: nothing of what is set for other instances."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BELEG_")}
    return {
        **kept,
        "BELEG_DATABASE_URL": database_url,
        "BELEG_BLOB_URL": local_blobs(plan.data / "blobs"),
        "BELEG_COOKIE_SECURE": "false",
        "BELEG_WEBHOOK_ALLOW_PRIVATE": "true",
        "BELEG_TRUSTED_HOPS": "1",
        "BELEG_LOG_LEVEL": plan.log_level,
        "BELEG_DATABASE_CONNECTIONS": "6",
    }
