"""An index that no query uses goes beside all of them."""

revision = "9016"
down_revision = None
depends_on = ("0012",)
kind = "contract"

STATEMENTS = ("DROP INDEX CONCURRENTLY application_channel",)
