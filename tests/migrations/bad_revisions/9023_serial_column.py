"""A column that numbers its rows: the table is written anew."""

revision = "9023"
down_revision = "9022"
kind = "expand"
STOPPED_BY = "rules: volatile-default"

STATEMENTS = ("ALTER TABLE transaction ADD COLUMN place bigserial",)
