"""One call: who calls, what was sent, and the ways an endpoint may answer."""

import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from starlette import types as asgi

from core import idempotency
from core.access_log import Message
from core.accesses import Accesses
from core.callers import CallerCache
from core.clients import Caller, Scope
from core.db import Database, Tx
from core.documents import BlobStore, QuotaGuard
from core.errors import Complaint, Invalid, NotFound, TooLarge, Unauthenticated
from core.idempotency import KeysInFlight, StoredResponse
from core.irregularities import Irregularity, IrregularityCounter
from core.settings import Settings
from core.sources import source_of
from core.usage import CallCounter
from core.vault import Vault
from core.viewers import Viewer, Visibility
from public_api import irregularities
from public_api.fingerprint import canonical
from public_api.irregularities import DeclaredInput
from public_api.lifecycle import LifecycleCache, build_of
from public_api.limits import Limits, count_call
from public_api.messages import Headers, Request, Response, StreamedResponse, Translation
from public_api.metering import FailureMeter
from public_api.oidc import Provider

C = TypeVar("C")
R = TypeVar("R")
REPLAYED = (("Idempotent-Replayed", "true"),)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


class ClientDisconnected(Exception):
    """The caller hung up before it had sent everything."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What all calls of this process stand on."""

    settings: Settings
    db: Database
    callers: CallerCache
    blobs: BlobStore
    quotas: QuotaGuard
    limits: Limits
    failures: FailureMeter
    lifecycle: LifecycleCache
    call_counter: CallCounter
    irregularity_counter: IrregularityCounter
    accesses: Accesses
    keys_in_flight: KeysInFlight
    vault: Vault
    oidc_provider: Provider | None

    async def flush_usage(self) -> None:
        """Write who called, how, and who took what along."""
        await self.accesses.flush(self.db)
        await self.db.write(self.call_counter.flush)
        await self.db.write(self.irregularity_counter.flush)


class CallTarget(NamedTuple):
    """Which operation of which version a call is of, as far as that must be known to serve it."""

    version: str
    visibility: Visibility
    operation: str
    method: str
    scope: Scope
    declared: DeclaredInput


