"""A real browser that opens the web app again and again, each time as somebody new."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from deploy.ops.lifeline import lifeline, stepping_back
from deploy.release.rehearsal.results import Results

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
START_SECONDS = 30.0
STAY_SECONDS = 2.5
"""How long a page is looked at: it loads, runs, and says what went wrong in it."""
ANSWER_SECONDS = 30.0
TIED = 'trap "trap - TERM; kill 0" TERM; "$@" & wait $!'
"""A shell that ends its whole group where it is told to: a distribution's browser is a script."""


def located() -> str | None:
    """The machine's browser."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """A headless browser, spoken to in its own protocol."""

    def __init__(self, connection: Any) -> None:
        self.visits = 0
        self._connection = connection
        self._numbers = count(1)

    async def visit(self, address: str) -> None:
        """Open an address in a window without cookies, stay for a moment, and close it."""
        context = (await self._ask("Target.createBrowserContext"))["browserContextId"]
        try:
            await self._ask("Target.createTarget", url=address, browserContextId=context)
            await asyncio.sleep(STAY_SECONDS)
            self.visits += 1
        finally:
            await self._ask("Target.disposeBrowserContext", browserContextId=context)

    async def run(self, address: str, every_seconds: float, results: Results) -> None:
        """Open it again and again, for ever."""
        while True:
            try:
                await self.visit(address)
            except TimeoutError:
                results.now.failures.append("browser: it does not answer")
            await asyncio.sleep(max(0.0, every_seconds - STAY_SECONDS))

    async def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        question = {"id": number, "method": method, "params": params}
        async with asyncio.timeout(ANSWER_SECONDS):
            await self._connection.send(json.dumps(question))
            while True:
                answer = json.loads(await self._connection.recv())
                if answer.get("id") == number:
                    found: dict[str, Any] = answer.get("result", {})
                    return found


@asynccontextmanager
async def open_browser(program: str, folder: Path) -> AsyncIterator[Browser]:
    """The browser for as long as the block lasts."""
    from websockets.asyncio.client import connect

    switches = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0")
    process = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", TIED, "sh", program, *switches),
        *(f"--user-data-dir={folder}", "about:blank"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=stepping_back(lifeline(signal.SIGTERM)),
    )
    try:
        place = await _place(folder / "DevToolsActivePort")
        async with connect(place, max_size=None, proxy=None) as connection:
            yield Browser(connection)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def _place(file: Path) -> str:
    """Where it is spoken to, which it writes down once it listens."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            if place := _said(file):
                return place
            await asyncio.sleep(0.05)


def _said(file: Path) -> str | None:
    lines = file.read_text().split() if file.exists() else []
    return f"ws://127.0.0.1:{lines[0]}{lines[1]}" if len(lines) == 2 else None
