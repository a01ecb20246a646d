"""What a database may answer or fail to, and which of it is worth another try or a wait."""

import asyncpg

from core import telemetry

TRANSIENT = (
    asyncpg.InvalidCachedStatementError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.InternalServerError,  # what was prepared before a restore names what is gone
)
CONNECTION_LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidCatalogNameError,  # dropped, to be restored
    asyncpg.InternalClientError,  # the server has said goodbye and is just hanging up
)
REFUSED_FOR_NOW = (
    asyncpg.ReadOnlySQLTransactionError,  # a standby, or a server that was told to take no writes
    asyncpg.InsufficientResourcesError,  # its disk or memory is full
    asyncpg.PostgresIOError,
)
"""What a server answers that takes no writes just now, though it can be reached."""
NOT_NOW = (
    *CONNECTION_LOST,
    *REFUSED_FOR_NOW,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,  # it took longer than a statement may
    asyncpg.InsufficientPrivilegeError,  # restored by another role, which owns the tables now
)
DENIED = (asyncpg.ReadOnlySQLTransactionError, asyncpg.InsufficientPrivilegeError)
"""What whoever may only read is answered where he would write."""
SHADOW_WALL = "A shadow writes nothing."
"""What a shadow answers where it would write: so far the request was taken."""
KINDS: tuple[tuple[str, tuple[type[BaseException], ...]], ...] = (
    ("timeout", (TimeoutError, asyncpg.QueryCanceledError)),
    ("retried", TRANSIENT),
    ("locked", (asyncpg.LockNotAvailableError,)),
    ("refused", (*REFUSED_FOR_NOW, asyncpg.InsufficientPrivilegeError)),
    ("lost", CONNECTION_LOST),
    ("schema", (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError)),
)
"""How problems are counted, by the first kind that fits."""
_COUNTERS = {kind: telemetry.DATABASE_ERRORS.labels(kind) for kind, _ in KINDS}


def reason_of(problem: BaseException) -> str:
    """Why, in the problem's own words; without a server's details, which quote what was sent."""
    if isinstance(problem, asyncpg.PostgresError):
        return str(problem.args[0]) if problem.args else ""
    return str(problem)


def detail_of(problem: BaseException) -> str:
    """What callers are told of a problem that keeps them from the database."""
    if isinstance(problem, asyncpg.LockNotAvailableError | asyncpg.QueryCanceledError):
        return "The database is busy; try again soon."
    if isinstance(problem, asyncpg.InsufficientPrivilegeError):
        return "The database does not let us do what we must."
    if isinstance(problem, REFUSED_FOR_NOW):
        return "The database takes no writes just now; try again soon."
    return "The database is not reachable; try again soon."


def count(problem: BaseException) -> None:
    """Count a problem by its kind."""
    for kind, types in KINDS:
        if isinstance(problem, types):
            _COUNTERS[kind].inc()
            return
