"""Partners and people of a running instance, taken in from the command line."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from core import audit, clients, users
from core.audit import Actor, Verdict
from core.db import Database, Tx, connected
from core.settings import Settings

T = TypeVar("T")
OPERATOR = Actor("operator", None)


def create_client(
    settings: Settings, name: str, scopes: tuple[str, ...], **rules: Any
) -> dict[str, Any]:
    """Take in a partner: its id, scopes and the one time that its key is shown."""

    async def work(tx: Tx) -> dict[str, Any]:
        client_id, key = await clients.create(tx, OPERATOR, name, scopes, **rules)
        return {
            "client_id": str(client_id),
            "name": name,
            "scopes": sorted(set(scopes)),
            "api_key": key,
        }

    return run(settings, lambda db: db.write(work))


def create_user(
    settings: Settings, email: str, name: str, password: str, role: str, locale: str
) -> dict[str, Any]:
    """Take in a person who works at the lender."""

    async def work(tx: Tx) -> dict[str, Any]:
        person_id = await users.create(
            tx, OPERATOR, email, name, password, users.Role(role), locale
        )
        return {"user_id": str(person_id), "email": email, "role": role}

    return run(settings, lambda db: db.write(work))


def verify_audit(settings: Settings) -> Verdict:
    """Walk the whole audit log."""
    return run(settings, audit.verify)


def run(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do some work on the instance's database."""

    async def run() -> T:
        async with connected(settings.database_url, 1, "beleg") as db:
            await db.demand_revisions()
            return await work(db)

    return asyncio.run(run())
