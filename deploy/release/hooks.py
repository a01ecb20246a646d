"""Builds elsewhere: an operator's own commands start and end them, on Compose or a cluster."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import httpx

from core import settings
from core.errors import Unavailable
from deploy.release import commands
from deploy.release.config import HooksConfig, SlotHooks
from deploy.release.model import Addresses, Part, Slot, Standing

LOOK_SECONDS = 0.5
SHADOWS = (Slot.SHADOW_A, Slot.SHADOW_B)
READ_ONLY = "BELEG_SHADOW_DATABASE_URL"
"""How the command that starts a shadow is told of a role that cannot write."""
ReadOnly = Callable[[str, Mapping[str, str]], Awaitable[str]]


class HookPlatform:
    """Runs the commands that `release.toml` names; they have to bear being run again."""

    def __init__(
        self,
        config: HooksConfig,
        environ: Mapping[str, str],
        *,
        read_only: ReadOnly | None = None,
    ) -> None:
        self._config = config
        self._environ = dict(environ)
        self._read_only = read_only or _read_only_url

    async def locate(self, build: str) -> str:
        """The build as it is: what the commands make of it is theirs."""
        return build

    async def standing(self) -> dict[Slot, str]:
        """Nothing: only the records tell."""
        return {}

    async def ensure(self, slot: Slot, standing: Standing) -> Addresses:
        """Let exactly this stand there and be ready; raises Unavailable saying why it is not."""
        hooks = self._hooks(slot)
        await self._run(hooks.start, slot, standing)
        health = [
            place for part in Part if part in standing.parts for place in hooks.health.get(part, ())
        ]
        for place in health:
            await self._await_ready(slot, place)
        return Addresses(hooks.api, hooks.bff, tuple(health))

    async def empty(self, slot: Slot) -> None:
        """Let what stands there answer what it has begun, and end."""
        if slot in self._config.slots:
            await self._run(self._hooks(slot).stop, slot, None)

    async def command(self, build: str, *words: str) -> str:
        """Run one of a build's own commands, such as `migrate`; what it said, or Unavailable."""
        filled = commands.filled(self._config.command, {"build": build})
        return await commands.run([*filled, *words], self._environ, self._config.seconds)

    def _hooks(self, slot: Slot) -> SlotHooks:
        if (found := self._config.slots.get(slot)) is None:
            missing = f"release.toml has no [hooks.slots.{slot}]"
            raise Unavailable(f"{missing}: nobody knows how to start a build there.")
        return found

    async def _run(self, words: tuple[str, ...], slot: Slot, standing: Standing | None) -> None:
        build = standing.build if standing else ""
        parts = ",".join(sorted(standing.parts)) if standing else ""
        values = {"build": build, "slot": slot.value, "parts": parts}
        environ = self._environ
        if standing and slot in SHADOWS:
            told = settings.load(environ)
            url = told.database_owner_url or told.database_url
            environ = {**environ, READ_ONLY: await self._read_only(url, environ)}
        await commands.run(commands.filled(words, values), environ, self._config.seconds)

    async def _await_ready(self, slot: Slot, place: str) -> None:
        deadline, why = time.monotonic() + self._config.seconds, "nobody answers"
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            while True:
                try:
                    answer = await http.get(f"http://{place}/readyz")
                    if answer.status_code == 200:
                        return
                    why = answer.text[:500]
                except httpx.TransportError as problem:
                    why = str(problem) or type(problem).__name__
                if time.monotonic() > deadline:
                    raise Unavailable(f"{slot}: {place} is not ready: {why}")
                await asyncio.sleep(LOOK_SECONDS)


async def _read_only_url(url: str, environ: Mapping[str, str]) -> str:
    from deploy.release.shadow.role import ensure  # only a shadow needs it

    return await ensure(url, environ)
