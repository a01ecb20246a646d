"""An index beside all writes."""

revision = "9006"
down_revision = "9005"
kind = "expand"

STATEMENTS = ("CREATE INDEX CONCURRENTLY application_channel ON application (channel)",)
