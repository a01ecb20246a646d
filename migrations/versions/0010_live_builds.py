"""Which builds are alive on this database, what each uses of it, and what contracts have dropped."""

from alembic import op

revision = "0010"
down_revision = "0009"
kind = "expand"

STATEMENTS = (
    "ALTER TABLE applied_revision ADD COLUMN drops text[]",
    """CREATE TABLE live_build (
        process uuid PRIMARY KEY,
        part text NOT NULL,
        build text NOT NULL,
        requires text[] NOT NULL,
        uses text[] NOT NULL,
        started_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        ended_at timestamptz)""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
