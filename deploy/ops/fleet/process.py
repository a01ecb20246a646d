"""One command of one instance, in a process of its own that does not outlive the fleet's."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from deploy.ops.lifeline import lifeline

END_SECONDS = 10.0
KEPT_LINES = 400
LINE_BYTES = 1024 * 1024
TIMED_OUT = -1


@dataclass(frozen=True, slots=True)
class CommandEnd:
    """How a command ended: its exit code, and what it printed."""

    code: int
    output: str
    errors: str
    last_line: str


async def run(
    words: Sequence[str],
    environ: Mapping[str, str],
    seconds: float | None,
    told: Callable[[str], None],
) -> CommandEnd:
    """Run `beleg ...` to its end, or end it after so many seconds; `told` hears what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.ops.cli", *words),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env=dict(environ),
        limit=LINE_BYTES,
        process_group=0,  # Ctrl-C is for the fleet's command, which ends this one itself
        preexec_fn=lifeline(signal.SIGTERM),
    )
    output, errors = deque[str](maxlen=KEPT_LINES), deque[str](maxlen=KEPT_LINES)
    last_line = ""

    def hear(line: str) -> None:
        nonlocal last_line
        if said := progress(line):
            last_line = said
            told(said)

    reading = asyncio.gather(
        _keep(process.stdout, output, hear), _keep(process.stderr, errors, hear)
    )
    try:
        async with asyncio.timeout(seconds):
            await reading
            code = await process.wait()
    except TimeoutError:
        code = TIMED_OUT
    finally:
        await _end(process)
        reading.cancel()
    return CommandEnd(code, "".join(output), "".join(errors), last_line)


async def _keep(
    stream: asyncio.StreamReader | None, lines: deque[str], told: Callable[[str], None]
) -> None:
    while stream is not None and (line := await stream.readline()):
        lines.append(line.decode(errors="replace"))
        told(lines[-1])


async def _end(process: Process) -> None:
    """End it if it still runs; a migration that is cut off is undone by its database."""
    if process.returncode is not None:
        return
    try:
        process.terminate()
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
    except ProcessLookupError:
        await process.wait()


def progress(line: str) -> str:
    """What a line of a command's says, for people: of a log line its event and what is in it."""
    try:
        said = json.loads(line)
    except json.JSONDecodeError:
        return line.strip()
    if not isinstance(said, dict) or "event" not in said:
        return line.strip()
    hidden = ("event", "level", "timestamp", "logger")
    rest = [str(value) for name, value in said.items() if name not in hidden]
    return " ".join([str(said["event"]).replace("_", " "), *rest])
