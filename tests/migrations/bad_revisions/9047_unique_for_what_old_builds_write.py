"""A unique index lets in only once what the old build may write twice."""

revision = "9047"
down_revision = "9046"
kind = "expand"
STOPPED_BY = "proof: tightens"

STATEMENTS = ("CREATE UNIQUE INDEX CONCURRENTLY webhook_url ON webhook (client_id, url)",)
