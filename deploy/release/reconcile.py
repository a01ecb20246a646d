"""Making the world as a release's state wants it: idempotent, so that whoever comes next may."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from core.errors import Refused, Unavailable
from deploy.release.composition import Composition
from deploy.release.machine import ON_A, Release, world
from deploy.release.model import Addresses, Differ, ReleaseState, Routing, Slot, Standing

Told = Callable[[str], None]
EXPANDING = (("migrate",), ("backfill", "run"))
"""B's own commands, which alone know what B brings."""


class CannotStart(Refused):
    """B does not stand: it cannot be migrated to, or does not become ready."""

    code = "cannot_start"


class Reconciler:
    """Starts, routes and ends what a state wants; serving comes first, ending last."""

    def __init__(self, parts: Composition, told: Told) -> None:
        self._parts = parts
        self._told = told

    async def make(self, release: Release, known: dict[Slot, Addresses]) -> dict[Slot, Addresses]:
        """Make it so and return where everything listens; `known` is where it last did.

        Raises CannotStart where that is B's fault, Unavailable where it is somebody else's.
        """
        wanted = world(release)
        await self._route_back(release, known)
        addresses = {
            slot: await self._stand(release, slot, standing)
            for slot, standing in wanted.standings.items()
        }
        if release.state is ReleaseState.EXPAND:
            await self._expand(release)
        routing = wanted.routing
        if routing.mirrored:
            self._told("the differ starts")
            routing = replace(routing, differ=await self.differ(addresses).start())
        self._told(f"everybody is sent where {release.where} wants them")
        await self._parts.edge.apply(routing, addresses)
        if not routing.mirrored:
            await self.differ(known).stop()
        for slot in Slot:
            if slot not in wanted.standings:
                await self._parts.platform.empty(slot)
        return addresses

    async def route(self, release: Release, addresses: Mapping[Slot, Addresses]) -> None:
        """Send everybody where the release wants them, of processes that stand already."""
        await self._parts.edge.apply(world(release).routing, addresses)

    def differ(self, addresses: dict[Slot, Addresses]) -> Differ:
        """The differ between the shadows that listen there."""
        a, b = (addresses.get(each, Addresses()) for each in (Slot.SHADOW_A, Slot.SHADOW_B))
        return self._parts.differ(a, b)

    async def _route_back(self, release: Release, known: dict[Slot, Addresses]) -> None:
        """Send everybody to A before anything else, where it is known to stand."""
        if release.state not in ON_A or release.a_slot not in known:
            return
        self._told("everybody is sent to A")
        a = {release.a_slot: known[release.a_slot]}
        try:
            await self._parts.edge.apply(Routing(release.a_slot), a)
        except Unavailable as problem:  # it is tried again once A is seen to stand
            self._told(problem.detail)

    async def _stand(self, release: Release, slot: Slot, standing: Standing) -> Addresses:
        parts = ", ".join(sorted(each.value for each in standing.parts))
        self._told(f"{slot}: {standing.build} ({parts})")
        try:
            return await self._parts.platform.ensure(slot, standing)
        except Unavailable as problem:
            if slot in (release.slot, Slot.SHADOW_B):
                raise CannotStart(f"B does not start in {slot}: {problem.detail}") from problem
            raise Unavailable(f"A does not start in {slot}: {problem.detail}") from problem

    async def _expand(self, release: Release) -> None:
        for words in EXPANDING:
            self._told(f"B's `beleg {' '.join(words)}`")
            try:
                await self._parts.platform.command(release.b, *words)
            except Unavailable as problem:
                said = f"B's `beleg {' '.join(words)}` fails: {problem.detail}"
                raise CannotStart(said) from problem
