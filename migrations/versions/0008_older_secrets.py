"""A webhook's secrets before the one before, and until when each signs: null where there is none."""

from alembic import op

revision = "0008"
down_revision = "0007"
kind = "expand"


def upgrade() -> None:
    op.execute(
        """ALTER TABLE webhook
        ADD COLUMN older_secrets bytea[], ADD COLUMN older_secrets_until timestamptz[]"""
    )
