"""A contract drops what it does not name."""

revision = "9043"
down_revision = None
depends_on = ("0012",)
kind = "contract"
drops = ("statement",)
STOPPED_BY = "rules: cascade"

STATEMENTS = ("DROP TABLE statement CASCADE",)
