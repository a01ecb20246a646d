"""Test clients: their keys work in a sandbox, and their cases are kept apart from real ones."""

from alembic import op

revision = "0006"
down_revision = "0005"
kind = "expand"

STATEMENTS = (
    "ALTER TABLE client ADD COLUMN test boolean NOT NULL DEFAULT false",
    """UPDATE client SET test = true WHERE id IN (
        SELECT client_id FROM client_key WHERE prefix LIKE 'beleg_test_%')""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
