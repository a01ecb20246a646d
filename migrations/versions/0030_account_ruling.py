"""What people say of accounts of other holders; what figures and answers are subject to."""

from alembic import op

revision = "0030"
down_revision = "0029"
kind = "expand"
EXCEPTIONS = {
    "many-tables": "nothing is read or written of them: each lock is held for a moment",
}

STATEMENTS = (
    """CREATE TABLE account_ruling (
        application_id uuid NOT NULL REFERENCES application,
        account text NOT NULL,
        counted boolean NOT NULL,
        reason text NOT NULL,
        person_id uuid NOT NULL,
        ruled_at timestamptz NOT NULL,
        PRIMARY KEY (application_id, account))""",
    "ALTER TABLE figure ADD COLUMN reservations jsonb NOT NULL DEFAULT '[]'",
    "ALTER TABLE answer ADD COLUMN reservations jsonb NOT NULL DEFAULT '[]'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
