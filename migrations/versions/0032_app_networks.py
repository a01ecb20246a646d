"""From where a client's app's people may call, where that is not from where its keys may."""

from alembic import op

revision = "0032"
down_revision = "0031"
kind = "expand"

STATEMENTS = ("ALTER TABLE client ADD COLUMN app_networks text[]",)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
