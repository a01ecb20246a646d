"""A unique constraint builds its index under the table's lock."""

revision = "9031"
down_revision = "9030"
kind = "expand"
STOPPED_BY = "rules: index-locks"

STATEMENTS = ("ALTER TABLE webhook ADD CONSTRAINT webhook_url UNIQUE (client_id, url)",)
