"""How often somebody tried to sign in and failed, so that every process knows and a start forgets
nothing. A key is a digest: neither who was tried nor from where can be read.
"""

from alembic import op

revision = "0029"
down_revision = "0027"
kind = "expand"

STATEMENTS = (
    """CREATE TABLE sign_in_attempt (
        key bytea PRIMARY KEY,
        failures integer NOT NULL,
        last_at timestamptz NOT NULL,
        next_at timestamptz NOT NULL
    )""",
    "CREATE INDEX sign_in_attempt_last_at ON sign_in_attempt (last_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
