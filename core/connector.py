"""Where connections to PostgreSQL are made, all of them: to any host, through any pooler.

A pooler refuses settings at the start of a connection, or drops them in silence; so what is at the
other end is asked first, by a text that prepares nothing.
"""

import asyncio
import re
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any

import asyncpg
import structlog

from core import tracing
from core.database_address import parse
from core.db import CONNECTION_LOST, reason_of
from core.errors import Unavailable
from core.pool import Connection
from core.poolers import PoolerMode, TransactionConnection, mode_of

MODE_SECONDS = 60.0
UNNAMED = "beleg/unnamed"
KEPT_STATEMENTS = 500
"""How many prepared statements a connection keeps."""
TRACKED = {"timezone": "UTC", "datestyle": "ISO"}  # poolers let each client have its own
READ_ONLY = "default_transaction_read_only"
DIRECT_URL = "BELEG_DATABASE_DIRECT_URL"
# How many rows: the server itself is at the other end, its process being the one that it said to
# be (a pooler makes that number up), and twice as many for one that takes writes.
_PROBE = (
    "SELECT FROM generate_series(1, (pg_backend_pid() = {pid})::int + 2 *"
    " (NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off')::int)"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*\Z")
KEPT_ALIVE = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 3, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 15_000}
"""A peer that is gone without a word is noticed after a quarter of a minute."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Peer:
    """What a connection has at its other end."""

    direct: bool
    writable: bool


async def peer_of(connection: Connection) -> Peer:
    """What is at the other end, asked in one round trip that leaves nothing behind."""
    status = await connection.execute(_PROBE.format(pid=connection.get_server_pid()), timeout=5)
    rows = int(status.rsplit(" ", 1)[-1])
    return Peer(bool(rows & 1), bool(rows & 2))


class Connector:
    """Makes connections to one database, and remembers what stands between."""

    def __init__(
        self,
        url: str,
        name: str,
        settings: dict[str, str] | None = None,
        *,
        session: bool = False,
        command_seconds: float | None = 60,
        statements: int = KEPT_STATEMENTS,
    ) -> None:
        self.address = parse(url)
        self.mode: PoolerMode | None = None
        self._command_seconds = command_seconds
        self._statements = statements
        self._session = session  # whether connections are needed that keep their session
        self._startup = {**TRACKED, "application_name": name}
        self._settings = {**self.address.server_settings, **(settings or {})}
        self._mode_until = 0.0
        self._asking = asyncio.Lock()
        self._plain = False  # whether settings are refused at the start of a connection
        self._hosts = list(self.address.hosts)

    async def __call__(self) -> Connection:
        """A connection, with all settings; raises Unavailable where no try would help."""
        try:
            return await self._connect()
        except CONNECTION_LOST:
            raise
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
            log.warning(
                "database_refuses", problem=type(problem).__name__, reason=reason_of(problem)
            )
            raise Unavailable("The database does not let us in.") from problem

    async def _connect(self) -> Connection:
        if self.mode is PoolerMode.TRANSACTION and time.monotonic() < self._mode_until:
            self._require_served(self.mode)
            return await self._transaction()
        connection, peer = await self._open(self._plain, statements=self._statements)
        try:
            if peer.direct and not self._plain:
                return self._found(PoolerMode.DIRECT, connection, peer)
            mode = PoolerMode.DIRECT if peer.direct else await self._pooler_mode(connection)
            self._found(mode, connection, peer)
            self._require_served(mode)
            if mode is not PoolerMode.TRANSACTION:
                await connection.execute(self._set("SET") or "SELECT")
                return connection
        except BaseException:
            connection.terminate()
            raise
        connection.terminate()
        return await self._transaction()

    async def _pooler_mode(self, held: Connection) -> PoolerMode:
        """How the pooler lends sessions, asked once a minute, by one connection for all."""
        async with self._asking:
            if self.mode is None or time.monotonic() >= self._mode_until:
                found = await mode_of(held, self._bare)
                self._mode_until = time.monotonic() + MODE_SECONDS
                return found
            return self.mode

    async def _transaction(self) -> Connection:
        connection, _ = await self._open(True, TransactionConnection)
        assert isinstance(connection, TransactionConnection)  # noqa: S101 - as it was asked for
        connection.settings = self._set("SET LOCAL") or "SELECT"
        return connection

    def _found(self, mode: PoolerMode, connection: Connection, peer: Peer) -> Connection:
        if mode is not self.mode:
            self.mode = mode
            version = connection.get_server_version()
            tell = log.debug if mode is PoolerMode.DIRECT else log.info
            tell(
                "database_connected",
                through=mode,
                writable=peer.writable,
                version=f"{version.major}.{version.minor}",
                encrypted=is_encrypted(connection),
            )
        return connection

    def _require_served(self, mode: PoolerMode) -> None:
        if mode is PoolerMode.STATEMENT:
            raise Unavailable(
                "The database is behind a pooler in statement mode, which has no transactions:"
                " set its pool_mode to session or transaction."
            )
        if mode is PoolerMode.TRANSACTION and self._session:
            raise Unavailable(
                "The database is behind a pooler in transaction mode, through which nothing can be"
                f" listened to: set {DIRECT_URL} to an address of PostgreSQL itself."
            )

    def _set(self, how: str) -> str:
        for name in self._settings:
            if not _NAME.match(name):
                raise Unavailable(f"No setting of PostgreSQL is called {name}.")
        quoted = {name: value.replace("'", "''") for name, value in self._settings.items()}
        return "; ".join(f"{how} {name} = '{value}'" for name, value in quoted.items())

    async def _bare(self) -> Connection:
        """A connection on which nothing was set, and nothing is prepared."""
        return (await self._open(True, statements=0))[0]

    async def _open(
        self,
        plain: bool,
        kind: type[asyncpg.Connection] = asyncpg.Connection,
        statements: int = KEPT_STATEMENTS,
    ) -> tuple[Connection, Peer]:
        """A connection to the first host that will do, the last one that did being asked first."""
        problem: BaseException | None = None
        for host in self._hosts or (None,):
            try:
                connection = await self._try(host, plain, kind, statements)
                peer = await self._fit(connection)
            except asyncpg.ProtocolViolationError as refusal:
                if plain or "startup parameter" not in str(refusal):
                    raise
                self._plain = True
                return await self._open(True, kind, statements)
            except CONNECTION_LOST as lost:
                problem = lost
                continue
            if host is not None and host is not self._hosts[0]:
                self._hosts.sort(key=lambda each: each is not host)
            return connection, peer
        assert problem is not None  # noqa: S101 - there is a host, and it would not do
        raise problem

    async def _try(
        self,
        host: tuple[str, int] | None,
        plain: bool,
        kind: type[asyncpg.Connection],
        statements: int,
    ) -> Connection:
        place: dict[str, Any] = {"host": host[0], "port": host[1]} if host else {}
        place["target_session_attrs"] = "any"  # we ask ourselves, so that a pooler can answer
        if self.address.system_certificates:
            place["ssl"] = True
        if kind is TransactionConnection:
            statements = 0
        connection: Connection = await asyncpg.connect(
            self.address.dsn,
            **place,
            timeout=self.address.seconds,
            command_timeout=self._command_seconds,
            max_cached_statement_lifetime=0,
            statement_cache_size=statements,
            connection_class=kind,
            server_settings=self._startup if plain else {**self._settings, **self._startup},
        )
        keep_alive(connection)
        if (traces := tracing.active()) is not None:
            traces.follow(connection)
        return connection

    async def _fit(self, connection: Connection) -> Peer:
        try:
            peer = await peer_of(connection)
            reads = self._settings.get(READ_ONLY) == "on"  # by its own wish
            if self.address.only_writable and not peer.writable and not reads:
                raise asyncpg.TargetServerAttributeNotMatched("no host takes writes")
        except BaseException:
            connection.terminate()
            raise
        return peer


def keep_alive(connection: Connection) -> None:
    """Let the machine notice a peer that is gone without a word."""
    found: socket.socket | None = connection._transport.get_extra_info("socket")  # type: ignore[attr-defined]
    if found is None or found.family not in (socket.AF_INET, socket.AF_INET6):
        return
    found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if sys.platform == "linux":
        for name, value in KEPT_ALIVE.items():
            found.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def is_encrypted(connection: Connection) -> bool:
    """Whether what goes over this connection is encrypted as far as the next peer."""
    transport = connection._transport  # type: ignore[attr-defined]
    return transport.get_extra_info("ssl_object") is not None
