"""The old name goes, once nobody uses it."""

revision = "9015"
down_revision = None
depends_on = ("0012",)
kind = "contract"
needs = ("9014_columns_in_step",)
drops = ("statement.transactions",)

STATEMENTS = (
    "ALTER TABLE statement VALIDATE CONSTRAINT booking_count_given",
    "ALTER TABLE statement ALTER COLUMN booking_count SET NOT NULL",
    "ALTER TABLE statement DROP CONSTRAINT booking_count_given",
    "DROP TRIGGER sync_booking_count ON statement",
    "DROP FUNCTION sync_booking_count()",
    "ALTER TABLE statement DROP COLUMN transactions",
)
