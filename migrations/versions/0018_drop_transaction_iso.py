"""The ISO 20022 code in one piece goes; its parts say the same."""

from alembic import op

revision = "0018"
down_revision = None
depends_on = ("0014",)
kind = "contract"
needs = ("0014_iso_parts",)
drops = ("transaction.iso",)

STATEMENTS = (
    "DROP TRIGGER sync_iso_parts ON transaction",
    "DROP FUNCTION sync_iso_parts()",
    "ALTER TABLE transaction DROP COLUMN iso",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
