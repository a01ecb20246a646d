"""An expand moves data inside what looks like a query."""

revision = "9021"
down_revision = "9020"
kind = "expand"
STOPPED_BY = "rules: data"

STATEMENTS = ("WITH gone AS (DELETE FROM session RETURNING 1) SELECT count(*) FROM gone",)