class Call:
    """A request on its way through an endpoint."""

    __slots__ = (
        "_noted",
        "_receive",
        "_scope",
        "caller",
        "dependencies",
        "headers",
        "rate_limit_headers",
        "target",
        "viewer",
    )

    def __init__(
        self,
        dependencies: Dependencies,
        target: CallTarget,
        scope: asgi.Scope,
        receive: asgi.Receive,
    ) -> None:
        self.dependencies = dependencies
        self.target = target
        self.headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        self.caller: Caller
        self.viewer: Viewer
        self.rate_limit_headers: Headers = ()
        self._scope = scope
        self._receive = receive
        self._noted: set[Irregularity] = set()

    @property
    def db(self) -> Database:
        """The database, for reads that need no transaction."""
        return self.dependencies.db

    async def identify(self) -> None:
        """Find out who calls, and that the key may do this."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("Send an API key as `Authorization: Bearer <key>`.")
        dependencies, target = self.dependencies, self.target
        token = token.strip()
        if dependencies.oidc_provider is not None and token.count(".") == 2:
            app, scopes, end_user = await dependencies.oidc_provider.verify(token)
            caller = await dependencies.callers.by_openid_app(app, scopes, end_user)
        else:
            caller = await self._by_secret(token)
        self.caller = caller
        build = build_of(self.headers)
        self._scope["state"]["line"] = {"client_id": str(caller.client_id), "app_build": build}
        dependencies.call_counter.note(caller.client_id, target.version, target.operation, build)
        budget = await count_call(dependencies.limits, caller)
        self.rate_limit_headers = budget.headers()
        budget.require_left()
        dependencies.lifecycle.require_supported(build)
        client = self._scope.get("client")
        caller.require_address(client[0] if client else None)
        caller.require_scope(target.scope)
        self.viewer = caller.viewer(target.visibility)
        self.note(irregularities.in_head(target.declared, self._scope, self.headers))

    async def _by_secret(self, token: str) -> Caller:
        """Whose key or token this is; too many wrong ones of a source are refused unread."""
        callers, failures = self.dependencies.callers, self.dependencies.failures
        client = self._scope.get("client")
        source = source_of(client[0] if client else None)
        if not callers.knows(token):
            failures.require_room(source)
        try:
            return await callers.by_secret(token)
        except Unauthenticated:
            failures.count(source)
            raise

    def id(self, name: str = "id") -> UUID:
        """An id of the path; one that is no id is of nothing that exists."""
        text = self._scope["path_params"][name]
        try:
            found = UUID(text)
        except ValueError:
            raise NotFound(_NOUNS.get(name, "application")) from None
        if len(text) != 36 or text != text.lower():
            self.note([Irregularity.OTHER_ID_FORM])
        return found

    def note(self, found: Iterable[Irregularity]) -> None:
        """Count what the request has that should not be sent, each once."""
        for each in found:
            if each not in self._noted:
                self._noted.add(each)
                self.dependencies.irregularity_counter.note(
                    self.caller.client_id, self.target.version, self.target.operation, each
                )

    def request(self) -> Request:
        """The request without its body."""
        return Request(self._scope["path_params"], self._query(), self.headers, b"")

    def tolerant_request(self) -> Request:
        """The request without its body, for what was published without a word on its query.

        What cannot be taken of that is left aside, as all of it was.
        """
        raw = self._scope["query_string"].decode("latin-1")
        pairs = parse_qsl(raw, keep_blank_values=True)
        query = {name: value for name, value in pairs if not _CONTROL.search(name + value)}
        return Request(self._scope["path_params"], query, self.headers, b"")

    async def full_request(self) -> Request:
        """The whole request, its body read up to the limit."""
        limit = self.dependencies.settings.body_limit_bytes
        if self.declares_more_than(limit):
            raise TooLarge(f"A body may have at most {limit} bytes.")
        parts, size = [], 0
        async for chunk in self.chunks():
            parts.append(chunk)
            size += len(chunk)
            if size > limit:
                raise TooLarge(f"A body may have at most {limit} bytes.")
        body = b"".join(parts)
        self.note(irregularities.in_json(body))
        return Request(self._scope["path_params"], self._query(), self.headers, body)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes."""
        while True:
            message: Message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            if chunk := message.get("body"):
                yield chunk
            if not message.get("more_body"):
                return

    async def once(
        self,
        command: object,
        work: Callable[[Tx], Awaitable[Response]],
        *,
        secret: bool = False,
    ) -> Response:
        """Do the work in one transaction; with an Idempotency-Key, once, and keep its answer.

        The command, as it was parsed, is what makes a repeated request the same request. An answer
        with a secret in it is kept sealed.
        """
        key = self.headers.get("idempotency-key")
        if key is None:
            return await self.db.write(work)
        if not _KEY.match(key):
            if self.target.method == "PATCH":  # changes were taken with any before keys counted
                return await self.db.write(work)
            raise Invalid(
                Complaint("", "Idempotency-Key: 1 to 255 visible ASCII characters are needed")
            )

        async def stored_work(tx: Tx) -> StoredResponse:
            response = await work(tx)
            return StoredResponse(response.status, response.headers, response.body, secret=secret)

        if self.caller.end_user is not None:  # no key has a space in it: nobody meets another's
            key = f"{self.caller.end_user.mark} {key}"
        claim = idempotency.IdempotencyKey(
            self.caller.client_id, key, self.target.version, self._fingerprint(command)
        )
        in_flight = self.dependencies.keys_in_flight
        vault = self.dependencies.vault
        stored = await idempotency.once(self.db, in_flight, claim, stored_work, vault)
        headers = stored.headers + REPLAYED if stored.replayed else stored.headers
        return Response(stored.status, stored.body, headers)

    def note_access(self, action: str, **at: object) -> None:
        """Have it on record that the caller takes something along; a shadow writes nothing."""
        if not self.dependencies.settings.shadow:
            self.dependencies.accesses.look(self.viewer.actor, action, **at)

    def declares_more_than(self, limit: int) -> bool:
        """Whether the request says of itself that it is larger than the limit."""
        length = self.headers.get("content-length", "")
        return length.isdecimal() and int(length[:19]) > limit

    def _query(self) -> Mapping[str, str]:
        raw = self._scope["query_string"]
        return _parse_query(raw) if len(raw) < 200 else _parse_query.__wrapped__(raw)

    def _fingerprint(self, command: object) -> bytes:
        path = self._scope["path"]
        text = f"{self.target.method} {path} {canonical(command)}"
        return hashlib.sha256(text.encode()).digest()


Endpoint = Callable[[Call, Translation[C, R]], Awaitable[Response | StreamedResponse]]
"""What serves a call: it needs a command C and gives a result R, by a translation for both."""


@lru_cache(maxsize=1024)  # most callers ask with the same few
def _parse_query(raw: bytes) -> Mapping[str, str]:
    query = dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True))
    if unprintable := next((name for name in query if _CONTROL.search(name + query[name])), None):
        raise Invalid(Complaint(f"/{unprintable[:40]}", "query: control characters are not taken"))
    return MappingProxyType(query)


_NOUNS = {"document_id": "document", "webhook_id": "webhook", "delivery_id": "delivery"}
