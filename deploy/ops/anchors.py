"""Says outside the database how far the audit log is sealed, where its owner cannot take it back.

An anchor is one line of JSON: when, of which instance, the last seal's number and its hash. It goes
to a file, into the log, or to whoever takes it by HTTP.
"""

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import structlog

from core.audit import Head
from core.errors import Complaint, Invalid

EVENT = "audit_anchor"
SECONDS = 10.0
LAST_BYTES = 64 * 1024
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where an instance says how far its log is sealed."""

    places: tuple[str, ...]
    instance: str

    @classmethod
    def of(cls, text: str, instance: str) -> "Anchors":
        """The places that a setting names, apart by white space."""
        return cls(tuple(text.split()), instance)

    async def tell(self, head: Head) -> int:
        """Say it everywhere; how many did not take it. None keeps the others from being told."""
        said = {
            "at": datetime.now(UTC).isoformat(),
            "event": EVENT,
            "instance": self.instance,
            "seal": head.number,
            "hash": head.hash.hex(),
        }
        return [await self._tell(place, said) for place in self.places].count(False)

    async def _tell(self, place: str, said: dict[str, Any]) -> bool:
        try:
            if place == "log":
                log.info(EVENT, seal=said["seal"], hash=said["hash"])
            elif place.startswith("file:"):
                await asyncio.to_thread(_append, _file(place), json.dumps(said))
            else:
                async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
                    (await http.post(place, json=said)).raise_for_status()
        except (OSError, httpx.HTTPError, httpx.InvalidURL) as problem:
            where = urlsplit(place).hostname or "file"
            log.warning("audit_anchor_not_taken", where=where, problem=type(problem).__name__)
            return False
        return True

    def last(self) -> Head | None:
        """How far it was sealed as the files have it, where that was said in any."""
        heads = [_last(_file(each), self.instance) for each in self.places if each[:5] == "file:"]
        return max(filter(None, heads), key=lambda each: each.number, default=None)


def read(file: Path, instance: str) -> list[Head]:
    """The anchors of an instance in a file; raises Invalid where there are none in it."""
    try:
        heads = list(_heads(file.read_text().splitlines(), instance))
    except (OSError, UnicodeDecodeError) as problem:
        raise Invalid(Complaint("anchors", f"{file} cannot be read: {problem}")) from None
    if not heads:
        raise Invalid(Complaint("anchors", f"{file} has no anchor of this instance's audit log"))
    return heads


def _heads(lines: Sequence[str], instance: str) -> Iterator[Head]:
    """The anchors among lines, which may be a whole log; what is none is passed over."""
    for line in lines:
        try:
            said = json.loads(line)
            if said["event"] != EVENT or said.get("instance", "") not in ("", instance):
                continue
            at = datetime.fromisoformat(said.get("at") or said["timestamp"])
            yield Head(int(said["seal"]), bytes.fromhex(said["hash"]), at)
        except (ValueError, TypeError, LookupError):
            continue


def _last(file: Path, instance: str) -> Head | None:
    """The newest anchor in a file, which may have grown long."""
    try:
        with file.open("rb") as opened:
            opened.seek(0, os.SEEK_END)
            opened.seek(max(0, opened.tell() - LAST_BYTES))
            lines = opened.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return None
    return next(_heads(lines[::-1], instance), None)


def _append(file: Path, line: str) -> None:
    """Add a line, on disk when this returns."""
    opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(opened, f"{line}\n".encode())
        os.fsync(opened)
    finally:
        os.close(opened)


def _file(place: str) -> Path:
    return Path(unquote(urlsplit(place).path))
