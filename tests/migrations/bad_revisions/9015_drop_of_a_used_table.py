"""An expand drops a table that the old build reads."""

revision = "9015"
down_revision = "9014"
kind = "expand"
STOPPED_BY = "rules: drop"

STATEMENTS = ("DROP TABLE month",)
