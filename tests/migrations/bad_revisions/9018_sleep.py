"""A revision waits while it holds a lock."""

revision = "9018"
down_revision = "9017"
kind = "expand"
STOPPED_BY = "rules: waits"

STATEMENTS = (
    "ALTER TABLE transaction ADD COLUMN note text",
    "SELECT pg_sleep(5)",
)
