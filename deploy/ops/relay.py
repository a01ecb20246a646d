"""What the parts' logs say, passed on to the terminal: what is wrong in words, or all as it is."""

import json
import re
import time
from datetime import datetime
from pathlib import Path
from signal import Signals
from typing import Any

from deploy.ops.logs import LogFile
from deploy.ops.terminal import Terminal, printable

LOUD = frozenset({"warning", "error", "critical"})
LOUD_TEXT = re.compile(r"(Traceback|Exception|Fatal Python error)\b|.*( PANIC: |Warning: )")
NAME = re.compile(r"[a-z0-9_]+\Z")
APART = frozenset({"event", "level", "at", "exception"})
CLOCK = "%b %d %H:%M:%S"
SHOWN = "its last lines above say why"
LAST_LINES = 12
REPEAT_SECONDS = 60.0
REMEMBERED = 200


class Relay:
    """Reads the parts' logs along for whoever sits at the terminal."""

    def __init__(self, terminal: Terminal, *, verbose: bool = False) -> None:
        self.terminal = terminal
        self._verbose = verbose
        self._told: dict[tuple[str, str], tuple[float, int]] = {}

    def look(self, part: str, log: LogFile | None) -> None:
        """Pass on what a part has written since the last look."""
        for line in log.fresh() if log else ():
            if self._verbose:
                self.terminal.say(f"{part} | {line}")
            elif log and (text := self._worth_telling(part, line)):
                self.terminal.say(f"{text}, see {near(log.path)}")

    def ended(self, part: str, log: LogFile | None, code: int, then: str = "") -> str:
        """Say that a part ended which should not have, and return where a person reads why."""
        if self._verbose:
            self.look(part, log)
        self.note(part, f"{how_it_ended(code)}. {then}".rstrip())
        return self.last_lines(log)

    def note(self, part: str, what: str) -> None:
        """Say what has become of a part."""
        self.terminal.say(f"{_clock(datetime.now())} {part} {what}")

    def last_lines(self, log: LogFile | None) -> str:
        """Show what a part wrote last and where the rest is, and return that in half a sentence."""
        if log is None:
            return SHOWN
        log.fresh()  # what is shown here need not be told again
        lines = [text for line in log.last(LAST_LINES) for text in readable(line)]
        if not lines:
            self.terminal.say(f"  It wrote nothing to {near(log.path)}.")
            return "it wrote nothing"
        self.terminal.say(f"  Its last lines, out of {near(log.path)}:")
        for text in lines:
            self.terminal.say(f"  | {text}")
        return SHOWN

    def _worth_telling(self, part: str, line: str) -> str | None:
        """What to say of a line; None where it is business as usual, or said a moment ago."""
        record = parsed(line)
        if "of" in record:
            self.terminal.note(f"{record.get('number')} of {record['of']}")
        if record.get("level") not in LOUD and (record or not LOUD_TEXT.match(line)):
            return None
        kind = (part, str(record.get("event", line))[:80])
        at, untold = self._told.get(kind, (-REPEAT_SECONDS, 0))
        if time.monotonic() < at + REPEAT_SECONDS:
            self._told[kind] = (at, untold + 1)
            return None
        if len(self._told) >= REMEMBERED:
            self._told.clear()
        self._told[kind] = (time.monotonic(), 0)
        more = f", {untold} times more since it was last told" if untold else ""
        return f"{headline(part, line)}{more}"


def parsed(line: str) -> dict[str, Any]:
    """The fields of a line that one of our own parts logged; none of any other."""
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) and "event" in record else {}


def headline(part: str, line: str) -> str:
    """A line of a part's log in one line: when, who, how bad, what."""
    record = parsed(line)
    if not record:
        return f"{_clock(datetime.now())} {part} wrote: {printable(line)}"
    kind = str(record.get("exception", "")).rpartition("\n")[2]
    return printable(
        f"{_when(record)} {part} {record.get('level', 'info')}: {_sentence(record)}"
        f"{kind and f', {kind}'}"
    )


def readable(line: str) -> list[str]:
    """A line of a log as a person reads it, with where an error came from below it."""
    record = parsed(line)
    if not record:
        return [printable(line)]
    text = f"{_when(record)} {record.get('level', 'info')}: {_sentence(record)}"
    trace = str(record.get("exception", "")).splitlines()
    return [printable(each) for each in (text, *trace)]


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def near(path: Path) -> Path:
    """The path as it is shortest from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _sentence(record: dict[str, Any]) -> str:
    """An event's name in words, with what else the line says."""
    event = str(record["event"])
    words = event.replace("_", " ") if NAME.match(event) else event
    fields = [f"{name} {value}" for name, value in record.items() if name not in APART]
    return f"{words} ({', '.join(fields)})" if fields else words


def _when(record: dict[str, Any]) -> str:
    try:
        return _clock(datetime.fromisoformat(str(record.get("at"))).astimezone())
    except ValueError:
        return _clock(datetime.now())


def _clock(moment: datetime) -> str:
    return moment.strftime(CLOCK)
