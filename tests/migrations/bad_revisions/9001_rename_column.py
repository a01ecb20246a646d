"""A column is renamed in place."""

revision = "9001"
down_revision = "0012"
kind = "expand"
STOPPED_BY = "rules: rename"

STATEMENTS = ("ALTER TABLE application RENAME COLUMN delete_reason TO withdrawal_reason",)
