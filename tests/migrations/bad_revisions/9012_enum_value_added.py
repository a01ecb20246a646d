"""An enum gets a value that the old build cannot read."""

revision = "9012"
down_revision = "9011"
kind = "expand"
STOPPED_BY = "rules: enum-change"

STATEMENTS = ("ALTER TYPE pgqueuer_status ADD VALUE 'parked'",)
