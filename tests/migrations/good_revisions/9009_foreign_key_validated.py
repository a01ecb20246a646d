"""Now it is looked at, beside reads and writes."""

revision = "9009"
down_revision = "9008"
kind = "expand"

STATEMENTS = ("ALTER TABLE application VALIDATE CONSTRAINT application_note",)
