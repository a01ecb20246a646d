"""A table is locked by hand until the commit."""

revision = "9017"
down_revision = "9016"
kind = "expand"
STOPPED_BY = "rules: long-lock"

STATEMENTS = (
    "LOCK TABLE transaction IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE transaction ADD COLUMN note text",
)
