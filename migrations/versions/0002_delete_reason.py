"""Why an application was withdrawn: a new column, empty for all that were withdrawn before."""

from alembic import op

revision = "0002"
down_revision = "0001"
kind = "expand"


def upgrade() -> None:
    op.execute("ALTER TABLE application ADD COLUMN delete_reason text")
