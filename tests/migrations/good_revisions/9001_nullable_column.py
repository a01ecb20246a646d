"""A column that may be null."""

revision = "9001"
down_revision = "0012"
kind = "expand"

STATEMENTS = ("ALTER TABLE application ADD COLUMN channel text",)
