"""What a document says that is no bank statement, and where: null for those that say nothing."""

from alembic import op

revision = "0007"
down_revision = "0006"
kind = "expand"


def upgrade() -> None:
    op.execute("ALTER TABLE document ADD COLUMN facts jsonb")
