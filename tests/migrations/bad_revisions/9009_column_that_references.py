"""A new column references another table at once."""

revision = "9009"
down_revision = "9008"
kind = "expand"
STOPPED_BY = "rules: foreign-key"

STATEMENTS = ("ALTER TABLE document ADD COLUMN person_id uuid REFERENCES person",)
