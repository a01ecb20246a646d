"""The web app itself: files with their hash in their name are kept for ever, its page never.

A file of another build's web app, which a page that was opened before asks for, is found in the
instance's store, where each build puts its own.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from core import telemetry
from core.errors import Unavailable

DIST = Path(__file__).parent / "web" / "dist"
UNBUILT = "unbuilt"
FOR_EVER = "public, max-age=31536000, immutable"
NO_PAGES = ("/bff/", "/assets/", "/browser-errors")
MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
"""What a web app consists of; nothing else is handed out of the store."""


class Assets(StaticFiles):
    """Built files, whose names change with what is in them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file that the browser need never ask for again."""
        scope["state"]["route"] = "/assets"
        try:
            response = await super().get_response(path, scope)
        except HTTPException as problem:
            if problem.status_code != 404:
                raise
            response = await _of_another_build(path, scope)
        response.headers["Cache-Control"] = FOR_EVER
        return response


async def _of_another_build(name: str, scope: Scope) -> Response:
    """A file out of the store; raises HTTPException where no build has it."""
    media_type = MEDIA_TYPES.get(Path(name).suffix)
    try:
        content = media_type and await scope["state"]["bundles"].find(name)
    except Exception as problem:
        raise Unavailable("The store of the web app's files is away; try again soon.") from problem
    if not content:
        raise HTTPException(404, headers={"Cache-Control": "no-store"})
    return Response(content, media_type=media_type)


def build_of(dist: Path, contract: str) -> str:
    """The name of the web app's build; raises RuntimeError where its contract is another."""
    try:
        built = json.loads((dist / "build.json").read_text())
    except FileNotFoundError:
        return UNBUILT
    if built["contract"] != contract:
        raise RuntimeError("The web app was built for another contract: build bff/web again.")
    return str(built["build"])


def files(dist: Path) -> dict[str, bytes]:
    """The files that a page of this web app may ask for, by name."""
    return {
        each.name: each.read_bytes()
        for each in (dist / "assets").glob("*")
        if each.suffix in MEDIA_TYPES
    }


def routes(dist: Path, addresses: Iterable[str]) -> list[BaseRoute]:
    """The web app's addresses, all of which are one file, and what that file asks for."""
    served: list[BaseRoute] = [_index_html(dist, address) for address in addresses]
    if (dist / "assets").is_dir():
        served.append(Mount("/assets", Assets(directory=dist / "assets")))
    return [*served, _icon(dist, "/favicon.svg"), _nothing(dist)]


def _index_html(dist: Path, address: str) -> Route:
    async def endpoint(request: Request) -> Response:
        request.scope["state"]["route"] = address
        if not (dist / "index.html").is_file():
            raise HTTPException(503, "The web app has not been built: see bff/web.")
        if request.method == "GET":
            telemetry.BROWSER_PAGES.labels(request.scope["state"]["web_build"]).inc()
        return FileResponse(dist / "index.html", headers={"Cache-Control": "no-store"})

    return Route(address, endpoint)


def _nothing(dist: Path) -> Route:
    """What is no page: to a browser the web app says so; with a slash too many, a page is meant."""

    async def endpoint(request: Request) -> Response:
        request.scope["state"]["route"] = "other"
        path, query = request.url.path, request.url.query
        is_shown = "text/html" in request.headers.get("Accept", "")
        if path.startswith(NO_PAGES) or not is_shown or not (dist / "index.html").is_file():
            raise HTTPException(404)
        if path.endswith("/"):
            there = "/" + path.strip("/")  # never to another host
            return RedirectResponse(f"{there}?{query}" if query else there, 308)
        headers = {"Cache-Control": "no-store"}
        return FileResponse(dist / "index.html", status_code=404, headers=headers)

    return Route("/{path:path}", endpoint)


def _icon(dist: Path, address: str) -> Route:
    async def endpoint(request: Request) -> Response:
        request.scope["state"]["route"] = address
        return FileResponse(
            dist / "favicon.svg", headers={"Cache-Control": "public, max-age=86400"}
        )

    return Route(address, endpoint)
