"""A default goes that the old build's INSERT leans on."""

revision = "9030"
down_revision = "9029"
kind = "expand"
STOPPED_BY = "rules: default-dropped"

STATEMENTS = ("ALTER TABLE event ALTER COLUMN xid DROP DEFAULT",)
