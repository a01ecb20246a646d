"""What a server says of itself, and whether that will do."""

import time
from collections.abc import Iterator

import asyncpg

from core.database_address import DatabaseAddress, is_near
from core.pool import Connection
from deploy.ops.checking.findings import Finding, attention, ok, wrong

OLDEST, NEWEST_TRIED = 15, 18
CLOCK_SECONDS = 1.0
FACTS = """
SELECT current_setting('server_version_num')::int / 10000 AS version,
    current_setting('server_version') AS version_name,
    NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writable,
    current_setting('server_encoding') AS encoding,
    current_setting('default_transaction_isolation') AS isolation,
    current_setting('statement_timeout') AS statement_timeout,
    coalesce(current_setting('idle_session_timeout', true), '0') AS idle_session_timeout,
    coalesce(current_setting('transaction_timeout', true), '0') AS transaction_timeout,
    current_setting('fsync') AS fsync,
    current_setting('synchronous_commit') AS synchronous_commit,
    current_schema() AS schema,
    current_user AS role,
    has_schema_privilege(current_schema(), 'CREATE') AS may_create,
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
    coalesce((SELECT bool_and(pg_has_role(current_user, relowner, 'USAGE')) FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')), true)
        AS owns_tables,
    extract(epoch FROM clock_timestamp())::float8 AS clock
"""
LIMITS = """
SELECT current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true), '0')::int AS server,
    (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role,
    (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database,
    (SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
        AND NOT (datname = current_database() AND usename = current_user))::int AS others,
    (SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
        AND datname = current_database() AND usename = current_user)::int AS held
"""


async def look_at_server(
    connection: Connection,
    address: DatabaseAddress,
    *,
    encrypted: bool,
    direct: bool,
    migrates: bool,
) -> list[Finding]:
    """Everything that one look at the server tells; of who migrates as well, more is asked."""
    asked = time.time()
    facts = await connection.fetchrow(FACTS)
    assert facts is not None  # noqa: S101 - a SELECT without FROM has a row
    answered = time.time()
    return [
        _version(facts),
        _encryption(address, encrypted, direct),
        _writable(facts),
        _role(facts, migrates),
        *_settings(facts),
        _clock(facts["clock"], asked, answered),
    ]


def _version(facts: asyncpg.Record) -> Finding:
    name, version = facts["version_name"], facts["version"]
    if version < OLDEST:
        advice = f"Take PostgreSQL {OLDEST} or newer."
        return wrong("version", f"PostgreSQL {name} is too old.", advice)
    if version > NEWEST_TRIED:
        detail = f"PostgreSQL {name} is newer than {NEWEST_TRIED}, the newest that was tried."
        return attention("version", detail, "Try it on a staging copy first.")
    return ok("version", f"PostgreSQL {name}; extensions are not needed.")


def _encryption(address: DatabaseAddress, encrypted: bool, direct: bool) -> Finding:
    where = "" if direct else " as far as the pooler"
    checked = "sslmode=verify-full" in address.dsn
    if encrypted and checked:
        return ok("encryption", f"TLS{where}, and the server's name is checked.")
    if encrypted:
        detail = f"TLS{where}, but whose server it is was not checked."
        return attention("encryption", detail, "Add sslmode=verify-full&sslrootcert=FILE.")
    if address.hosts and all(is_near(host) for host, _ in address.hosts):
        return ok("encryption", f"none{where}, and none is needed on this machine.")
    return attention(
        "encryption", f"none{where}.", "Add sslmode=verify-full&sslrootcert=FILE to the address."
    )


def _writable(facts: asyncpg.Record) -> Finding:
    if facts["writable"]:
        return ok("writes", "the server takes them.")
    return wrong(
        "writes",
        "the server takes none: it is a standby, or default_transaction_read_only is on.",
        "Name every host in the address; the one that takes writes is found.",
    )


def _role(facts: asyncpg.Record, migrates: bool) -> Finding:
    role, schema = facts["role"], facts["schema"]
    if schema is None:
        return wrong("role", f"{role} has no schema to work in.", "Set its search_path.")
    if migrates and not facts["may_create"]:
        # A role that serves strangers is better off without: it is named last.
        advice = (
            "Migrate as the role that owns the tables (BELEG_DATABASE_OWNER_URL), or, where one"
            f" role does all, GRANT CREATE ON SCHEMA {schema} TO {role}."
        )
        return attention("role", f"{role} may not create tables in {schema}.", advice)
    if migrates and not facts["owns_tables"]:
        advice = "Migrate as the role that does (BELEG_DATABASE_OWNER_URL)."
        return attention("role", f"{role} does not own all tables in {schema}.", advice)
    if facts["superuser"]:
        advice = "Give the instance a role of its own."
        return attention("role", f"{role} is a superuser, and need not be.", advice)
    may = "may do what it must in" if migrates else "works in"
    return ok("role", f"{role} {may} {schema}{', and migrate' if migrates else ''}.")


def _settings(facts: asyncpg.Record) -> Iterator[Finding]:
    if facts["encoding"] != "UTF8":
        advice = "Make the database anew with ENCODING 'UTF8' TEMPLATE template0."
        yield wrong("encoding", f"it is {facts['encoding']}.", advice)
    else:
        yield ok("encoding", "UTF8.")
    role = facts["role"]
    wanted = {
        "isolation": ("default_transaction_isolation", "read committed"),
        "statement_timeout": ("statement_timeout", "0"),
        "idle_session_timeout": ("idle_session_timeout", "0"),
        "transaction_timeout": ("transaction_timeout", "0"),
        "fsync": ("fsync", "on"),
        "synchronous_commit": ("synchronous_commit", "on"),
    }
    stronger = ("remote_write", "remote_apply")
    odd = {
        name: (facts[key], value)
        for key, (name, value) in wanted.items()
        if facts[key] != value and facts[key] not in stronger
    }
    for name, (found, value) in odd.items():
        advice = f"ALTER ROLE {role} SET {name} = '{value}', unless it is meant."
        if name == "fsync":
            advice = "Set it to on: a crash may lose the whole database."
        yield attention("setting", f"{name} is {found}.", advice)
    if not odd:
        yield ok("settings", "timeouts, isolation and durability are as they should be.")


def _clock(server: float, asked: float, answered: float) -> Finding:
    apart = max(asked - server, server - answered, 0.0)
    if apart > CLOCK_SECONDS:
        advice = "Let both machines keep time by NTP."
        return attention("clock", f"the server's is {apart:.1f} s away from ours.", advice)
    return ok("clock", "the server's and ours agree.")
