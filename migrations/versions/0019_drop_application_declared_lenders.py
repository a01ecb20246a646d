"""The named lenders as JSON go; the list of texts says the same."""

from alembic import op

revision = "0019"
down_revision = None
depends_on = ("0015",)
kind = "contract"
needs = ("0015_declared_lender_names",)
drops = ("application.declared_lenders",)

STATEMENTS = (
    "DROP TRIGGER sync_declared_lender_names ON application",
    "DROP FUNCTION sync_declared_lender_names()",
    "ALTER TABLE application DROP COLUMN declared_lenders",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
