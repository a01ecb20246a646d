"""Asking one side what a user asked, marked as a shadow's question."""

import asyncio
import hashlib
import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.release.shadow.answers import SAFE, ShadowAnswer
from deploy.release.shadow.comparison import COMPARED
from public_api import shadow

MARK = shadow.MARK.decode()
KEPT_BYTES = 1024 * 1024
"""How much of an answer is looked into; of all the rest only whether it is the same."""
PATIENCE_SECONDS = 15.0
_NOT_PASSED = frozenset(
    (
        *("connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "expect"),
        *("content-length", "accept-encoding", "proxy-authorization", "proxy-connection", MARK),
    )
)
_SHADOW_HOST = "-shadow"
"""What Envoy appends to the name of a host that it mirrors to."""


@dataclass(frozen=True, slots=True)
class MirroredRequest:
    """A request as the edge mirrored it."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, wanted: str) -> str:
        """The last header of that name, as the API heeds it."""
        return next((value for name, value in reversed(self.headers) if name == wanted), "")


class ShadowSide:
    """One build's shadow, on one process or several."""

    def __init__(self, name: str, addresses: Sequence[str], seconds: float) -> None:
        self.name = name
        self.marked = False
        """Whether it has said that it knows what a shadow is."""
        self._addresses = itertools.cycle(addresses)
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        self._http = httpx.AsyncClient(timeout=seconds, limits=limits, trust_env=False)
        self._seconds = seconds

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def ask(self, asked: MirroredRequest, *, keyed: bool) -> ShadowAnswer:
        """What it says; `keyed` with the caller's Idempotency-Key."""
        headers = [
            (name, value)
            for name, value in asked.headers
            if name not in _NOT_PASSED and (keyed or name != "idempotency-key")
        ]
        host = _host(asked.header("host"))
        headers = [(name, host if name == "host" else value) for name, value in headers]
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self._seconds):
                return await self._answer(asked, [*headers, (MARK, "1")], began)
        except (httpx.TimeoutException, TimeoutError):
            problem = f"no answer within {self._seconds:g} s"
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            problem = "not reachable"
        return ShadowAnswer(problem=problem, seconds=time.perf_counter() - began)

    async def document(self, path: str) -> Any:
        """The JSON at a path; None where there is none, raises OSError where nobody answers."""
        answer = await self.ask(MirroredRequest("GET", path, (), b""), keyed=False)
        if answer.problem or answer.status >= 500:
            raise OSError(f"{self.name}: {answer.problem or answer.status}")
        return httpx.Response(200, content=answer.body).json() if answer.status == 200 else None

    async def _answer(
        self, asked: MirroredRequest, headers: list[tuple[str, str]], began: float
    ) -> ShadowAnswer:
        url = f"http://{next(self._addresses)}{asked.target}"
        body = asked.body if asked.body or asked.method not in SAFE else None
        request = self._http.build_request(
            asked.method, url, headers=[*headers, ("accept-encoding", "identity")], content=body
        )
        response = await self._http.send(request, stream=True)
        try:
            kept, size, digest = bytearray(), 0, hashlib.sha256()
            async for chunk in response.aiter_raw():
                digest.update(chunk)
                size += len(chunk)
                kept += chunk[: KEPT_BYTES - len(kept)]
        finally:
            await response.aclose()
        self.marked = self.marked or response.headers.get(MARK) == "shadow"
        return ShadowAnswer(
            response.status_code,
            _promised(response.headers),
            bytes(kept),
            time.perf_counter() - began,
            digest.digest(),
            size <= KEPT_BYTES,
            marked=self.marked,
        )


def _promised(headers: httpx.Headers) -> Mapping[str, str]:
    return {name: headers[name] for name in COMPARED if name in headers}


def _host(host: str) -> str:
    name, colon, port = host.partition(":")
    return f"{name.removesuffix(_SHADOW_HOST)}{colon}{port}"
