"""An index is built while nobody can write."""

revision = "9006"
down_revision = "9005"
kind = "expand"
STOPPED_BY = "rules: index-locks"

STATEMENTS = ("CREATE INDEX transaction_amount ON transaction (amount)",)
