"""NOT NULL is asked of rows that no backfill has been at."""

revision = "9044"
down_revision = None
depends_on = ("0012",)
kind = "contract"
STOPPED_BY = "rules: set-not-null"

STATEMENTS = ("ALTER TABLE application ALTER COLUMN purpose SET NOT NULL",)
