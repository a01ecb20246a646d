"""A column changes its type in place."""

revision = "9003"
down_revision = "9002"
kind = "expand"
STOPPED_BY = "rules: type-change"

STATEMENTS = (
    "ALTER TABLE application ALTER COLUMN declared_lenders TYPE text USING declared_lenders::text",
)
