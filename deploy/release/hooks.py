"""Builds elsewhere: an operator's own commands start and end them, on Compose or a cluster."""

import asyncio
import os
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from core.errors import Unavailable
from deploy.release.config import HooksConfig, SlotHooks
from deploy.release.model import Addresses, Part, Slot, Standing
from deploy.release.sources import said

LOOK_SECONDS = 0.5


class HookPlatform:
    """Runs the commands that `release.toml` names; they have to bear being run again."""

    def __init__(self, config: HooksConfig, environ: Mapping[str, str]) -> None:
        self._config = config
        self._environ = dict(environ)

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
        filled = [each.replace("{build}", build) for each in self._config.command]
        return await self._said(*filled, *words)

    def _hooks(self, slot: Slot) -> SlotHooks:
        if (found := self._config.slots.get(slot)) is None:
            missing = f"release.toml has no [hooks.slots.{slot}]"
            raise Unavailable(f"{missing}: nobody knows how to start a build there.")
        return found

    async def _run(self, words: tuple[str, ...], slot: Slot, standing: Standing | None) -> None:
        build = standing.build if standing else ""
        parts = ",".join(sorted(standing.parts)) if standing else ""
        values = {"{build}": build, "{slot}": slot.value, "{parts}": parts}
        filled = list(words)
        for name, value in values.items():
            filled = [each.replace(name, value) for each in filled]
        await self._said(*filled)

    async def _said(self, *words: str) -> str:
        environ = {**os.environ, **self._environ}
        try:
            async with asyncio.timeout(self._config.seconds):
                return await said(*words, cwd=Path.cwd(), environ=environ)
        except FileNotFoundError as problem:
            raise Unavailable(f"There is no program {words[0]} here.") from problem
        except TimeoutError as problem:
            seconds = f"{self._config.seconds:g} s"
            raise Unavailable(f"`{' '.join(words)}` has not ended after {seconds}.") from problem

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
