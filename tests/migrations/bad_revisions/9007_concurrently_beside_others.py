"""CONCURRENTLY stands beside another statement, so that neither can be undone."""

revision = "9007"
down_revision = "9006"
kind = "expand"
STOPPED_BY = "rules: concurrently-alone"

STATEMENTS = (
    "ALTER TABLE transaction ADD COLUMN note text",
    "CREATE INDEX CONCURRENTLY transaction_note ON transaction (note)",
)
