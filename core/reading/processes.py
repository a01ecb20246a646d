"""Large files are taken in, and large cases examined, by processes of their own.

An interpreter does one thing at a time: beside a table of thirty thousand bookings a small file of
another partner would wait in the worker. What a process has taken of memory is given back as it
ends, which it does with its one job, or with the worker that began it.
"""

import asyncio
import os
import signal
import sys
import traceback
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from uuid import UUID

import orjson
import structlog

from core import builds, documents, telemetry
from core.connecting import connected
from core.documents import BlobStore, DocumentStatus, Quotas
from core.errors import Refused, Unavailable
from core.isolation import Limits, ParserPool
from core.isolation.shared import SharedParserPool
from core.settings import Settings

MAIN = "from core.reading.processes import main; main()"
NICE = 10
CONNECTIONS = 2
log = structlog.get_logger()


class ReadingFailed(Exception):
    """A process has an error of ours, or was killed from outside; nothing of it was written."""


@dataclass(frozen=True, slots=True)
class ReadingProcesses:
    """Begins a process for each job that is large, and waits until it has ended."""

    settings: Settings
    parser_pool: ParserPool

    async def read(self, document_id: UUID) -> DocumentStatus:
        """Read a document and bring its case up to date; how reading ended."""
        with telemetry.READERS.track_inprogress():
            return DocumentStatus(await self._run("read", document_id))

    async def renew(self, application_id: UUID) -> None:
        """Examine a case anew."""
        await self._run("renew", application_id)

    async def _run(self, verb: str, id: UUID) -> str:
        connection = self.parser_pool.connection()
        order = {
            "settings": self.settings.model_dump(mode="json"),
            "verb": verb,
            "id": str(id),
            "parsers": connection,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", MAIN),
            stdin=PIPE,
            stdout=PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            pass_fds=(connection,),
            start_new_session=True,
        )
        try:
            return _ended(await _said(process, orjson.dumps(order)), process.returncode)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


async def _said(process: Process, order: bytes) -> bytes:
    """What the process says at its end; it is told by its open input that somebody waits."""
    assert process.stdin is not None and process.stdout is not None  # noqa: PT018, S101
    with suppress(ConnectionError):
        process.stdin.write(order + b"\n")
        await process.stdin.drain()
    said = await process.stdout.read()
    process.stdin.close()
    await process.wait()
    return said


def _ended(said: bytes, status: int | None) -> str:
    """What came of a job; raises what kept it from its end."""
    answer: Mapping[str, str] = orjson.loads(said) if said and not status else {}
    if "outcome" in answer:
        return answer["outcome"]
    if "unavailable" in answer:
        raise Unavailable(answer["unavailable"])
    log.error("reading_process_failed", status=status, where=answer.get("failure"))
    raise ReadingFailed


def main() -> None:
    """Do the one job that comes in, giving way to everything else, as long as somebody waits."""
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order = orjson.loads(sys.stdin.buffer.readline())
    Thread(target=_end_with_whoever_waits, daemon=True).start()
    settings = Settings.model_validate(order["settings"])
    build = builds.named(settings.build)
    telemetry.configure(settings.log_level, build=build, instance=settings.instance)
    answer: dict[str, str]
    try:
        answer = {"outcome": asyncio.run(_do(settings, order))}
    except Refused as refusal:
        answer = {"unavailable": refusal.detail}
    except OSError as problem:
        answer = {"unavailable": type(problem).__name__}
    except Exception as problem:  # its words may be of what was read
        frames = "".join(traceback.format_tb(problem.__traceback__))
        answer = {"failure": f"{frames}{type(problem).__qualname__}"}
    sys.stdout.buffer.write(orjson.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # what was read is given back whole, not piece by piece


def _end_with_whoever_waits() -> None:
    """End at once when nobody waits any more; nothing is half written then."""
    sys.stdin.buffer.read()
    os._exit(1)


async def _do(settings: Settings, order: Mapping[str, str]) -> str:
    from core.reading.job import DocumentReader

    blobs = BlobStore(settings.blob_url, settings.document_limit_bytes)
    limits = Limits(settings.reading_memory_bytes, settings.reading_seconds)
    name = builds.session_name(builds.named(settings.build), "worker")
    async with connected(settings.database_url, CONNECTIONS, name) as db:
        await db.require_revisions()
        reader = DocumentReader(
            db,
            blobs,
            settings.required_months,
            SharedParserPool(limits, int(order["parsers"])),
            Quotas.of(settings),
        )
        if order["verb"] == "renew":
            await reader.renew(UUID(order["id"]))
            return "renewed"
        document = await documents.find_by_id(db, UUID(order["id"]))
        if document is None or document.read_at is not None:
            return DocumentStatus.READ
        return await reader.read_here(document)
