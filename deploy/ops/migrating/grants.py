"""What the role may do that an instance runs as, where another owns its tables.

It works with all data, but what is on record it only reads and adds to: it can change no table, and
of the audit log no row. Nor does it make temporary tables, among which a name is looked for first.
A role that was granted so is granted so again for what later revisions bring, so that only the
first migration needs to be told its name.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from urllib.parse import unquote, urlsplit

import asyncpg

from core.errors import Conflict
from core.pool import Connection
from deploy.ops.migrating.notices import Notice, Told

WORKED_WITH = ("SELECT", "INSERT", "UPDATE", "DELETE")
ADDED_TO = ("SELECT", "INSERT")
KEPT = {
    "audit_entry": ADDED_TO,
    "audit_seal": ADDED_TO,
    "applied_revision": ("SELECT",),
    "alembic_version": ("SELECT",),
}
"""What a role that only runs the product may do with these; with all others it works."""
_ALL = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('beleg grants'))"
_OWNER = """
SELECT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE oid = to_regclass('audit_entry')"""
_GRANTED = """
SELECT DISTINCT pg_get_userbyid(grantee) AS role FROM pg_class, aclexplode(relacl)
WHERE pg_class.oid = to_regclass('audit_entry') AND privilege_type = 'INSERT'
    AND grantee NOT IN (0, relowner)"""
_TABLES = """
SELECT relname AS name, array(
    SELECT privilege FROM unnest(CAST($2 AS text[])) AS privilege
    WHERE has_table_privilege($1, oid, privilege)) AS held
FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
ORDER BY relname"""
_SEQUENCES = """
SELECT relname AS name FROM pg_class
WHERE relnamespace = current_schema()::regnamespace
    AND CASE WHEN relkind = 'S' THEN NOT has_sequence_privilege($1, oid, 'USAGE')
        OR NOT has_sequence_privilege($1, oid, 'SELECT') END
ORDER BY relname"""
_ENTERS = "SELECT has_schema_privilege($1, current_schema(), 'USAGE')"
_DATABASE = """
SELECT datname AS name, pg_get_userbyid(datdba) AS owner,
    pg_has_role(datdba, 'USAGE') AS is_ours, array(
    SELECT CASE grantee WHEN 0 THEN '' ELSE pg_get_userbyid(grantee) END
    FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE privilege_type = 'TEMPORARY'
) AS temporary FROM pg_database WHERE datname = current_database()"""
_EXISTS = "SELECT FROM pg_roles WHERE rolname = $1"


async def grant(opened: Connection, runtime: str, told: Told) -> list[str]:
    """Let that address's role, and those that were let before, run the product; who could not.

    The role is made where there is none; raises Conflict where this one may not.
    """
    named = unquote(urlsplit(runtime).username or "")
    row = await opened.fetchrow(_OWNER)
    if row is None:
        return []
    before = [each["role"] for each in await opened.fetch(_GRANTED)]
    changed = []
    for role in sorted({*before, named} - {row["owner"], ""}):
        if not await opened.fetch(_EXISTS, role):
            await _make(opened, role, unquote(urlsplit(runtime).password or ""))
        if await _grant(opened, role):
            changed.append(role)
            text = f"{role} may run this instance now; what is on record it can only add to."
            told(Notice("granted", text, {"role": role}))
    if {*before, named} - {row["owner"], ""}:
        await _keep_temporary(opened, row["owner"], [*before, named], told)
    return changed


async def _keep_temporary(opened: Connection, owner: str, roles: Sequence[str], told: Told) -> None:
    """Let the owner of the tables alone make temporary ones, which everybody may by default."""
    (found,) = await opened.fetch(_DATABASE)
    too_many = sorted({"", *roles} & set(found["temporary"]) - {owner, found["owner"]})
    if not too_many:
        return
    database = _quoted(found["name"])
    revoked = ", ".join(_quoted(each) if each else "PUBLIC" for each in too_many)
    statements = [
        f"GRANT TEMPORARY ON DATABASE {database} TO {_quoted(owner)}",
        f"REVOKE TEMPORARY ON DATABASE {database} FROM {revoked}",
    ]
    if not found["is_ours"]:
        text = f"Let the owner of the database run: {'; '.join(statements)}"
        told(Notice("temporary", text, {"statements": statements}))
        return
    async with opened.transaction():
        await opened.execute(_LOCK)
        for each in statements:
            await opened.execute(each)
    text = f"Only {owner} makes temporary tables here now; whoever else is to needs a GRANT."
    told(Notice("temporary", text, {"role": owner}))


async def _make(opened: Connection, role: str, password: str) -> None:
    """Make the role, as an owner may who is let make roles."""
    made = f"CREATE ROLE {_quoted(role)} LOGIN PASSWORD"
    try:
        said = await opened.fetchval("SELECT quote_literal($1::text)", password)
        await opened.execute(f"{made} {said}" if password else made.removesuffix(" PASSWORD"))
    except asyncpg.DuplicateObjectError:
        pass  # by another migrator, just now
    except asyncpg.InsufficientPrivilegeError as problem:
        raise Conflict(
            f"There is no role {role}, which BELEG_DATABASE_URL names, and this one may not make"
            f" it: let a DBA run {made} '…', then migrate again."
        ) from problem


async def _grant(opened: Connection, role: str) -> bool:
    """Grant what is lacking and revoke what is too much; whether there was anything."""
    if not [each async for each in _statements(opened, role)]:
        return False
    try:
        async with opened.transaction():
            await opened.execute(_LOCK)
            for statement in [each async for each in _statements(opened, role)]:
                await opened.execute(statement)
    except asyncpg.InsufficientPrivilegeError as problem:
        raise Conflict(
            f"{role} cannot be let run this instance: {problem}. Migrate as the role that owns"
            " the tables (BELEG_DATABASE_OWNER_URL)."
        ) from problem
    return True


async def _statements(opened: Connection, role: str) -> AsyncIterator[str]:
    """What is to be said, least first."""
    grantee = _quoted(role)
    if not await opened.fetchval(_ENTERS, role):
        schema = _quoted(await opened.fetchval("SELECT current_schema()"))
        yield f"GRANT USAGE ON SCHEMA {schema} TO {grantee}"
    for row in await opened.fetch(_TABLES, role, list(_ALL)):
        for verb, privileges, word in _differences(row["name"], frozenset(row["held"])):
            yield f"{verb} {', '.join(privileges)} ON {_quoted(row['name'])} {word} {grantee}"
    for row in await opened.fetch(_SEQUENCES, role):
        yield f"GRANT USAGE, SELECT ON SEQUENCE {_quoted(row['name'])} TO {grantee}"


def _differences(table: str, held: frozenset[str]) -> Iterator[tuple[str, list[str], str]]:
    """What lacks of the rights to a table, and of the audit log's what is too much."""
    wanted = KEPT.get(table, WORKED_WITH)
    if lacking := [each for each in wanted if each not in held]:
        yield "GRANT", lacking, "TO"
    if table in KEPT and (surplus := [each for each in _ALL if each in held - set(wanted)]):
        yield "REVOKE", surplus, "FROM"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
