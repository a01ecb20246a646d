"""A column computed for every row: the table is written anew."""

revision = "9024"
down_revision = "9023"
kind = "expand"
STOPPED_BY = "rules: rewrite"

STATEMENTS = (
    "ALTER TABLE transaction ADD COLUMN euros numeric GENERATED ALWAYS AS (amount / 100.0) STORED",
)
