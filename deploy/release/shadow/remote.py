"""The differ as a service: an operator's commands start and end it, and it is asked what it found.

What it found is brought here as it is, and its report is written here: so the report outlives the
service, and the rules are a file that lies beside it.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import orjson

from core.errors import Unavailable
from deploy.release import commands
from deploy.release.config import DifferConfig
from deploy.release.model import ShadowSummary
from deploy.release.shadow.differ import write_findings
from deploy.release.shadow.findings import ShadowFindings
from deploy.release.shadow.local import summarise

LOOK_SECONDS = 0.5


class HookDiffer:
    """A differ elsewhere; `attempt` names what it compares, `folder` is where its report lies."""

    def __init__(
        self,
        config: DifferConfig,
        folder: Path,
        attempt: str,
        shadows: tuple[Sequence[str], Sequence[str]],
        environ: Mapping[str, str],
        seconds: float = 600.0,
    ) -> None:
        self._config = config
        self._folder = folder
        a, b = (",".join(each) for each in shadows)
        self._values = {"attempt": attempt, "a": a, "b": b}
        self._environ = environ
        self._seconds = seconds

    async def start(self) -> str:
        """Be there; the address that the edge mirrors to, as `host:port`."""
        await self._run(self._config.start)
        deadline = time.monotonic() + self._seconds
        while True:
            try:
                await self._findings()
                return self._config.address
            except Unavailable:
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(LOOK_SECONDS)

    async def stop(self) -> None:
        """Be there no more; what it found stays."""
        await self._run(self._config.stop)

    async def report(self) -> ShadowSummary:
        """What it has found so far; all of it is written into the folder as a page."""
        found = await self._findings()
        self._folder.mkdir(parents=True, exist_ok=True)
        write_findings(self._folder, found)
        return await asyncio.to_thread(summarise, self._folder)

    async def _run(self, words: Sequence[str]) -> None:
        filled = commands.filled(words, self._values)
        await commands.run(filled, self._environ, self._seconds)

    async def _findings(self) -> ShadowFindings:
        place = f"http://{self._config.findings}/"
        try:
            async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
                answer = (await http.get(place)).raise_for_status()
            return ShadowFindings.of_json(orjson.loads(answer.content))
        except (httpx.HTTPError, ValueError, TypeError, KeyError) as problem:
            said = str(problem) or type(problem).__name__
            raise Unavailable(f"The differ does not say at {place} what it found: {said}") from None
