"""Rows of a statement that were not read, and what statements and bookings bear beside their text.

A build that knows nothing of them writes none: that is what the defaults say.
"""

from alembic import op

revision = "0033"
down_revision = "0032"
kind = "expand"
EXCEPTIONS = {
    "many-tables": "nothing is read or written of them: each lock is held for a moment",
}

STATEMENTS = (
    """ALTER TABLE statement
        ADD COLUMN unread_rows integer NOT NULL DEFAULT 0,
        ADD COLUMN particulars jsonb""",
    "ALTER TABLE transaction ADD COLUMN particulars jsonb",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
