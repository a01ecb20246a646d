"""An expand drops a column that the old build reads."""

revision = "9014"
down_revision = "9013"
kind = "expand"
STOPPED_BY = "rules: drop"

STATEMENTS = ("ALTER TABLE application DROP COLUMN delete_reason",)
