"""How far each backfill has come, what it waits for, and who runs it."""

from alembic import op

revision = "0012"
down_revision = "0011"
kind = "expand"

STATEMENTS = (
    """CREATE TABLE backfill (
        name text PRIMARY KEY,
        state text NOT NULL,
        round integer NOT NULL DEFAULT 1,
        verifying boolean NOT NULL DEFAULT false,
        cursor jsonb,
        until jsonb,
        done bigint NOT NULL DEFAULT 0,
        checked bigint NOT NULL DEFAULT 0,
        total bigint,
        changed bigint NOT NULL DEFAULT 0,
        wrong bigint NOT NULL DEFAULT 0,
        batch integer NOT NULL DEFAULT 500,
        rate double precision,
        waiting text,
        error text,
        runner uuid,
        leased_until timestamptz,
        started_at timestamptz,
        updated_at timestamptz NOT NULL,
        verified_at timestamptz)""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
