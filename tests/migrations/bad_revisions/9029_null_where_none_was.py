"""The old build meets null where it never met one."""

revision = "9029"
down_revision = "9028"
kind = "expand"
STOPPED_BY = "rules: loosened"

STATEMENTS = ("ALTER TABLE application ALTER COLUMN legal_name DROP NOT NULL",)
