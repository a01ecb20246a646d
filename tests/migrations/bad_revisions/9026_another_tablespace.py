"""The table moves while nobody can read it."""

revision = "9026"
down_revision = "9025"
kind = "expand"
STOPPED_BY = "rules: rewrite"

STATEMENTS = ("ALTER TABLE transaction SET TABLESPACE pg_default",)
