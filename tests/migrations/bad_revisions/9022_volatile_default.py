"""A default that differs by row: the table is written anew."""

revision = "9022"
down_revision = "9021"
kind = "expand"
STOPPED_BY = "rules: volatile-default"

STATEMENTS = ("ALTER TABLE transaction ADD COLUMN reference uuid DEFAULT gen_random_uuid()",)
