"""The role that shadows stand on: it reads all data and has no right to write any.

Missing grants are the wall, for builds that know of no shadows too. The role's transactions are not
read-only by default: an older build would take that for a standby, drop its connections at each
write and never be ready. This build makes its own read-only beside (`core.connecting`).
"""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import asyncpg

from core.connecting import connect
from core.db import CONNECTION_LOST
from core.errors import Complaint, Conflict, Invalid, Unavailable
from core.pool import Connection

VARIABLE = "BELEG_SHADOW_DATABASE_URL"
READS = "pg_read_all_data"
LONGEST_NAME = 63
MOST_CONNECTIONS = 60
STATEMENT_SECONDS = 30
"""How long a statement of a shadow's may burden the database."""
MADE_MEANWHILE = (
    asyncpg.DuplicateObjectError,
    asyncpg.UniqueViolationError,
    asyncpg.InternalServerError,  # "tuple concurrently updated"
)
_SESSION = "beleg/shadow-role"
_POWERS = """
SELECT 'it is a superuser, may make roles or databases, or passes by row security' AS power
    FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole OR rolcreatedb
        OR rolreplication OR rolbypassrls)
UNION ALL SELECT 'it is a member of ' || granted.rolname
    FROM pg_auth_members m JOIN pg_roles granted ON granted.oid = m.roleid
    JOIN pg_roles mine ON mine.oid = m.member
    WHERE mine.rolname = current_user AND granted.rolname <> $1
UNION ALL SELECT 'it may create in database ' || current_database()
    WHERE has_database_privilege(current_database(), 'CREATE')
UNION ALL SELECT 'it may create in schema ' || nspname FROM pg_namespace
    WHERE nspname !~ '^pg_(toast_)?temp_' AND has_schema_privilege(oid, 'CREATE')
UNION ALL SELECT 'it may write ' || oid::regclass::text FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'f') AND relnamespace <> 'pg_catalog'::regnamespace
        AND relnamespace <> 'information_schema'::regnamespace
        AND (has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
            OR has_any_column_privilege(oid, 'INSERT, UPDATE'))
UNION ALL SELECT 'it may count on ' || oid::regclass::text FROM pg_class
    WHERE CASE WHEN relkind = 'S' THEN has_sequence_privilege(oid, 'USAGE, UPDATE') END
UNION ALL SELECT 'it may run ' || oid::regprocedure::text || ' with another''s rights' FROM pg_proc
    WHERE prosecdef AND pronamespace <> 'pg_catalog'::regnamespace
        AND has_function_privilege(oid, 'EXECUTE') AND has_schema_privilege(pronamespace, 'USAGE')
"""
"""What a role can do beside reading, each in words; `pg_read_all_data` brings none of it."""


async def ensure(url: str, environ: Mapping[str, str] = os.environ) -> str:
    """The database's address for a role that can only read; made where there is none yet.

    Raises Conflict, with the lines for a DBA, where the operator's role may not make one, and where
    a role that was given can do more than read.
    """
    if given := _given(environ):
        return await checked(given)
    role, address = named(url)
    with suppress(*MADE_MEANWHILE):
        await _make(url, role, address)
    return await checked(address)


def named(url: str) -> tuple[str, str]:
    """The role's name, and the database's address for it; its password follows from the owner's.

    So whoever has the owner's address can say it at any time, and it changes with the owner's.
    """
    parts = urlsplit(url)
    database = unquote(parts.path.strip("/"))
    if not parts.password or not database:
        needed = "to an address of a role that can only read, since BELEG_DATABASE_URL has no"
        raise Invalid(Complaint(VARIABLE, f"{VARIABLE}: set it {needed} password or no database"))
    role = f"{database}_shadow"
    if len(role.encode()) > LONGEST_NAME:
        role = f"shadow_{hashlib.sha256(database.encode()).hexdigest()[:32]}"
    secret = unquote(parts.password).encode()
    password = hashlib.scrypt(secret, salt=role.encode(), n=2**14, r=8, p=1, dklen=24).hex()
    place = parts.netloc.rpartition("@")[2]
    return role, parts._replace(netloc=f"{quote(role, safe='')}:{password}@{place}").geturl()


async def checked(url: str) -> str:
    """The same address; raises Conflict where its role can do more than read."""
    connection = await connect(url, _SESSION)
    try:
        powers = [row["power"] for row in await connection.fetch(_POWERS, READS)]
        reads = await connection.fetchval("SELECT pg_has_role($1, 'USAGE')", READS)
    finally:
        await connection.close()
    if powers:
        raise Conflict(f"The shadow's role could write: {'; '.join(powers)}. Take that from it.")
    if not reads:
        raise Conflict(f"The shadow's role reads nothing: GRANT {READS} TO it.")
    return url


async def _make(url: str, role: str, address: str) -> None:
    connection = await connect(url, _SESSION)
    try:
        exists = await _exists(connection, role)
        if exists and await _opens(address):
            return
        async with connection.transaction():
            for statement in _statements(exists, role, address):
                await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError as problem:
        shown = "\n".join(f"  {each};" for each in lines(role))
        raise Conflict(
            f"The operator's role may not make {role}. Let a DBA run, with a password of his own:\n"
            f"{shown}\nand set {VARIABLE} (or {VARIABLE}_FILE) to the database's address for it."
        ) from problem
    finally:
        await connection.close()


async def _opens(address: str) -> bool:
    """Whether the password is still the one that follows from the owner's."""
    try:
        await (await connect(address, _SESSION)).close()
    except (Unavailable, *CONNECTION_LOST, asyncpg.PostgresError):
        return False
    return True


async def _exists(connection: Connection, role: str) -> bool:
    return bool(await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role))


def lines(role: str, password: str = "…") -> list[str]:  # noqa: S107 - what a DBA fills in
    """What makes the role, for whoever may."""
    name = '"' + role.replace('"', '""') + '"'
    return [
        f"CREATE ROLE {name} LOGIN PASSWORD '{password}' CONNECTION LIMIT {MOST_CONNECTIONS}",
        f"GRANT {READS} TO {name}",
    ]


def _statements(exists: bool, role: str, address: str) -> list[str]:
    password = urlsplit(address).password
    create, grant = lines(role, f"{password}")
    if exists:
        create = create.replace("CREATE", "ALTER", 1)
    name = create.split(" LOGIN")[0].partition("ROLE ")[2]
    return [create, grant, f"ALTER ROLE {name} SET statement_timeout = '{STATEMENT_SECONDS}s'"]


def _given(environ: Mapping[str, str]) -> str:
    """The address that an operator has set, in the environment or in a file."""
    if file := environ.get(f"{VARIABLE}_FILE"):
        try:
            return Path(file).read_text().strip()
        except OSError as problem:
            name = f"{VARIABLE}_FILE"
            raise Invalid(Complaint(name, f"{name}: {problem.strerror}")) from None
    return environ.get(VARIABLE, "")


def name_in(address: str) -> str:
    """The name of the role that an address is for."""
    return unquote(urlsplit(address).username or "")
