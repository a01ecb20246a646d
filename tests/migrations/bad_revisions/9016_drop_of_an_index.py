"""An index goes that the old build's queries are fast by, and its table is locked."""

revision = "9016"
down_revision = "9015"
kind = "expand"
STOPPED_BY = "rules: index-locks"

STATEMENTS = ("DROP INDEX transaction_application",)
