"""A type of its own is nobody's yet."""

revision = "9012"
down_revision = "9011"
kind = "expand"

STATEMENTS = (
    "CREATE TYPE mood AS ENUM ('calm', 'stern')",
    "ALTER TABLE person ADD COLUMN mood mood",
)
