"""How a build is released beside another: where it stands, and every step with its evidence."""

from alembic import op

revision = "0020"
down_revision = "0016"
kind = "expand"

STATEMENTS = (
    """CREATE TABLE release (
        id uuid PRIMARY KEY,
        a text NOT NULL,
        b text NOT NULL,
        slot text NOT NULL,
        state text NOT NULL,
        weight double precision NOT NULL DEFAULT 0,
        conditions jsonb NOT NULL DEFAULT '[]',
        plan jsonb NOT NULL,
        automatic boolean NOT NULL,
        held text,
        generation bigint NOT NULL DEFAULT 1,
        observed_generation bigint NOT NULL DEFAULT 0,
        measured jsonb NOT NULL DEFAULT '{}',
        driver text,
        since timestamptz NOT NULL,
        started_at timestamptz NOT NULL,
        ended_at timestamptz)""",
    "CREATE UNIQUE INDEX release_open ON release ((ended_at IS NULL)) WHERE ended_at IS NULL",
    """CREATE TABLE release_step (
        id uuid PRIMARY KEY,
        release_id uuid NOT NULL REFERENCES release,
        at timestamptz NOT NULL,
        from_state text NOT NULL,
        to_state text NOT NULL,
        verdict text NOT NULL,
        evidence jsonb NOT NULL,
        by text NOT NULL)""",
    "CREATE INDEX release_step_release ON release_step (release_id, id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
