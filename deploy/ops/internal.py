"""What operators' machines ask on a port of its own: alive? ready? how does it go?"""

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import Refused
from core.health import Health


def internal(health: Callable[[], Awaitable[Health]]) -> Starlette:
    """`/healthz` (alive, touches nothing), `/readyz` (503 naming what is missing), `/metrics`.

    `checks` say how each thing is that a part stands on, also while it is ready.
    """

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        checks: dict[str, str] = {}
        try:
            found = await health()
            checks = {**found.found}
            found.require()
        except Refused as refusal:
            problem = {"status": "not_ready", "code": refusal.code, "detail": refusal.detail}
            return JSONResponse({**problem, "checks": checks}, status_code=503)
        return JSONResponse({"status": "ready", "checks": checks})

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
        ]
    )
