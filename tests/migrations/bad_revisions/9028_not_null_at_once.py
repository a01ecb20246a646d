"""NOT NULL goes through the whole table, and the old build may write null."""

revision = "9028"
down_revision = "9027"
kind = "expand"
STOPPED_BY = "rules: set-not-null"

STATEMENTS = ("ALTER TABLE application ALTER COLUMN purpose SET NOT NULL",)
