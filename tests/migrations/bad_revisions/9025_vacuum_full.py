"""The table is written anew while nobody can read it."""

revision = "9025"
down_revision = "9024"
kind = "expand"
STOPPED_BY = "rules: rewrite"

STATEMENTS = ("VACUUM FULL transaction",)
