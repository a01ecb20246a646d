"""A contract drops what the build that brings it still uses."""

revision = "9050"
down_revision = None
depends_on = ("0012",)
kind = "contract"
drops = ("statement.holder",)
STOPPED_BY = "proof: breaks"

STATEMENTS = ("ALTER TABLE statement DROP COLUMN holder",)
