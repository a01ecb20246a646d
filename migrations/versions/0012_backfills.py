"""How far each backfill has come."""

from alembic import op

revision = "0012"
down_revision = "0011"
kind = "expand"

STATEMENTS = (
    """CREATE TABLE backfill (
        name text PRIMARY KEY,
        state text NOT NULL,
        cursor jsonb,
        until jsonb,
        done bigint NOT NULL DEFAULT 0,
        total bigint,
        batch integer NOT NULL,
        error text,
        started_at timestamptz,
        updated_at timestamptz NOT NULL)""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
