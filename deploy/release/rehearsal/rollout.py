"""The release of a rehearsal: begun, driven, and asked how it stands."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from deploy.ops.migrating.apply import migrate
from deploy.release import machine, steering, store
from deploy.release.model import ReleaseState, ShadowSummary
from deploy.release.rehearsal.stand import Stand
from deploy.release.shadow import LocalDiffer

RELEASES = "0020"
"""The revision that lets releases be written down; B's own come with its expand."""


class Rollout:
    """From A to B by the same driver, gates and edge as anywhere."""

    def __init__(
        self,
        stand: Stand,
        b: str,
        told: Callable[[str], None],
        release_plan: Mapping[str, Any] | None = None,
    ) -> None:
        self._stand = stand
        self._b = b
        self._told = told
        self._plan = stand.plan.release if release_plan is None else release_plan
        self._begun, self._folder = False, "shadow"

    async def drive(self) -> None:
        """Begin, and go on by itself until it has ended or gone back."""
        stand = self._stand
        await asyncio.to_thread(migrate, stand.database_url, RELEASES)
        plan = machine.planned(self._plan)
        begun = await steering.begin(stand.db, stand.plan.a, self._b, plan, (), True)
        self._begun, self._folder = True, f"shadow-{begun.id}"
        await stand.driver.drive(self._told, self.shadow_folder)

    async def abort(self, reason: str) -> None:
        """End it on A, so that another may begin."""
        await steering.abort(self._stand.db, reason)
        await self._stand.driver.drive(self._told, self.shadow_folder)

    @property
    def shadow_folder(self) -> Path:
        """Where the differ keeps what it found."""
        return self._stand.plan.data / self._folder

    async def where(self) -> str:
        """The state that it is in, in words; "" before it has begun."""
        if not self._begun or (found := await store.last(self._stand.db)) is None:
            return ""
        return found.release.where

    async def state(self) -> ReleaseState:
        """The state that it is in."""
        found = await store.last(self._stand.db) if self._begun else None
        return found.release.state if found else ReleaseState.EXPAND

    async def stuck(self) -> str:
        """What it still waits for."""
        found = await store.last(self._stand.db) if self._begun else None
        if found is None:
            return "The release has not begun."
        return f"The release is stuck in {found.release.where}: {steering.waits_for(found)}."

    async def steps(self) -> list[Mapping[str, Any]]:
        """Each step with its evidence."""
        found = await store.last(self._stand.db) if self._begun else None
        if found is None:
            return []
        return [
            {
                "at": each.at.isoformat(),
                "from": each.from_state,
                "to": each.to_state,
                "verdict": each.verdict,
                "why": "; ".join(each.evidence.get("reasons", ())),
                "evidence": each.evidence,
            }
            for each in await store.steps(self._stand.db, found.release.id)
        ]

    async def shadow(self) -> ShadowSummary | None:
        """What the shadow found, if it came to it."""
        if not self.shadow_folder.exists():
            return None
        return await LocalDiffer(self.shadow_folder, (), ()).report()
