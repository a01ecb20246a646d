"""The process that stands ready with the parsers loaded and forks a reader for each file.

It never looks at a file itself. Each reader has a supervisor, which ends it when its time is
up and says at last how it ended. The worker starts it (`pool.py`); it ends when the worker does.
"""

import gc
import importlib
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from types import FrameType
from typing import BinaryIO, NoReturn

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.formats.pdf import tesseract
from core.isolation import archive, protocol
from core.isolation.lockdown import confine, end_with_parent
from core.isolation.recognition import Link, Recogniser, link
from core.statements.model import Item

RSS_UNIT = 1 if sys.platform == "darwin" else 1024

Parse = Callable[[BinaryIO], Iterator[Item]]
Reading = Callable[[BinaryIO], Iterator[protocol.Frame]]


def serve(connection: socket.socket, parse: Parse) -> None:
    """Fork a supervisor and a reader for each request, until nobody can send any."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a supervisor says all by itself
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)  # what is read stays until it is told: little is garbage
    while True:
        request, fds, _, _ = socket.recv_fds(connection, protocol.REQUEST.size, 2)
        if not request:
            return
        if os.fork() == 0:
            try:
                connection.close()
                memory, seconds, work, unpacks = protocol.REQUEST.unpack(request)
                read = archive.unpack if unpacks else _framed(parse)
                _supervise(read, fds[0], fds[1], memory, seconds, work)
            except BrokenPipeError:  # whoever asked does not want to know any more
                pass
            finally:
                os._exit(0)
        for fd in fds:
            os.close(fd)


def _supervise(
    read: Reading, file: int, answer: int, memory: int, seconds: float, work: float
) -> None:
    """Let a reader read, at most so long; end what it left running, and send how it went."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    started = time.monotonic()
    theirs, ours = link()
    reader = os.fork()
    if reader == 0:
        ours.close()
        _run_reader(read, theirs, file, answer, memory, work)
    theirs.close()
    killed, recogniser = [], Recogniser(ours, reader, memory)

    def kill(number: int, _frame: FrameType | None) -> None:
        killed.append(number)
        os.killpg(reader, signal.SIGKILL)
        recogniser.kill()

    _lead_group(reader)
    signal.signal(signal.SIGALRM, kill)
    signal.signal(signal.SIGTERM, kill)
    end_with_parent(signal.SIGTERM)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    recogniser.serve()
    _, status, used = os.wait4(reader, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    _kill_group(reader)
    by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    ended = protocol.Ended(
        status=os.waitstatus_to_exitcode(status),
        signal=by,
        timed_out=bool(killed),
        peak_bytes=used.ru_maxrss * RSS_UNIT,
        cpu_seconds=used.ru_utime + used.ru_stime,
        wall_seconds=time.monotonic() - started,
    )
    _send(answer, b"\n" + protocol.write(ended))  # the reader may have died in the middle of a line


def _framed(parse: Parse) -> Reading:
    """What a file's items are as frames."""
    return lambda source: protocol.frames(parse(source))


def _run_reader(
    read: Reading, theirs: Link, file: int, answer: int, memory: int, seconds: float
) -> NoReturn:
    """Read the file and send its items; this process is confined and trusted with nothing."""
    status = 1
    try:
        _lead_group(0)
        end_with_parent(signal.SIGKILL)
        _detach()
        confine(memory, seconds)
        tesseract.run = theirs.ask
        _send_frames(read, os.fdopen(file, "rb"), answer)
        status = 0
    finally:
        os._exit(status)


def _send_frames(read: Reading, source: BinaryIO, answer: int) -> None:
    last: protocol.Frame
    try:
        for frame in read(source):
            _send(answer, protocol.write(frame))
        return
    except Unreadable as refusal:
        last = protocol.Refusal(refusal.code, refusal.reason)
    except MemoryError:
        last = protocol.Refusal("too_much_memory", Bilingual("", ""))
    except BrokenPipeError:
        return
    except Exception as problem:
        # Without the message: that may quote the file.
        where = "".join(traceback.format_tb(problem.__traceback__)) + type(problem).__qualname__
        last = protocol.Failure(where)
    _send(answer, protocol.write(last))


def _send(answer: int, data: bytes) -> None:
    remaining = memoryview(data)
    while remaining:
        remaining = remaining[os.write(answer, remaining) :]


def _lead_group(process: int) -> None:
    """Make the process the first of a group; both it and its supervisor do, whoever is faster."""
    try:
        os.setpgid(process, process)
    except OSError:
        return


def _kill_group(reader: int) -> None:
    try:
        os.killpg(reader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _detach() -> None:
    """Read nothing, print nowhere: libraries are talkative about broken files."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)


def main() -> None:
    """Serve the requests that come in by standard input, with the parsers of the module named."""
    with socket.socket(fileno=os.dup(0)) as connection:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        serve(connection, importlib.import_module(sys.argv[1]).read)
