"""An enum's value gets another name while the old build writes the old one."""

revision = "9013"
down_revision = "9012"
kind = "expand"
STOPPED_BY = "rules: enum-change"

STATEMENTS = ("ALTER TYPE pgqueuer_status RENAME VALUE 'queued' TO 'waiting'",)
