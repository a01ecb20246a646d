"""A column with a constant default, which costs nothing."""

revision = "9002"
down_revision = "9001"
kind = "expand"

STATEMENTS = ("ALTER TABLE application ADD COLUMN flagged boolean NOT NULL DEFAULT false",)
