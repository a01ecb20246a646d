"""An integer becomes a bigint in place: every row is written anew, and clients read another type."""

revision = "9004"
down_revision = "9003"
kind = "expand"
STOPPED_BY = "rules: type-change"

STATEMENTS = ("ALTER TABLE statement ALTER COLUMN transactions TYPE bigint",)
