"""A database that is made to try things on, and is gone afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from core.connecting import connect
from core.errors import Forbidden, Refused
from deploy.ops.postgres import DATABASE, SUPERUSER, Embedded

PREFIX = "beleg_scratch_"
IN_A_HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@asynccontextmanager
async def scratch(url: str | None) -> AsyncIterator[str]:
    """The address of an empty database beside the one named, else on a server made for it."""
    async with AsyncExitStack() as stack:
        if url is None:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="beleg-scratch-")))
            try:
                server = await asyncio.to_thread(_started, folder)
            except Refused as problem:
                raise Refused(f"{problem.detail} Name a server with --scratch-url.") from problem
            stack.push_async_callback(asyncio.to_thread, server.stop)
            url = server.address(SUPERUSER, DATABASE)
        name = f"{PREFIX}{uuid4().hex[:12]}"
        administration = await connect(url, "beleg/prove")
        stack.push_async_callback(administration.close)
        try:
            await administration.execute(f"CREATE DATABASE {name}")
        except asyncpg.InsufficientPrivilegeError as problem:
            raise Forbidden(
                "This role may not create a database to try revisions on: name a server where it"
                " may with --scratch-url, or leave BELEG_DATABASE_URL unset to use a server that"
                " is started for it."
            ) from problem
        stack.push_async_callback(administration.execute, f"DROP DATABASE {name} WITH (FORCE)")
        yield urlsplit(url)._replace(path=f"/{name}").geturl()


def _started(folder: Path) -> Embedded:
    server = Embedded(folder, IN_A_HURRY)
    server.start()
    return server
