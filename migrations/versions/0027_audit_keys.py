"""A seal of the audit log may be made with a key, and then says with which; none says none."""

from alembic import op

revision = "0027"
down_revision = "0026"
kind = "expand"

STATEMENTS = ("ALTER TABLE audit_seal ADD COLUMN key_name text",)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
