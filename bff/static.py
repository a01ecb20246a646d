"""The web app itself: files with their hash in their name are kept for ever, its page never."""

import json
from collections.abc import Iterable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

DIST = Path(__file__).parent / "web" / "dist"
UNBUILT = "unbuilt"


class Assets(StaticFiles):
    """Built files, whose names change with what is in them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file that the browser need never ask for again."""
        scope["state"]["route"] = "/assets"
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def build_of(dist: Path, contract: str) -> str:
    """The name of the web app's build; raises RuntimeError where its contract is another."""
    try:
        built = json.loads((dist / "build.json").read_text())
    except FileNotFoundError:
        return UNBUILT
    if built["contract"] != contract:
        raise RuntimeError("The web app was built for another contract: build bff/web again.")
    return str(built["build"])


def routes(dist: Path, addresses: Iterable[str]) -> list[BaseRoute]:
    """The web app's addresses, all of which are one file, and what that file asks for."""
    served: list[BaseRoute] = [_index_html(dist, address) for address in addresses]
    if (dist / "assets").is_dir():
        served.append(Mount("/assets", Assets(directory=dist / "assets")))
    return [*served, _icon(dist, "/favicon.svg")]


def _index_html(dist: Path, address: str) -> Route:
    async def endpoint(request: Request) -> Response:
        request.scope["state"]["route"] = address
        if not (dist / "index.html").is_file():
            raise HTTPException(503, "The web app has not been built: see bff/web.")
        return FileResponse(dist / "index.html", headers={"Cache-Control": "no-store"})

    return Route(address, endpoint)


def _icon(dist: Path, address: str) -> Route:
    async def endpoint(request: Request) -> Response:
        request.scope["state"]["route"] = address
        return FileResponse(
            dist / "favicon.svg", headers={"Cache-Control": "public, max-age=86400"}
        )

    return Route(address, endpoint)
