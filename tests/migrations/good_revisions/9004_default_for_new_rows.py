"""A column whose default differs by row, for new rows alone."""

revision = "9004"
down_revision = "9003"
kind = "expand"

STATEMENTS = (
    "ALTER TABLE document ADD COLUMN reference uuid",
    "ALTER TABLE document ALTER COLUMN reference SET DEFAULT gen_random_uuid()",
)
