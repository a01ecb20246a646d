"""A table is renamed in place."""

revision = "9002"
down_revision = "9001"
kind = "expand"
STOPPED_BY = "rules: rename"

STATEMENTS = ("ALTER TABLE statement RENAME TO bank_statement",)
