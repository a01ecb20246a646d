"""Who this instance is, and an epoch that is added to transaction ids, so that a dump goes on.

Rows are in the order of PostgreSQL's transaction ids. A new cluster counts from the start, so what
is added grows with each restore (`beleg adopt` puts another body into `shifted_xid`; it is always a
multiple of 2^32, so that an id's lower half stays that of the transaction). The planner puts the
functions' bodies in their places: until then a column's default is what it was.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
kind = "expand"
EXCEPTIONS = {
    "many-tables": "their ids are compared with each other, so they count alike from one moment on;"
    " only the catalogue changes, and a lock that is not had within 100 ms is given up by us",
}

STATEMENTS = (
    """CREATE FUNCTION shifted_xid(xid xid8) RETURNS xid8 LANGUAGE sql STABLE PARALLEL SAFE
        RETURN xid""",
    """CREATE FUNCTION current_xid() RETURNS xid8 LANGUAGE sql STABLE
        RETURN shifted_xid(pg_current_xact_id())""",
    """CREATE FUNCTION settled_xid() RETURNS xid8 LANGUAGE sql STABLE PARALLEL SAFE
        RETURN shifted_xid(pg_snapshot_xmin(pg_current_snapshot()))""",
    """CREATE FUNCTION shifted_snapshot() RETURNS pg_snapshot LANGUAGE sql STABLE
        RETURN (
            SELECT concat_ws(':',
                shifted_xid(pg_snapshot_xmin(snapshot)), shifted_xid(pg_snapshot_xmax(snapshot)),
                (SELECT coalesce(string_agg(shifted_xid(xid)::text, ',' ORDER BY xid), '')
                    FROM pg_snapshot_xip(snapshot) xid))::pg_snapshot
            FROM pg_current_snapshot() snapshot)""",
    # The cluster's own number may be barred on managed servers; then other signs must do.
    """CREATE FUNCTION cluster_identifier() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
        BEGIN
            RETURN (SELECT system_identifier FROM pg_control_system());
        EXCEPTION WHEN insufficient_privilege OR undefined_function THEN
            RETURN NULL;
        END $$""",
    """CREATE FUNCTION database_identifier() RETURNS bigint LANGUAGE sql STABLE
        RETURN (SELECT oid::bigint FROM pg_database WHERE datname = current_database())""",
    """CREATE TABLE instance_identity (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        id uuid NOT NULL,
        epoch bigint NOT NULL DEFAULT 0,
        written_xid xid8 NOT NULL DEFAULT current_xid(),
        database bigint NOT NULL DEFAULT database_identifier(),
        cluster bigint DEFAULT cluster_identifier(),
        copy_of uuid,
        store_claimed_at timestamptz)""",
    "ALTER TABLE audit_entry ALTER COLUMN xid SET DEFAULT current_xid()",
    "ALTER TABLE event ALTER COLUMN xid SET DEFAULT current_xid()",
    "ALTER TABLE webhook_delivery ALTER COLUMN xid SET DEFAULT current_xid()",
    """ALTER TABLE webhook
        ALTER COLUMN since SET DEFAULT shifted_snapshot(),
        ALTER COLUMN planned_xid SET DEFAULT settled_xid()""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
