"""Reads a file in a process of its own, so that no file can harm the worker or another file.

The parsers' process stands warm (`server.py`) and forks a reader for each file, which costs
milliseconds. What the reader says comes back while it reads.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple
from signal import SIGABRT, SIGKILL, SIGXCPU
from threading import Lock
from typing import BinaryIO, Self

import structlog

from core import telemetry
from core.bilingual import Bilingual
from core.errors import Unreadable
from core.isolation import protocol
from core.isolation.archive import MOST_BYTES as MOST_UNPACKED
from core.isolation.limits import (
    Limits,
    crashed,
    says_too_much,
    too_costly,
    too_much_memory,
    too_slow,
)
from core.isolation.protocol import REQUEST, Unpacked
from core.statements.model import Item

PARSERS = "core.formats.parsers"
MOST_BYTES = 256 * 1024 * 1024  # that a file may say: some 600,000 transactions
MOST_ENCODED = MOST_UNPACKED * 3 // 2  # of an archive's files in Base64, their names besides
# Libraries in C end themselves where memory ends. Their buffers grow by doubling: the one that did
# not fit would have been twice what was there, so at least a third of all was taken.
FULL = 3
SERVER = "from core.isolation.server import main; main()"
PATH = "/usr/local/bin:/usr/bin:/bin"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # a reader can start no other
log = structlog.get_logger()


class ParserFailed(Exception):
    """A parser has an error of ours, or was killed from outside; the file may be fine."""


class ParserPool:
    """Where files are read; its parsers' process is started once, at the latest for a file."""

    def __init__(self, limits: Limits | None = None, parsers: str = PARSERS) -> None:
        self._limits = limits or Limits()
        self._parsers = parsers
        self._lock = Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket

    def __enter__(self) -> Self:
        """Have the parsers ready before the first file comes."""
        with self._lock:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the parsers' process, and with it whatever is still being read."""
        with self._lock:
            self._stop()

    def connection(self) -> int:
        """What the parsers are asked by, for another process of ours that has files read."""
        with self._lock:
            if self._server is None or self._server.poll() is not None:
                self._stop()
                self._start()
            return self._connection.fileno()

    def read(self, source: BinaryIO, *, quick: bool = False) -> Iterator[Item]:
        """Each item of the file as it is read; raises Unreadable with a reason for the sender.

        Reading one that is meant to be quick may take less.
        """
        for item in self._said(source, MOST_BYTES, quick=quick):
            if not isinstance(item, Unpacked):
                yield item

    def unpack(self, source: BinaryIO) -> Iterator[Unpacked]:
        """Each file of an archive, its bytes behind it; raises Unreadable as reading does."""
        for item in self._said(source, MOST_ENCODED, unpacks=True):
            if isinstance(item, Unpacked):
                yield item

    def _said(
        self, source: BinaryIO, most: int, *, quick: bool = False, unpacks: bool = False
    ) -> Iterator[Item | Unpacked]:
        source.flush()
        size = os.fstat(source.fileno()).st_size
        limits = self._limits.of_file(size, quick=quick)
        out, into = os.pipe()
        with os.fdopen(out, "rb", buffering=1 << 16) as answer:
            try:
                request = REQUEST.pack(*astuple(limits), unpacks)
                self._request(request, source.fileno(), into)
            finally:
                os.close(into)
            with telemetry.READERS.track_inprogress():
                yield from _items(answer, limits, most)

    def _request(self, request: bytes, file: int, answer: int) -> None:
        """Have a reader forked for the file; a server that has ended is started anew, once."""
        with self._lock:
            if self._server is not None and self._server.poll() is not None:
                self._stop()
            if self._server is None:
                self._start()
            try:
                socket.send_fds(self._connection, [request], [file, answer])
            except OSError:
                self._stop()
                self._start()
                socket.send_fds(self._connection, [request], [file, answer])

    def _start(self) -> None:
        """The parsers' process, which is told nothing of what this one knows."""
        self._connection, theirs = socket.socketpair()
        with theirs:
            self._server = subprocess.Popen(  # noqa: S603 - all of it is ours
                (sys.executable, "-c", SERVER, self._parsers),
                stdin=theirs.fileno(),
                env={
                    "PATH": PATH,
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                    **ONE_THREAD,
                },
                start_new_session=True,
            )

    def _stop(self) -> None:
        if self._server is not None:
            with suppress(OSError):  # whoever shares the connection keeps the parsers no longer
                self._connection.shutdown(socket.SHUT_WR)
            self._connection.close()
            self._server.wait()
            self._server = None


def _items(answer: BinaryIO, limits: Limits, remaining: int) -> Iterator[Item | Unpacked]:
    garbled = False
    refusal: Unreadable | None = None
    while data := answer.readline(remaining):
        remaining -= len(data)
        if remaining <= 0:
            raise says_too_much()
        if data == b"\n":
            continue
        match protocol.read(data):
            case protocol.Ended() as ended:
                _log_ended(ended)
                if (refusal := refusal or _refusal(ended, limits, garbled)) is not None:
                    raise refusal
                return
            case protocol.Refusal("too_much_memory"):
                refusal = too_much_memory(limits)
            case protocol.Refusal("too_slow"):
                refusal = too_costly(limits)
            case protocol.Refusal(code, reason):
                refusal = Unreadable(reason, code)
            case protocol.Failure(where):
                log.error("parser_failed", where=where)
                raise ParserFailed
            case list(rows):
                yield from rows
            case None:
                garbled = True
            case item:
                yield item
    log.error("reader_stopped", how="with its supervisor")
    raise ParserFailed


def _refusal(ended: protocol.Ended, limits: Limits, garbled: bool) -> Unreadable | None:
    """Why the file counts as unreadable, unless its reader ended well."""
    if ended.timed_out:
        return too_slow(limits)
    if ended.signal in (SIGXCPU, SIGKILL) and ended.cpu_seconds >= limits.processor_seconds:
        return too_costly(limits)
    if ended.signal == SIGKILL:
        log.error("reader_stopped", how="killed from outside")
        raise ParserFailed
    if ended.signal == SIGABRT and ended.peak_bytes * FULL >= limits.memory_bytes:
        return too_much_memory(limits)
    if ended.signal:
        return _crashed(limits, Bilingual(f"signal {ended.signal}", f"Signal {ended.signal}"))
    if ended.status or garbled:
        return _crashed(limits, Bilingual(f"status {ended.status}", f"Status {ended.status}"))
    return None


def _crashed(limits: Limits, how: Bilingual) -> Unreadable:
    log.error("reader_crashed", how=how.en)
    return crashed(limits, how)


def _log_ended(ended: protocol.Ended) -> None:
    log.info(
        "reader_ended",
        status=ended.status,
        peak_mib=ended.peak_bytes >> 20,
        cpu_ms=round(ended.cpu_seconds * 1000),
        ms=round(ended.wall_seconds * 1000),
    )
