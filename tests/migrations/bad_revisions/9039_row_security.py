"""Rows are hidden from the old build."""

revision = "9039"
down_revision = "9038"
kind = "expand"
STOPPED_BY = "rules: trigger"

STATEMENTS = ("ALTER TABLE application ENABLE ROW LEVEL SECURITY",)
