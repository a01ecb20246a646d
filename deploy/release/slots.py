"""What stands in each slot on this machine, written down so that whoever comes next finds it.

`FOLDER/<slot>.json` says the build and, for each part, its process, its ports, and when the process
began. A number that another process bears by now is no standing, and neither is a dead one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.release.model import Addresses, Part, Slot


@dataclass(frozen=True, slots=True)
class PartRecord:
    """One process: who it is, where it listens, where its health is asked."""

    pid: int
    began: str
    """When it began, as this machine's kernel says; tells it from a later bearer of its number."""
    health: int
    port: int | None = None
    host: str = "127.0.0.1"

    @property
    def alive(self) -> bool:
        """Whether it still is there, and is the same."""
        return bool(self.pid and self.began) and began(self.pid) == self.began


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """What was started in a slot: a build, as a platform finds it, and its parts."""

    build: str
    parts: Mapping[Part, PartRecord] = field(default_factory=dict)

    @property
    def addresses(self) -> Addresses:
        """Where its parts listen."""
        places = {
            part: (f"{found.host}:{found.port}",)
            for part, found in self.parts.items()
            if found.port is not None
        }
        asked = [self.parts[part] for part in Part if part in self.parts]
        health = tuple(f"{each.host}:{each.health}" for each in asked)
        return Addresses(places.get(Part.API, ()), places.get(Part.BFF, ()), health)


@dataclass(frozen=True, slots=True)
class SlotFolder:
    """The slots of one machine, a file each; a reader meets a whole file or none."""

    folder: Path

    def written(self, slot: Slot) -> SlotRecord | None:
        """What was started there, whether it lives or not."""
        try:
            found = json.loads(self._file(slot).read_text())
        except FileNotFoundError:
            return None
        parts = {Part(name): PartRecord(**_known(each)) for name, each in found["parts"].items()}
        return SlotRecord(found["build"], parts)

    def read(self, slot: Slot) -> SlotRecord | None:
        """What stands there: the parts that live; None where none does."""
        found = self.written(slot)
        if found is None:
            return None
        alive = {part: each for part, each in found.parts.items() if each.alive}
        return SlotRecord(found.build, alive) if alive else None

    def write(self, slot: Slot, record: SlotRecord) -> None:
        """Write down what stands there."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        parts = {
            part.value: {
                "pid": each.pid,
                "began": each.began,
                "host": each.host,
                "port": each.port,
                "health": each.health,
            }
            for part, each in record.parts.items()
        }
        fresh = self.folder / f"{slot}.{os.getpid()}.new"
        fresh.write_text(json.dumps({"build": record.build, "parts": parts}, indent=1) + "\n")
        fresh.replace(self._file(slot))

    def clear(self, slot: Slot) -> None:
        """Write down that nothing stands there."""
        self._file(slot).unlink(missing_ok=True)

    def _file(self, slot: Slot) -> Path:
        return self.folder / f"{slot}.json"


def _known(part: Mapping[str, Any]) -> dict[str, Any]:
    names = ("pid", "began", "host", "port", "health")
    return {"began": "", **{name: part[name] for name in names if name in part}}


def began(pid: int) -> str:
    """When a process began, as a word to compare; "" where there is none, or only what is left."""
    if sys.platform == "linux":
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return ""
        state, *rest = text[text.rindex(")") + 2 :].split()
        return "" if state in "ZX" else rest[18]
    asked = ("ps", "-o", "stat=,lstart=", "-p", str(pid))
    told = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    state, _, since = told.stdout.strip().partition(" ")
    return "" if not since or state.startswith("Z") else since.strip()


def recorded(pid: int, health: int, port: int | None = None, host: str = "127.0.0.1") -> PartRecord:
    """A process that was just started, as a slot's file keeps it."""
    return PartRecord(pid, began(pid), health, port, host)
