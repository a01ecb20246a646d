"""A column whose default is fixed the moment it is added."""

revision = "9003"
down_revision = "9002"
kind = "expand"

STATEMENTS = ("ALTER TABLE document ADD COLUMN seen_at timestamptz DEFAULT now()",)
