"""What operators' machines ask on a port of its own: alive? ready? how does it go?"""

from collections.abc import Awaitable, Callable, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import Refused

Ready = Callable[[], Awaitable[Sequence[str] | None]]
"""Raises Unavailable naming what is missing; else what somebody should look at, if anything."""


def internal(ready: Ready) -> Starlette:
    """`/healthz` (alive, touches nothing), `/readyz` (503 naming what is missing), `/metrics`."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        try:
            notices = await ready()
        except Refused as refusal:
            problem = {"status": "not_ready", "code": refusal.code, "detail": refusal.detail}
            return JSONResponse(problem, status_code=503)
        return JSONResponse({"status": "ready", **({"notices": list(notices)} if notices else {})})

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
        ]
    )
