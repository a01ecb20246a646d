"""All that a rehearsal stands on: PostgreSQL, Envoy, build A whole, and who is let in."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from core.connecting import connected
from core.db import Database
from core.settings import local_blobs
from deploy.ops.logs import LogFile
from deploy.ops.postgres import Embedded
from deploy.release.config import LocalConfig
from deploy.release.edge import EdgeSettings
from deploy.release.local import LocalPlatform
from deploy.release.model import Addresses, Part, Slot, Standing
from deploy.release.rehearsal.driving import DriverOrders, DriverProcess
from deploy.release.rehearsal.enrolment import Enrolment, enrolling
from deploy.release.rehearsal.envoy import RunningEdge, running_edge
from deploy.release.rehearsal.partners import Key
from deploy.release.rehearsal.plan import RehearsalPlan
from deploy.release.sources import Sources

TERSE = {"log_error_verbosity": "terse"}


@dataclass
class Stand:
    """Where everything is, and how to get in."""

    plan: RehearsalPlan
    database_url: str
    db: Database
    platform: LocalPlatform
    driver: DriverProcess
    edge: RunningEdge
    enrolment: Enrolment
    keys: list[Key] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    async def let_in(self) -> None:
        """Take in the partners and the people."""
        for number in range(self.plan.keys):
            self.keys.append(await self.enrolment.partner(f"Makler {number}"))
        for number in range(self.plan.people):
            email = f"person{number}@rehearsal.example"
            await self.enrolment.person(email, f"Person {number}", self.password)
            self.emails.append(email)


@asynccontextmanager
async def standing(plan: RehearsalPlan) -> AsyncIterator[Stand]:
    """All of it for as long as the block lasts; nothing of it is left running."""
    async with AsyncExitStack() as stack:
        logs = plan.data / "logs"
        server = stack.enter_context(
            Embedded(plan.data / "postgresql", TERSE, LogFile(logs / "postgresql.log"))
        )
        local = LocalConfig(data=plan.data, first_port=plan.first_port)
        environ = environ_of(plan, server.url)
        platform = LocalPlatform(local, environ, tied=True)
        stack.push_async_callback(_emptied, platform)
        api, web, admin = platform.free_ports(3)
        local = local.model_copy(update={"first_port": admin + 1})
        platform.config = local
        a = await _a_alone(plan.a, platform)
        settings = EdgeSettings(
            plan.data / "edge", api_port=api, web_port=web, admin_port=admin, access_log=False
        )
        edge = await stack.enter_async_context(
            running_edge(settings, LogFile(logs / "edge.log"), a)
        )
        orders = DriverOrders(
            database_url=server.url,
            local=local,
            environ=environ,
            edge=settings.folder,
            admin=edge.admin,
        )
        driver = await stack.enter_async_context(
            DriverProcess.running(orders, LogFile(logs / "driver.log"))
        )
        db = await stack.enter_async_context(connected(server.url, 4, requires=(), backfills=()))
        sources = Sources(await platform.tree(plan.a))
        enrolment = await stack.enter_async_context(enrolling(sources, environ))
        yield Stand(plan, server.url, db, platform, driver, edge, enrolment)


async def _a_alone(a: str, platform: LocalPlatform) -> Addresses:
    """Let A stand whole, on a database that it has migrated itself."""
    await platform.command(a, "migrate")
    await platform.command(a, "backfill", "run", "--rest", "0")
    return await platform.ensure(Slot.BLUE, Standing(a, frozenset(Part)))


async def _emptied(platform: LocalPlatform) -> None:
    for slot in reversed(Slot):
        await platform.empty(slot)


def environ_of(plan: RehearsalPlan, database_url: str) -> dict[str, str]:
    """What all parts find set: nothing of what is set for other instances."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BELEG_")}
    return {
        **kept,
        "BELEG_ENV": "test",
        "BELEG_DATABASE_URL": database_url,
        "BELEG_BLOB_URL": local_blobs(plan.data / "blobs"),
        "BELEG_COOKIE_SECURE": "false",
        "BELEG_WEBHOOK_ALLOW_PRIVATE": "true",
        "BELEG_TRUSTED_HOPS": "1",
        "BELEG_LOG_LEVEL": plan.log_level,
        "BELEG_DATABASE_CONNECTIONS": "6",
    }
