"""Two tables are locked together: whoever takes them in the other order waits for ever."""

revision = "9027"
down_revision = "9026"
kind = "expand"
STOPPED_BY = "rules: many-tables"

STATEMENTS = (
    "ALTER TABLE statement ADD COLUMN note text",
    "ALTER TABLE transaction ADD COLUMN note text",
)
