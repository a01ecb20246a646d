"""Partners and people of a rehearsal, let in by a process of build A."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from core.errors import Unavailable
from deploy.ops.lifeline import lifeline
from deploy.release.rehearsal.partners import Key
from deploy.release.sources import Sources

SCRIPT = Path(__file__).with_name("enrol.py").read_text()
ANSWER = b'{"id"'


class Enrolment:
    """Takes in whoever is named, one after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._one = asyncio.Lock()

    async def partner(self, name: str, scopes: Sequence[str] = (), *, expired: bool = False) -> Key:
        """A new partner with all scopes, unless it is told otherwise."""
        made = await self._ask({"name": name, "scopes": list(scopes), "expired": expired})
        return Key(made["id"], made["key"])

    async def person(self, email: str, name: str, password: str) -> None:
        """Somebody who works at the lender."""
        await self._ask({"email": email, "name": name, "password": password})

    async def in_story(self, name: str) -> Key | None:
        """Who speaks under this name in a golden story."""
        match name:
            case "nobody":
                return None
            case "reader":
                return await self.partner("Nur Leser GmbH", ("applications:read",))
            case _:
                return await self.partner("Muster Makler GmbH", expired=name == "expired")

    async def _ask(self, asked: Mapping[str, Any]) -> dict[str, str]:
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise Unavailable("Build A's enrolment has nobody to speak to.")
        async with self._one:
            into.write(json.dumps(asked).encode() + b"\n")
            while (line := await out.readline()) and not line.startswith(ANSWER):
                continue  # what A logs by the way
        if not line:
            raise Unavailable("Build A lets nobody in any more; its error stands above.")
        made: dict[str, str] = json.loads(line)
        return made


@asynccontextmanager
async def enrolling(a: Sources, environ: Mapping[str, str]) -> AsyncIterator[Enrolment]:
    """The enrolment for as long as the block lasts."""
    process = await asyncio.create_subprocess_exec(
        *(a.python, "-c", SCRIPT),
        cwd=a.tree,
        env=a.environ(environ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        process_group=0,
        preexec_fn=lifeline(signal.SIGTERM),
    )
    try:
        yield Enrolment(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
