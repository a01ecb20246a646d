"""The least that a get can be: an ASGI function, asyncpg's pool and orjson, without any feature.

No key, no scope, no limit, no request id, no log line, no metric, no routing, no version: one row
as it stands in the database.
"""

import os
from uuid import UUID

import asyncpg
import orjson
from starlette.types import Receive, Scope, Send

from tests.bench.ground import COLUMNS

SQL = f"SELECT {', '.join(COLUMNS)} FROM application WHERE id = $1"
pool: "asyncpg.Pool[asyncpg.Record]"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer any path by the application whose id ends it."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    row = await pool.fetchrow(SQL, UUID(scope["path"].rpartition("/")[2]))
    status, body = (200, orjson.dumps(dict(row), default=str)) if row else (404, b"{}")
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    global pool
    await receive()
    pool = await asyncpg.create_pool(os.environ["BELEG_DATABASE_URL"], min_size=8, max_size=8)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await pool.close()
    await send({"type": "lifespan.shutdown.complete"})
