"""What a role of the database could do to the log beside reading and adding to it."""

from sqlalchemy import text

from core.db import Queryable
from core.query import compiled

POWERS = compiled(
    text("""
SELECT 'it is a superuser' AS power FROM pg_roles WHERE rolname = current_user AND rolsuper
UNION ALL SELECT 'it may make itself a member of any role' FROM pg_roles
    WHERE rolname = current_user AND rolcreaterole
        AND current_setting('server_version_num')::int < 160000
UNION ALL SELECT 'it owns ' || relname FROM pg_class
    WHERE oid IN ('audit_entry'::regclass, 'audit_seal'::regclass)
        AND pg_has_role(relowner, 'MEMBER')
UNION ALL SELECT 'it owns the schema ' || nspname FROM pg_namespace
    WHERE oid = current_schema()::regnamespace AND pg_has_role(nspowner, 'MEMBER')
UNION ALL SELECT 'it may change ' || relname FROM pg_class
    WHERE oid IN ('audit_entry'::regclass, 'audit_seal'::regclass)
        AND (has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
            OR has_any_column_privilege(oid, 'UPDATE'))
UNION ALL SELECT 'it is a member of ' || rolname FROM pg_roles
    WHERE rolname IN ('pg_execute_server_program', 'pg_write_server_files')
        AND pg_has_role(oid, 'MEMBER')""")
)
"""What a role could do to the log beside reading and adding to it, each in words."""


async def powers(db: Queryable) -> list[str]:
    """What the role could do to the log that this instance runs as."""
    return [row["power"] for row in await db.all(POWERS)]
