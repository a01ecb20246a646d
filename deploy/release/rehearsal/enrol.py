"""Lets partners and people in with build A's own code: nobody else's may fit A's database yet.

Run by A's interpreter on A's modules, as text; a line of JSON in, a line out.
"""

import asyncio
import json
import os
import sys
from datetime import timedelta
from typing import Any

from core import clients, users
from core.audit import SYSTEM
from core.clients import Scope
from core.connecting import connected
from core.db import Database


async def person(db: Database, asked: dict[str, Any]) -> dict[str, str]:
    """Somebody who works at the lender."""
    role = users.Role.UNDERWRITER
    made = await db.write(
        lambda tx: users.create(tx, SYSTEM, asked["email"], asked["name"], asked["password"], role)
    )
    return {"id": str(made)}


async def partner(db: Database, asked: dict[str, Any]) -> dict[str, str]:
    """A partner with a key, which may have expired already."""
    scopes = asked.get("scopes") or [each.value for each in Scope]
    made = await db.write(lambda tx: clients.create(tx, SYSTEM, asked["name"], scopes))
    if asked.get("expired"):
        (key,) = await clients.keys_of(db, made[0])
        await db.write(lambda tx: clients.rotate(tx, SYSTEM, key.id, timedelta(0)))
    return {"id": str(made[0]), "key": made[1]}


async def main() -> None:
    """Let in whoever is named, until nobody is any more."""
    async with connected(os.environ["BELEG_DATABASE_URL"], 2) as db:
        while line := await asyncio.to_thread(sys.stdin.readline):
            asked = json.loads(line)
            made = await (person if "email" in asked else partner)(db, asked)
            print(json.dumps(made), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
