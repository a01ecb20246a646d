"""The process that stands ready with what reading takes, and forks one for each large job.

What it forks is told its job, and answers, over a connection of its own. That nobody waits any more
it knows by that connection's end.
"""

import asyncio
import gc
import os
import signal
import socket
import traceback
from collections.abc import Mapping
from threading import Thread
from uuid import UUID

import orjson

from core import builds, documents, telemetry
from core.connecting import connected
from core.documents import BlobStore, DocumentStatus, Quotas
from core.errors import Refused
from core.isolation import Limits
from core.isolation.shared import SharedParserPool
from core.reading.job import DocumentReader
from core.settings import Settings

NICE = 5  # a loaded machine would stop them at 10, with a case locked
CONNECTIONS = 1  # it does one thing after the other


def main() -> None:
    """Fork a process for each job, until nobody can send any; all of them give way to others."""
    os.nice(NICE)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever waits hears of its end by itself
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=os.dup(0)) as connection:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        while True:
            request, fds, _, _ = socket.recv_fds(connection, 1, 2)
            if not request:
                return
            if os.fork() == 0:
                try:
                    connection.close()
                    _work(*fds)
                finally:
                    os._exit(1)
            for fd in fds:
                os.close(fd)


def _work(waiting: int, parsers: int) -> None:
    """Do one job and say what came of it; what was read is then given back as a whole."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=waiting) as connection, connection.makefile("rb") as said:
        order = orjson.loads(said.readline())
        Thread(target=_end_with_whoever_waits, args=(connection,), daemon=True).start()
        connection.sendall(orjson.dumps(_answer(order, parsers)))
        connection.shutdown(socket.SHUT_RDWR)
        os._exit(0)


def _end_with_whoever_waits(connection: socket.socket) -> None:
    """End at once when nobody waits any more; nothing is half written then."""
    connection.recv(1)
    os._exit(1)


def _answer(order: Mapping[str, str], parsers: int) -> Mapping[str, str]:
    """What came of a job, or what kept it from its end."""
    settings = Settings.model_validate(order["settings"])
    build = builds.named(settings.build)
    telemetry.configure(settings.log_level, build=build, instance=settings.instance)
    try:
        return {"outcome": asyncio.run(_do(settings, order, parsers))}
    except Refused as refusal:
        return {"unavailable": refusal.detail}
    except OSError as problem:
        return {"unavailable": type(problem).__name__}
    except Exception as problem:  # its words may be of what was read
        frames = "".join(traceback.format_tb(problem.__traceback__))
        return {"failure": f"{frames}{type(problem).__qualname__}"}


async def _do(settings: Settings, order: Mapping[str, str], parsers: int) -> str:
    blobs = BlobStore(settings.blob_url, settings.document_limit_bytes)
    limits = Limits(settings.reading_memory_bytes, settings.reading_seconds)
    name = builds.session_name(builds.named(settings.build), "worker")
    async with connected(settings.database_url, CONNECTIONS, name) as db:
        await db.require_revisions()
        parser_pool, quotas = SharedParserPool(limits, parsers), Quotas.of(settings)
        reader = DocumentReader(db, blobs, settings.required_months, parser_pool, quotas)
        if order["verb"] == "renew":
            await reader.renew(UUID(order["id"]))
            return "renewed"
        document = await documents.find_by_id(db, UUID(order["id"]))
        if document is None or document.read_at is not None:
            return DocumentStatus.READ
        return await reader.read_here(document)
