"""A check is added and validated in one transaction: the first one's lock is held."""

revision = "9011"
down_revision = "9010"
kind = "expand"
STOPPED_BY = "rules: validate-alone"

STATEMENTS = (
    "ALTER TABLE transaction ADD CONSTRAINT page_counts CHECK (page > 0) NOT VALID",
    "ALTER TABLE transaction VALIDATE CONSTRAINT page_counts",
)
