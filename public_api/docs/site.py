"""Serves the documentation: rendered once, when it is first asked for, and then kept.

A few pages also say what operators have announced; that is put in as it stands when they are asked
for.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import Refused
from public_api.call import Dependencies
from public_api.conditions import is_current
from public_api.docs import announcements
from public_api.docs.page import MISSING, Page
from public_api.messages import Headers, Response
from public_api.resource import respond
from public_api.versions import Version

PLACES = ("/docs", "/changelog", "/problems/")
ALWAYS: Headers = (
    (
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
)
FRESH = ("Cache-Control", "public, max-age=300")
FOR_EVER = ("Cache-Control", "public, max-age=31536000, immutable")


class Docs:
    """Answers with a page where there is one, else lets the rest answer."""

    def __init__(self, versions: Sequence[Version], rest: ASGIApp) -> None:
        self._versions = versions
        self._rest = rest
        self._pages: Mapping[str, Page] = {}
        self._announcing: frozenset[str] = frozenset()
        self._rendering = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = await self._page(scope)
        if page is None:
            await self._rest(scope, receive, send)
            return
        scope["state"]["route"] = page.template
        named = scope["query_string"].startswith(b"v=")  # by its content, which so never changes
        headers = (*ALWAYS, ("ETag", page.tag), FOR_EVER if named else FRESH)
        answer = Response(page.status, page.body, (("Content-Type", page.media_type), *headers))
        if page.status == 200 and is_current(_if_none_match(scope), page.tag):
            answer = Response(304, headers=headers)
        await respond(answer, [], receive, send, bodiless=scope["method"] == "HEAD")

    async def _page(self, scope: Scope) -> Page | None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        if not scope["path"].startswith(PLACES):
            return None
        async with self._rendering:
            if not self._pages:
                self._pages = await asyncio.to_thread(_rendered, self._versions)
                self._announcing = frozenset(
                    path for path, each in self._pages.items() if announcements.has_place(each)
                )
        page = self._pages.get(scope["path"])
        if page is not None and scope["path"] in self._announcing:
            return await _as_announced(page, scope["state"]["dependencies"])
        return self._pages[MISSING] if page is None and _is_for_people(scope) else page


def _rendered(versions: Sequence[Version]) -> Mapping[str, Page]:
    from public_api.docs.pages import Site  # what renders takes memory that few instances need

    return dict(Site(versions).pages())


async def _as_announced(page: Page, dependencies: Dependencies) -> Page:
    """The page as operators have it now, or as they had it when that could last be seen."""
    lifecycle = dependencies.lifecycle
    with suppress(Refused):
        await dependencies.db.require_revisions()
        await lifecycle.refresh()
    return announcements.filled(page, lifecycle.announced, lifecycle.gone)


def _is_for_people(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _if_none_match(scope: Scope) -> str:
    tags = (value for name, value in scope["headers"] if name == b"if-none-match")
    return b",".join(tags).decode("latin-1")
