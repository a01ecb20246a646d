"""Who this instance is, and what is added to the cluster's transaction ids after a restore."""

from alembic import op

revision = "0011"
down_revision = "0010"
kind = "expand"

STATEMENTS = (
    """CREATE TABLE instance_identity (
        id uuid NOT NULL,
        epoch bigint NOT NULL DEFAULT 0)""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
