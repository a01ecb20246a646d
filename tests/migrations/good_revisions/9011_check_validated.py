"""Now it is looked at, beside reads and writes."""

revision = "9011"
down_revision = "9010"
kind = "expand"

STATEMENTS = ("ALTER TABLE application VALIDATE CONSTRAINT channel_said",)
