"""An expand copies one table into another."""

revision = "9020"
down_revision = "9019"
kind = "expand"
STOPPED_BY = "rules: data"

STATEMENTS = (
    "CREATE TABLE holder (name text PRIMARY KEY)",
    "INSERT INTO holder SELECT DISTINCT holder FROM statement WHERE holder IS NOT NULL",
)
