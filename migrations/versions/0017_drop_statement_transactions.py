"""The statement's count under its old name goes; under its new one it is never null."""

from alembic import op

revision = "0017"
down_revision = None
depends_on = ("0013",)
kind = "contract"
needs = ("0013_transaction_count",)
drops = ("statement.transactions",)

STATEMENTS = (
    "ALTER TABLE statement VALIDATE CONSTRAINT statement_transaction_count_given",
    # Looks at no row: the constraint has proved it.
    "ALTER TABLE statement ALTER COLUMN transaction_count SET NOT NULL",
    "ALTER TABLE statement DROP CONSTRAINT statement_transaction_count_given",
    "DROP TRIGGER sync_transaction_count ON statement",
    "DROP FUNCTION sync_transaction_count()",
    "ALTER TABLE statement DROP COLUMN transactions",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
