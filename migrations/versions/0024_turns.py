"""Whose turn it is among the jobs that wait is told from an index, however many one client has."""

from alembic import op

revision = "0024"
down_revision = "0022"
kind = "expand"

STATEMENTS = (
    "CREATE INDEX CONCURRENTLY pgqueuer_turn ON pgqueuer (coalesce(headers->>'client', ''),"
    " coalesce(headers->>'lane', 'common'), priority DESC, id) WHERE status = 'queued'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
