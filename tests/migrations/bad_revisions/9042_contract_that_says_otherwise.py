"""A contract says that it drops one column and drops another."""

revision = "9042"
down_revision = None
depends_on = ("0012",)
kind = "contract"
drops = ("statement.number",)
STOPPED_BY = "rules: drops-differ"

STATEMENTS = ("ALTER TABLE statement DROP COLUMN transactions",)
