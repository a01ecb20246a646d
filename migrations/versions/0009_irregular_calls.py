"""Who sends what is taken and should not be sent, by operation and day: counted, never refused."""

from alembic import op

revision = "0009"
down_revision = "0008"
kind = "expand"

STATEMENTS = (
    """CREATE TABLE irregular_call (
        day date NOT NULL,
        client_id uuid NOT NULL,
        version text NOT NULL,
        operation text NOT NULL,
        irregularity text NOT NULL,
        calls bigint NOT NULL,
        last_at timestamptz NOT NULL,
        PRIMARY KEY (day, client_id, version, operation, irregularity))""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
