"""The instance that an operator's command steers, and in whose name it does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from core import builds
from core.audit import Actor
from core.connecting import connected
from core.db import Database
from core.settings import Settings

T = TypeVar("T")
OPERATOR = Actor("operator", None)


def run(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do some work on the instance's database."""

    async def run() -> T:
        name = builds.session_name(builds.named(settings.build), "command")
        async with connected(settings.database_url, 1, name) as db:
            await db.require_revisions()
            return await work(db)

    return asyncio.run(run())
