"""One call: who calls, what was sent, and the ways an endpoint may answer."""

import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from starlette.types import Receive, Scope

from core import idempotency
from core.access_log import Message
from core.callers import Keys
from core.clients import Caller
from core.db import Database, Tx
from core.documents import Blobs
from core.errors import Complaint, Invalid, NotFound, TooLarge, Unauthenticated
from core.idempotency import Stored
from core.settings import Settings
from core.usage import Counts
from public_api.lifecycle import Standing, build_of
from public_api.limits import Limits, take
from public_api.oidc import Provider
from public_api.versions import Answer, Headers, Operation, Received, Translation, Version

REPLAYED = (("Idempotent-Replayed", "true"),)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


class Gone(Exception):
    """The caller hung up before it had sent everything."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all calls of this process stand on."""

    settings: Settings
    db: Database
    keys: Keys
    blobs: Blobs
    limits: Limits
    standing: Standing
    counts: Counts
    provider: Provider | None


class Call:
    """A request on its way through an endpoint."""

    __slots__ = (
        "_receive",
        "_scope",
        "caller",
        "headers",
        "operation",
        "shared",
        "told",
        "version",
    )

    def __init__(
        self,
        shared: Shared,
        version: Version,
        operation: Operation,
        scope: Scope,
        receive: Receive,
    ) -> None:
        self.shared = shared
        self.version = version
        self.operation = operation
        self.headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        self.caller: Caller
        self.told: Headers = ()
        self._scope = scope
        self._receive = receive

    @property
    def db(self) -> Database:
        """The database, for reads that need no transaction."""
        return self.shared.db

    @property
    def said(self) -> Translation[Any, Any]:
        """How this version says what the endpoint does."""
        return self.operation.said

    async def identify(self) -> None:
        """Find out who calls, and that the key may do this."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("Send an API key as `Authorization: Bearer <key>`.")
        self.caller = caller = await self._caller(token.strip())
        build = build_of(self.headers)
        self._scope["state"]["line"] = {"client_id": str(caller.client_id), "build": build}
        self.shared.counts.note(caller.client_id, self.version.name, self.operation.name, build)
        budget = await take(self.shared.limits, caller)
        self.told = budget.headers()
        budget.demand()
        self.shared.standing.admit(build)
        client = self._scope.get("client")
        caller.admit(client[0] if client else None)
        caller.permit(self.operation.scope)

    async def _caller(self, token: str) -> Caller:
        provider = self.shared.provider
        if provider is not None and token.count(".") == 2:
            app, scopes = await provider.verify(token)
            return await self.shared.keys.of_app(app, scopes)
        return await self.shared.keys.caller(token)

    def id(self, name: str = "id") -> UUID:
        """An id of the path; one that is no id is of nothing that exists."""
        try:
            return UUID(self._scope["path_params"][name])
        except ValueError:
            raise NotFound(_NOUNS.get(name, "application")) from None

    def asked(self) -> Received:
        """The request without its body."""
        return Received(self._scope["path_params"], self._query(), self.headers, b"")

    async def received(self) -> Received:
        """The whole request, its body read up to the limit."""
        limit = self.shared.settings.body_limit_bytes
        if self.declares_more_than(limit):
            raise TooLarge(f"A body may have at most {limit} bytes.")
        parts, size = [], 0
        async for chunk in self.chunks():
            parts.append(chunk)
            size += len(chunk)
            if size > limit:
                raise TooLarge(f"A body may have at most {limit} bytes.")
        return Received(self._scope["path_params"], self._query(), self.headers, b"".join(parts))

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes."""
        while True:
            message: Message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Gone
            if chunk := message.get("body"):
                yield chunk
            if not message.get("more_body"):
                return

    async def once(self, said: object, work: Callable[[Tx], Awaitable[Answer]]) -> Answer:
        """Do the work in one transaction; with an Idempotency-Key, once, and keep its answer.

        `said` is the parsed command: what makes a repeated request the same request.
        """
        key = self.headers.get("idempotency-key")
        if key is None:
            return await self.db.write(work)
        if not _KEY.match(key):
            raise Invalid(
                Complaint("", "Idempotency-Key: 1 to 255 visible ASCII characters are needed")
            )

        async def kept(tx: Tx) -> Stored:
            answer = await work(tx)
            return Stored(answer.status, answer.headers, answer.body)

        claim = idempotency.Key(
            self.caller.client_id, key, self.version.name, self._fingerprint(said)
        )
        stored = await idempotency.once(self.db, claim, kept)
        headers = stored.headers + REPLAYED if stored.replayed else stored.headers
        return Answer(stored.status, stored.body, headers)

    def declares_more_than(self, limit: int) -> bool:
        """Whether the request says of itself that it is larger than the limit."""
        length = self.headers.get("content-length", "")
        return length.isdecimal() and int(length[:19]) > limit

    def _query(self) -> Mapping[str, str]:
        raw = self._scope["query_string"]
        return _parsed(raw) if len(raw) < 200 else _parsed.__wrapped__(raw)

    def _fingerprint(self, said: object) -> bytes:
        path = self._scope["path"]
        same = f"{self.operation.method} {path} {canonical(said)}"
        return hashlib.sha256(same.encode()).digest()


@lru_cache(maxsize=1024)  # most callers ask with the same few
def _parsed(raw: bytes) -> Mapping[str, str]:
    query = dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True))
    if strange := next((name for name in query if _CONTROL.search(name + query[name])), None):
        raise Invalid(Complaint(f"/{strange[:40]}", "query: control characters are not taken"))
    return MappingProxyType(query)


def canonical(said: object) -> str:
    """A command as a text that is the same for the same request, on the next release too.

    What a field says by default is left out, so that a field which is new there changes nothing.
    """
    if isinstance(said, tuple):
        usual = getattr(said, "_field_defaults", {})
        named = list(zip(getattr(said, "_fields", range(len(said))), said, strict=True))
    elif is_dataclass(said):
        usual = {each.name: each.default for each in fields(said)}
        named = [(name, getattr(said, name)) for name in usual]
    else:
        return repr(said)
    told = (f"{name}={canonical(it)}" for name, it in named if it != usual.get(name, MISSING))
    return f"({','.join(told)})"


_NOUNS = {"document_id": "document", "webhook_id": "webhook", "delivery_id": "delivery"}
