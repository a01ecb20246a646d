"""A column is NOT NULL and has no default: the old build's INSERT does not name it."""

revision = "9005"
down_revision = "9004"
kind = "expand"
STOPPED_BY = "rules: not-null"

STATEMENTS = ("ALTER TABLE application ADD COLUMN channel text NOT NULL",)
