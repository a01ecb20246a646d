"""Reads a file in a process of its own, so that no file can harm the worker or another file.

The parsers' process stands warm (`server.py`) and forks a reader for each file, which costs
milliseconds. What the reader says comes back while it reads.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from signal import SIGABRT
from threading import Lock
from typing import BinaryIO, Self

import structlog

from core import telemetry
from core.bilingual import Bilingual
from core.errors import Unreadable
from core.isolation import protocol
from core.isolation.archive import MOST_BYTES as MOST_UNPACKED
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
log = structlog.get_logger()


class ParserFailed(Exception):
    """A parser has an error of ours; the file may be fine."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take."""

    memory_bytes: int = 1024 * 1024 * 1024
    seconds: float = 600.0


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

    def read(self, source: BinaryIO) -> Iterator[Item]:
        """Each item of the file as it is read; raises Unreadable with a reason for the sender."""
        for item in self._said(source, MOST_BYTES):
            if not isinstance(item, Unpacked):
                yield item

    def unpack(self, source: BinaryIO) -> Iterator[Unpacked]:
        """Each file of an archive, its bytes behind it; raises Unreadable as reading does."""
        for item in self._said(source, MOST_ENCODED, unpacks=True):
            if isinstance(item, Unpacked):
                yield item

    def _said(
        self, source: BinaryIO, most: int, *, unpacks: bool = False
    ) -> Iterator[Item | Unpacked]:
        source.flush()
        out, into = os.pipe()
        with os.fdopen(out, "rb", buffering=1 << 16) as answer:
            try:
                self._request(source.fileno(), into, unpacks)
            finally:
                os.close(into)
            with telemetry.READERS.track_inprogress():
                yield from self._items(answer, most)

    def _items(self, answer: BinaryIO, remaining: int) -> Iterator[Item | Unpacked]:
        garbled = False
        refusal: Unreadable | None = None
        while data := answer.readline(remaining):
            remaining -= len(data)
            if remaining <= 0:
                raise Unreadable(
                    Bilingual(
                        "The file says more than is taken in at once. Send it in smaller files.",
                        "Die Datei enthält mehr, als auf einmal verarbeitet wird. Bitte in"
                        " kleineren Dateien senden.",
                    ),
                    code="too_much",
                )
            if data == b"\n":
                continue
            match protocol.read(data):
                case protocol.Ended() as ended:
                    _log_ended(ended)
                    if (refusal := refusal or self._refusal(ended, garbled)) is not None:
                        raise refusal
                    return
                case protocol.Refusal("too_much_memory"):
                    refusal = self._too_much_memory()
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
        raise self._crashed(Bilingual("it was stopped from outside", "es wurde von außen beendet"))

    def _refusal(self, ended: protocol.Ended, garbled: bool) -> Unreadable | None:
        """Why the file counts as unreadable, unless its reader ended well."""
        if ended.timed_out:
            seconds = self._limits.seconds
            return Unreadable(
                Bilingual(
                    f"Reading this file takes longer than the {seconds:g} seconds that"
                    " a file may take. Send the statements in several smaller files.",
                    f"Das Lesen dieser Datei dauert länger als die {seconds:g} Sekunden, die eine"
                    " Datei dauern darf. Bitte die Kontoauszüge in mehreren kleineren Dateien"
                    " senden.",
                ),
                code="too_slow",
            )
        if ended.signal == SIGABRT and ended.peak_bytes * FULL >= self._limits.memory_bytes:
            return self._too_much_memory()
        if ended.signal:
            return self._crashed(Bilingual(f"signal {ended.signal}", f"Signal {ended.signal}"))
        if ended.status or garbled:
            return self._crashed(Bilingual(f"status {ended.status}", f"Status {ended.status}"))
        return None

    def _too_much_memory(self) -> Unreadable:
        mib = self._limits.memory_bytes >> 20
        return Unreadable(
            Bilingual(
                f"Reading this file takes more than the {mib} MiB of memory"
                " that a file may take. Send the statements in several smaller files.",
                f"Das Lesen dieser Datei braucht mehr als die {mib} MiB Arbeitsspeicher, die eine"
                " Datei belegen darf. Bitte die Kontoauszüge in mehreren kleineren Dateien senden.",
            ),
            code="too_much_memory",
        )

    def _crashed(self, how: Bilingual) -> Unreadable:
        log.error("reader_crashed", how=how.en)
        mib = self._limits.memory_bytes >> 20
        return Unreadable(
            Bilingual(
                f"The program that reads such files broke down over this one ({how.en}); it is"
                f" damaged, made in a way that is not understood, or needs more than {mib} MiB of"
                " memory. Export it anew, if you can as CAMT.053.",
                f"Das Programm, das solche Dateien liest, ist an dieser gescheitert ({how.de}); sie"
                f" ist beschädigt, unverständlich aufgebaut oder braucht mehr als {mib} MiB"
                " Arbeitsspeicher. Bitte neu exportieren, möglichst als CAMT.053.",
            ),
            code="reader_crashed",
        )

    def _request(self, file: int, answer: int, unpacks: bool) -> None:
        """Have a reader forked for the file; a server that has ended is started anew, once."""
        request = REQUEST.pack(self._limits.memory_bytes, self._limits.seconds, unpacks)
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
                env={"PATH": PATH, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,
            )

    def _stop(self) -> None:
        if self._server is not None:
            self._connection.close()
            self._server.wait()
            self._server = None


def _log_ended(ended: protocol.Ended) -> None:
    log.info(
        "reader_ended",
        status=ended.status,
        peak_mib=ended.peak_bytes >> 20,
        cpu_ms=round(ended.cpu_seconds * 1000),
        ms=round(ended.wall_seconds * 1000),
    )
