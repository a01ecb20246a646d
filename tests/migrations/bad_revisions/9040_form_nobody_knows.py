"""A form of statement that no rule knows."""

revision = "9040"
down_revision = "9039"
kind = "expand"
STOPPED_BY = "rules: unknown-form"

STATEMENTS = ("CREATE PUBLICATION everything FOR ALL TABLES",)
