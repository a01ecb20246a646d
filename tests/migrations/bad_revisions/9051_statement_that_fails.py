"""PostgreSQL itself refuses it, halfway through a fleet."""

revision = "9051"
down_revision = "9050"
kind = "expand"
STOPPED_BY = "proof: fails"

STATEMENTS = ("ALTER TABLE application ADD COLUMN purpose text",)
