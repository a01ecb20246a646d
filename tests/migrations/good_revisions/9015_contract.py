"""The old name goes, once nobody uses it."""

revision = "9015"
down_revision = None
depends_on = ("0012",)
kind = "contract"
needs = ("9014_columns_in_step",)
drops = ("document.size",)

STATEMENTS = (
    "ALTER TABLE document VALIDATE CONSTRAINT byte_count_given",
    "ALTER TABLE document ALTER COLUMN byte_count SET NOT NULL",
    "ALTER TABLE document DROP CONSTRAINT byte_count_given",
    "DROP TRIGGER sync_byte_count ON document",
    "DROP FUNCTION sync_byte_count()",
    "ALTER TABLE document DROP COLUMN size",
)
