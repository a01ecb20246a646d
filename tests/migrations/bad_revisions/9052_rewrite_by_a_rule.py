"""A rule of PostgreSQL's own takes the table's INSERTs away."""

revision = "9052"
down_revision = "9051"
kind = "expand"
STOPPED_BY = "rules: view"

STATEMENTS = ("CREATE RULE nothing AS ON INSERT TO usage DO INSTEAD NOTHING",)
