"""The inbox counts all cases by status at every view: from an index, no longer from whole rows."""

from alembic import op

revision = "0016"
down_revision = "0015"
kind = "expand"

STATEMENTS = (
    "CREATE INDEX CONCURRENTLY application_client_status ON application (client_id, status)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
