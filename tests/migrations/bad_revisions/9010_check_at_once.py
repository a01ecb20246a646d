"""A check goes through the whole table under its lock."""

revision = "9010"
down_revision = "9009"
kind = "expand"
STOPPED_BY = "rules: check-validated"

STATEMENTS = ("ALTER TABLE transaction ADD CONSTRAINT amount_given CHECK (amount <> 0)",)
