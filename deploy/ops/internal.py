"""What operators' machines ask on a port of its own: alive? ready? how does it go?"""

from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import Refused


def internal(
    ready: Callable[[], Awaitable[None]], notes: Callable[[], Mapping[str, str]] = dict
) -> Starlette:
    """`/healthz` (alive, touches nothing), `/readyz` (503 naming what is missing), `/metrics`.

    What `/readyz` notes besides makes nothing unready.
    """

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        try:
            await ready()
        except Refused as refusal:
            problem = {"status": "not_ready", "code": refusal.code, "detail": refusal.detail}
            return JSONResponse({**notes(), **problem}, status_code=503)
        return JSONResponse({**notes(), "status": "ready"})

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
        ]
    )
