"""The instance that an operator's command steers, and in whose name it does."""

import asyncio
import os
import pwd
import socket
from collections.abc import Awaitable, Callable
from typing import TypeVar

from core import builds
from core.audit import Actor
from core.connecting import connected
from core.db import Database
from core.settings import Settings

T = TypeVar("T")


def _account() -> str:
    """Whose account this is, as the system has it, and on which host."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # as in a container
        name = f"uid {os.getuid()}"
    behind = f" (sudo by {os.environ['SUDO_USER']})" if os.environ.get("SUDO_USER") else ""
    return f"{name}{behind} on {socket.gethostname()}"


OPERATOR = Actor("operator", None, _account())


def run(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do some work on the instance's database."""

    async def run() -> T:
        name = builds.session_name(builds.named(settings.build), "command")
        async with connected(settings.database_url, 1, name) as db:
            await db.require_revisions()
            return await work(db)

    return asyncio.run(run())
