"""Builds on this machine: processes of a source tree, each found again by what is written down."""

import asyncio
import fcntl
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from core.errors import Complaint, Invalid, Unavailable
from core.settings import without
from deploy.ops.logs import LogFile
from deploy.release import processes
from deploy.release.config import LocalConfig
from deploy.release.model import Addresses, Part, Slot, Standing
from deploy.release.slots import PartRecord, SlotFolder, SlotRecord, recorded
from deploy.release.sources import Sources, said, sources_of, with_web_app

SHADOWS = (Slot.SHADOW_A, Slot.SHADOW_B)
LAST_LINES = 12
ReadOnly = Callable[[str], Awaitable[str]]


class LocalPlatform:
    """Starts and ends builds here; a later call, or another process's, finds them as they are."""

    def __init__(
        self,
        config: LocalConfig,
        environ: Mapping[str, str],
        *,
        tied: bool = False,
        read_only: ReadOnly | None = None,
    ) -> None:
        self.slots = SlotFolder(config.data / "slots")
        self.config = config
        self._environ = dict(environ)
        self._tied = tied
        self._read_only = read_only or _read_only_url
        self._builds: dict[str, Sources] = {}

    async def locate(self, build: str) -> str:
        """The folder of a build's sources: a ref may move on, and so may whoever says `../b`."""
        try:
            return str(await self.tree(build))
        except Unavailable as problem:
            raise Invalid(Complaint("build", problem.detail)) from problem

    async def standing(self) -> dict[Slot, str]:
        """Which build stands in blue and in green: what `beleg up` or a release has started."""
        found = {slot: self.slots.read(slot) for slot in (Slot.BLUE, Slot.GREEN)}
        return {slot: record.build for slot, record in found.items() if record}

    async def ensure(self, slot: Slot, standing: Standing) -> Addresses:
        """Let exactly this stand there and be ready; raises Unavailable saying why it is not."""
        sources = await self._sources(standing.build)
        if Part.BFF in standing.parts:
            sources = await with_web_app(sources)
        async with self._locked(slot):
            found = self._found(slot)
            if found is not None and await self._sources(found.build) != sources:
                await self._end(slot, found)
                found = None
            parts = dict(found.parts) if found else {}
            unwanted = {part: parts.pop(part) for part in [*parts] if part not in standing.parts}
            environ = await self._environ_of(slot, sources)
            for part in sorted(standing.parts - parts.keys()):
                # One after the other: a start takes a core, and somebody serves meanwhile.
                parts[part] = self._start(slot, part, sources, environ, parts)
                await self._part_ready(slot, part, parts[part])
            record = SlotRecord(str(sources.tree), parts)
            await self._await_ready(slot, record)
            # Only now: what takes over is ready before what it takes over from ends.
            await asyncio.gather(*map(processes.end, unwanted.values()))
            self.slots.write(slot, record)
            return record.addresses

    async def empty(self, slot: Slot) -> None:
        """Let what stands there answer what it has begun, and end."""
        async with self._locked(slot):
            if (found := self._found(slot)) is not None:
                await self._end(slot, found)
            self.slots.clear(slot)

    async def command(self, build: str, *words: str) -> str:
        """Run one of a build's own commands, such as `migrate`; what it said, or Unavailable."""
        sources = await self._sources(build)
        environ = sources.environ(self._environ)
        return await said(
            *sources.command(*words), cwd=sources.tree, environ=environ, tied=self._tied
        )

    async def tree(self, build: str) -> Path:
        """Where a build's sources are."""
        return (await self._sources(build)).tree

    def free_ports(self, count: int) -> list[int]:
        """So many ports that no slot has; asked for before anything else starts."""
        found: list[int] = []
        for _ in range(count):
            found.append(self._free_port(self._taken(set(found))))
        return found

    async def _sources(self, build: str) -> Sources:
        if build not in self._builds:
            builds, repository = self.config.data / "builds", self.config.repository
            self._builds[build] = await sources_of(build, builds, repository)
        return self._builds[build]

    @asynccontextmanager
    async def _locked(self, slot: Slot) -> AsyncIterator[None]:
        """One at a time works on a slot, of all processes."""
        self.slots.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = os.open(self.slots.folder / f"{slot}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            await asyncio.to_thread(fcntl.flock, held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)

    def _found(self, slot: Slot) -> SlotRecord | None:
        """What stands there, with what was started just before its starter was killed."""
        written = self.slots.written(slot)
        if written is None:
            return None
        parts = {}
        for part, each in written.parts.items():
            pid, began = (
                (each.pid, each.began) if each.pid else processes.noted(self._note(slot, part))
            )
            found = replace(each, pid=pid, began=began)
            if processes.alive(found):
                parts[part] = found
        return SlotRecord(written.build, parts) if parts else None

    async def _end(self, slot: Slot, found: SlotRecord) -> None:
        await asyncio.gather(*map(processes.end, found.parts.values()))
        self.slots.clear(slot)

    async def _environ_of(self, slot: Slot, sources: Sources) -> dict[str, str]:
        environ = sources.environ(self._environ)
        # Who serves strangers owns no table; who owns them makes the role that shadows read by.
        owner = environ.get("BELEG_DATABASE_OWNER_URL") or environ["BELEG_DATABASE_URL"]
        environ = without(environ, "BELEG_DATABASE_OWNER_URL")
        if slot in SHADOWS:
            url = await self._read_only(owner)
            environ.pop("BELEG_DATABASE_DIRECT_URL", None)
            environ |= {"BELEG_SHADOW": "true", "BELEG_DATABASE_URL": url}
        return environ

    def _start(
        self,
        slot: Slot,
        part: Part,
        sources: Sources,
        environ: Mapping[str, str],
        others: Mapping[Part, PartRecord],
    ) -> PartRecord:
        """Start a part; it is written down before, so that nobody loses it."""
        taken = self._taken({each.health for each in others.values()})
        health = self._free_port(taken)
        port = None if part is Part.WORKER else self._free_port(taken | {health})
        build = str(sources.tree)
        begun = PartRecord(0, "", health, port, self.config.host)
        note = self._note(slot, part)
        note.unlink(missing_ok=True)
        self.slots.write(slot, SlotRecord(build, {**others, part: begun}))
        words = [part.value, "--host", self.config.host, "--metrics-port", str(health)]
        if port is not None:
            words += ["--port", str(port), "--drain", str(self.config.drain_seconds)]
        pid = processes.start(
            sources.command(*words),
            cwd=sources.tree,
            environ=environ,
            log=self._log(slot, part).path,
            note=note,
            tied=self._tied,
            nice=slot in SHADOWS,  # nobody waits for what it says
        )
        record = recorded(pid, health, port, self.config.host)
        self.slots.write(slot, SlotRecord(build, {**others, part: record}))
        return record

    async def _await_ready(self, slot: Slot, record: SlotRecord) -> None:
        """Return once all parts say that they are ready; the true reason where one does not."""
        waiting = (self._part_ready(slot, part, each) for part, each in record.parts.items())
        await asyncio.gather(*waiting)

    async def _part_ready(self, slot: Slot, part: Part, record: PartRecord) -> None:
        deadline = time.monotonic() + self.config.ready_seconds
        place, why = f"http://{record.host}:{record.health}/readyz", "it does not answer"
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            while True:
                try:
                    answer = await http.get(place)
                    if answer.status_code == 200:
                        return
                    why = str(answer.json().get("detail", answer.text))
                except (httpx.TransportError, ValueError):
                    pass
                if not processes.alive(record):
                    raise self._unready(slot, part, "ended while it started")
                if time.monotonic() > deadline:
                    raise self._unready(slot, part, f"is not ready: {why}")
                await asyncio.sleep(processes.LOOK_SECONDS)

    def _unready(self, slot: Slot, part: Part, why: str) -> Unavailable:
        log = self._log(slot, part)
        lines = [f"The {part} of {slot} {why}. The end of {log.path}:", *log.last(LAST_LINES)]
        return Unavailable("\n".join(lines))

    def _log(self, slot: Slot, part: Part) -> LogFile:
        return LogFile(self.config.data / "logs" / f"{slot}-{part}.log")

    def _note(self, slot: Slot, part: Part) -> Path:
        return self.slots.folder / f"{slot}-{part}.pid"

    def _taken(self, own: set[int]) -> set[int]:
        """Ports that are given away, though perhaps nobody listens there yet."""
        records = [self.slots.written(slot) for slot in Slot]
        parts = [each for record in records if record for each in record.parts.values()]
        return own | {port for each in parts for port in (each.port, each.health) if port}

    def _free_port(self, taken: set[int]) -> int:
        for port in range(self.config.first_port, 65_536):
            if port not in taken and _is_free(self.config.host, port):
                return port
        raise Unavailable(f"No port from {self.config.first_port} on is free.")


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


async def _read_only_url(url: str) -> str:
    from deploy.release.shadow.role import ensure  # only a shadow needs it

    return await ensure(url)
