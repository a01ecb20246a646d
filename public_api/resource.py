"""One path of one version: which operation serves a method, and how its answer leaves."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from tempfile import TemporaryFile
from typing import BinaryIO

import structlog
from starlette.types import Receive, Scope, Send

from core.deadline import Deadline
from core.errors import NotFound, Refused
from public_api.call import Call, ClientDisconnected, Dependencies
from public_api.messages import Headers, Response, StreamedResponse
from public_api.refusals import NoSuchMethod, OurFault
from public_api.versions import AnyOperation, Version

WHOLE_BYTES, CHUNK_BYTES = 1024 * 1024, 64 * 1024
"""An answer of more is sent in parts, each once the one before it was taken."""
log = structlog.get_logger()


class Resource:
    """Serves every operation on one path of a version."""

    def __init__(self, version: Version, path: str, operations: Iterable[AnyOperation]) -> None:
        self._version = version
        self._template = f"/{version.name}{path}"
        self._operations = {each.method: (each, each.target(version)) for each in operations}
        self._version_headers = encode(version.headers())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = self._template
        method = scope["method"]
        try:
            response, rate_limit_headers = await self._respond(
                scope, receive, "GET" if method == "HEAD" else method
            )
        except ClientDisconnected:
            return  # without an answer, which says it to the access log
        dependencies: Dependencies = scope["state"]["dependencies"]
        announced = dependencies.lifecycle.announcement(self._version.name)
        headers = self._version_headers + encode((*rate_limit_headers, *announced))
        bodiless = method == "HEAD"
        if isinstance(response, Response) and len(response.body) > WHOLE_BYTES and not bodiless:
            response = await _set_aside(response)  # so that nothing holds its body any more
        await respond(response, headers, receive, send, bodiless=bodiless)

    async def _respond(
        self, scope: Scope, receive: Receive, method: str
    ) -> tuple[Response | StreamedResponse, Headers]:
        """The response, and the headers that tell the caller of its limits."""
        dependencies: Dependencies = scope["state"]["dependencies"]
        rate_limit_headers: Headers = ()
        try:
            async with Deadline(dependencies.settings.request_seconds) as deadline:
                await dependencies.db.require_revisions()
                await dependencies.lifecycle.refresh()
                dependencies.lifecycle.require_served(self._version.name)
                served = self._operations.get(method)
                if served is None:
                    raise NoSuchMethod(self._operations)
                operation, target = served
                call = Call(dependencies, target, scope, deadline.uncounted(receive))
                try:
                    await call.identify()
                    response = await operation.endpoint(call, operation.translation)
                finally:
                    rate_limit_headers = call.rate_limit_headers
        except Refused as refusal:
            return self._version.problem(refusal), rate_limit_headers
        except ClientDisconnected:
            raise
        except Exception:
            log.exception("request_failed", path=self._template)
            return self._version.problem(OurFault(scope["state"]["request_id"])), rate_limit_headers
        return response, rate_limit_headers


class FixedResponse:
    """Gives always the same answer of a version, as long as the version is served."""

    def __init__(
        self, version: Version, response: Response, version_headers: Headers, path: str = ""
    ) -> None:
        self._version = version
        self._response = response
        self._version_headers = encode(version_headers)
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if self._path:
            scope["state"]["route"] = self._path
        response, headers = self._response, self._version_headers
        dependencies: Dependencies = scope["state"]["dependencies"]
        try:
            async with Deadline(dependencies.settings.request_seconds):
                await dependencies.db.require_revisions()
                await dependencies.lifecycle.refresh()
            dependencies.lifecycle.require_served(self._version.name)
            if self._path and scope["method"] not in ("GET", "HEAD"):
                raise NoSuchMethod(["GET"])
        except Refused as refusal:
            response = self._version.problem(refusal)
        if headers:
            headers = headers + encode(dependencies.lifecycle.announcement(self._version.name))
        await respond(response, headers, receive, send, bodiless=scope["method"] == "HEAD")


def not_found(version: Version, version_headers: Headers) -> FixedResponse:
    """Answers for every path that is none, in the words of a version."""
    return FixedResponse(version, version.problem(NotFound()), version_headers)


def document(version: Version, body: bytes) -> dict[str, FixedResponse]:
    """The version's document, by the path at which it is served."""
    path = f"/{version.name}/openapi.json"
    response = Response(200, body, (("Content-Type", "application/json"),))
    return {path: FixedResponse(version, response, version.headers(), path)}


def resources(version: Version) -> dict[str, Resource]:
    """All resources of a version by the templates of their paths."""
    by_path: dict[str, list[AnyOperation]] = {}
    for operation in version.operations:
        by_path.setdefault(operation.path, []).append(operation)
    return {
        f"/{version.name}{path}": Resource(version, path, operations)
        for path, operations in by_path.items()
    }


def encode(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Headers as a server sends them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def respond(
    response: Response | StreamedResponse,
    version_headers: list[tuple[bytes, bytes]],
    receive: Receive,
    send: Send,
    *,
    bodiless: bool = False,
) -> None:
    """Send an answer with the headers that every answer of its version carries."""
    headers = encode(response.headers) + version_headers
    if isinstance(response, Response):
        if response.status != 204 and response.status != 304:
            headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if bodiless else response.body})
        return
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if bodiless or await _send_chunks(response.chunks, receive, send):
        await send({"type": "http.response.body", "body": b""})


async def _set_aside(response: Response) -> StreamedResponse:
    """A large answer as it is taken, from a file: whoever takes it slowly keeps no memory."""
    file = await asyncio.to_thread(_written, response.body)

    async def chunks() -> AsyncIterator[bytes]:
        with file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk

    length = ("Content-Length", str(len(response.body)))
    return StreamedResponse(response.status, chunks(), (*response.headers, length))


def _written(body: bytes) -> BinaryIO:
    file = TemporaryFile()  # noqa: SIM115 - closed once it was taken
    file.write(body)
    file.seek(0)
    return file


async def _send_chunks(chunks: AsyncIterator[bytes], receive: Receive, send: Send) -> bool:
    """Send these as they come; False once nobody is there any more to take them."""
    hang_up = asyncio.create_task(_wait_for_hang_up(receive))
    try:
        async for chunk in chunks:
            if hang_up.done():
                return False
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        return not hang_up.done()
    finally:
        hang_up.cancel()


async def _wait_for_hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
