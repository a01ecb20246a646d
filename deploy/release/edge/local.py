"""An edge on one machine, before the parts that `beleg up` runs as slot blue.

What stands in blue and where a release finds all of it is written into the data folder, so that
`beleg release start --file DATA/release.toml` works on it.
"""

import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from core.errors import Unavailable
from deploy.ops.logs import LogFile
from deploy.ops.program import Program
from deploy.release.edge.files import initial, write
from deploy.release.edge.process import EnvoyProcess
from deploy.release.edge.settings import Certificate, EdgeSettings
from deploy.release.model import Part, Routing, Slot
from deploy.release.slots import PartRecord, SlotFolder, SlotRecord, recorded

HERE = Path(__file__).parent.parent.parent.parent
LOOPBACK = "127.0.0.1"
PLAN = "[plan]\n"
PEACEFUL = (0, -signal.SIGTERM)
END_SECONDS = 45.0
LOOK_SECONDS = 0.05
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PartPorts:
    """Where a part listens on loopback, if it does, and where it says how it is."""

    health: int
    port: int | None = None


@dataclass(frozen=True, slots=True)
class LocalEdge:
    """Where it listens, where the parts do, and the folder that all of it is written into."""

    data: Path
    host: str
    api_port: int
    web_port: int
    admin_port: int
    parts: Mapping[Part, PartPorts]
    trusted_hops: int = 1
    certificate: Certificate | None = None
    running: dict[Part, Program] = field(default_factory=dict)

    @property
    def settings(self) -> EdgeSettings:
        """How Envoy is set up; of the trusted hops it is the last."""
        return EdgeSettings(
            self.data / "edge",
            host=self.host,
            api_port=self.api_port,
            web_port=self.web_port,
            admin_port=self.admin_port,
            certificate=self.certificate,
            trusted_hops=self.trusted_hops - 1,
        )

    def process(self, log: LogFile) -> EnvoyProcess:
        """Envoy, with everybody sent to blue."""
        settings = self.settings
        write(
            settings.folder,
            initial(settings, Routing(Slot.BLUE), {Slot.BLUE: self._blue.addresses}),
        )
        return EnvoyProcess(settings.folder, f"{LOOPBACK}:{self.admin_port}", log)

    def write_down(self) -> None:
        """Write down which processes stand in blue."""
        SlotFolder(self.data / "slots").write(Slot.BLUE, self._blue)

    def write_config(self, environ: Mapping[str, str], first_port: int) -> None:
        """Write `release.toml`, for its owner alone: it holds how to get at the database."""
        lines = [
            "# Written by `beleg up --edge` at each start; from [plan] on it is yours, and kept.",
            'platform = "local"',
            "[edge]",
            'folder = "edge"',
            f'admin = "{LOOPBACK}:{self.admin_port}"',
            "[local]",
            'data = "."',
            f"first_port = {first_port}",
            "[environment]",
            *(
                f"{name} = {json.dumps(value)}"
                for name, value in sorted(environ.items())
                if name.startswith("BELEG_")
            ),
        ]
        file, fresh = self.data / "release.toml", self.data / "release.toml.new"
        before = file.read_text() if file.exists() else ""
        lines += [f"{PLAN}{own}".rstrip() for own in before.partition(PLAN)[2:] if own]
        fresh.unlink(missing_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write("\n".join(lines) + "\n")
        fresh.replace(file)

    @property
    def _blue(self) -> SlotRecord:
        found = {}
        for part, ports in self.parts.items():
            program = self.running.get(part)
            pid = program.pid if program else 0
            found[part] = recorded(pid, ports.health, ports.port)
        return SlotRecord(str(HERE), found)


class SlotProgram(Program):
    """A part in a slot: started anew it is written down; one that a release ends stays away."""

    edge: LocalEdge
    part: Part
    _let_go = False

    def start(self) -> None:
        """Start it, and write down that it is there."""
        super().start()
        self.edge.running[self.part] = self
        if set(self.edge.running) == set(self.edge.parts):
            self.edge.write_down()

    def ended(self) -> int | None:
        """The exit code of one that crashed; None while it runs, and where it was told to end."""
        code = super().ended()
        if code not in PEACEFUL:
            return code
        if not self._let_go:
            self._let_go = True
            log.info("part_let_go", part=self.name)
        return None


class OtherSlots:
    """What releases have started beside blue: it ends with `beleg up`, or before the next."""

    name = "other slots"
    log: LogFile | None = None

    def __init__(self, data: Path) -> None:
        self._slots = SlotFolder(data / "slots")

    def start(self) -> None:
        """End what a run that was killed has left behind."""
        self.stop()

    def ended(self) -> int | None:
        """They are a release's business while it goes on."""
        return None

    def stop(self) -> None:
        """End them all, and forget what stood where."""
        found: list[PartRecord] = []
        for slot in Slot:
            if (record := self._slots.read(slot)) is not None:
                found += record.parts.values()
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for each in found:
                if each.alive:
                    os.kill(each.pid, sign)
            deadline = time.monotonic() + END_SECONDS
            while any(each.alive for each in found) and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)
        if any(each.alive for each in found):
            raise Unavailable("What a release has started does not end, not even by force.")
        for slot in Slot:
            self._slots.clear(slot)
