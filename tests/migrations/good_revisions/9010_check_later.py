"""A check on a new column that old builds leave empty."""

revision = "9010"
down_revision = "9009"
kind = "expand"

STATEMENTS = (
    "ALTER TABLE application ADD CONSTRAINT channel_said CHECK (channel <> '') NOT VALID",
)
