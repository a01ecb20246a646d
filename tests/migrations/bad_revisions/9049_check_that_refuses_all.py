"""A check on a new column, which the old build leaves empty."""

revision = "9049"
down_revision = "9048"
kind = "expand"
STOPPED_BY = "proof: breaks"

STATEMENTS = (
    "ALTER TABLE application ADD COLUMN channel text",
    "ALTER TABLE application ADD CONSTRAINT channel_given CHECK (channel IS NOT NULL) NOT VALID",
)
