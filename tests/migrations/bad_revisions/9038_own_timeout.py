"""It takes the migrator's patience away."""

revision = "9038"
down_revision = "9037"
kind = "expand"
STOPPED_BY = "rules: session"

STATEMENTS = (
    "SET lock_timeout = '1h'",
    "ALTER TABLE transaction ADD COLUMN note text",
)
