"""Large files are taken in, and large cases examined, by processes of their own.

An interpreter does one thing at a time: beside a table of thirty thousand bookings a small file of
another partner would wait in the worker. A server (`server.py`) stands warm and forks a process for
each job, so that all memory it took is given back as it ends: with its job, or with the worker.
"""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

import orjson
import structlog

from core import telemetry
from core.documents import DocumentStatus
from core.errors import Unavailable
from core.isolation import ParserPool
from core.settings import Settings

SERVER = "from core.reading.server import main; main()"
log = structlog.get_logger()


class ReadingFailed(Exception):
    """A process has an error of ours, or was killed from outside; nothing of it was written."""


class ReadingProcesses:
    """Begins a process for each job that is large, and waits until it has ended."""

    def __init__(self, settings: Settings, parser_pool: ParserPool) -> None:
        self._settings = settings
        self._parser_pool = parser_pool
        self._server: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket

    async def read(self, document_id: UUID) -> DocumentStatus:
        """Read a document and bring its case up to date; how reading ended."""
        with telemetry.READERS.track_inprogress():
            return DocumentStatus(await self._run("read", document_id))

    async def renew(self, application_id: UUID) -> None:
        """Examine a case anew."""
        await self._run("renew", application_id)

    def close(self) -> None:
        """End the server; whoever it forked ends with its job."""
        if self._server is not None:
            self._connection.close()
            self._server.wait()
            self._server = None

    async def _run(self, verb: str, id: UUID) -> str:
        settings = self._settings.model_dump(mode="json")
        order = {"settings": settings, "verb": verb, "id": str(id)}
        ours, theirs = socket.socketpair()
        with theirs:
            self._have_forked(theirs.fileno(), self._parser_pool.connection())
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            writer.write(orjson.dumps(order) + b"\n")
            with suppress(ConnectionError):
                return _ended(await reader.read())
            return _ended(b"")
        finally:
            writer.close()  # which ends whoever is still at it

    def _have_forked(self, *fds: int) -> None:
        """Have a process forked that is given these; a server that has ended is started anew."""
        if self._server is None or self._server.poll() is not None:
            self.close()
            self._start()
        try:
            socket.send_fds(self._connection, [b"1"], fds)
        except OSError:
            self.close()
            self._start()
            socket.send_fds(self._connection, [b"1"], fds)

    def _start(self) -> None:
        self._connection, theirs = socket.socketpair()
        with theirs:
            self._server = subprocess.Popen(  # noqa: S603 - all of it is ours
                (sys.executable, "-c", SERVER),
                stdin=theirs.fileno(),
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,
            )


def _ended(said: bytes) -> str:
    """What came of a job; raises what kept it from its end."""
    answer: Mapping[str, str] = orjson.loads(said) if said else {}
    if "outcome" in answer:
        return answer["outcome"]
    if "unavailable" in answer:
        raise Unavailable(answer["unavailable"])
    log.error("reading_process_failed", where=answer.get("failure", "killed from outside"))
    raise ReadingFailed
