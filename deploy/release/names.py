"""What the two builds of a release call themselves: locators, such as a folder, are no names."""

from dataclasses import dataclass

from core import builds
from core.db import Queryable
from deploy.release.composition import Composition
from deploy.release.evidence import Measured
from deploy.release.machine import Release
from deploy.release.model import Addresses, Slot


@dataclass(frozen=True, slots=True)
class Namer:
    """Asks the processes that were started; of a build that does not say, the database knows."""

    parts: Composition
    db: Queryable

    async def named(self, release: Release, measured: Measured) -> dict[str, str]:
        """The names that can be told now, of `a` and `b`."""
        b = await self._said(measured, release.slot)
        a = await self._said(measured, release.a_slot) or (await self._other(b) if b else "")
        return {build: name for build, name in (("a", a), ("b", b)) if name}

    async def _said(self, measured: Measured, slot: Slot) -> str:
        return await self.parts.build_name(measured.addresses.get(slot, Addresses()))

    async def _other(self, b: str) -> str:
        """The one other build whose APIs live: A, from before builds said what they are."""
        others = {each.build for each in await builds.live(self.db) if each.part == "api"} - {b}
        return others.pop() if len(others) == 1 else ""
