"""A contract does not say what it drops, so that no live build can object."""

revision = "9041"
down_revision = None
depends_on = ("0012",)
kind = "contract"
STOPPED_BY = "rules: contract-without-drops"

STATEMENTS = ("ALTER TABLE statement DROP COLUMN transactions",)
