"""An expand moves data: every row is locked until the commit."""

revision = "9019"
down_revision = "9018"
kind = "expand"
STOPPED_BY = "rules: data"

STATEMENTS = (
    "ALTER TABLE statement ADD COLUMN transaction_count integer",
    "UPDATE statement SET transaction_count = transactions",
)
