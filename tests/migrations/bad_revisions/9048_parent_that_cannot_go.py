"""A new table keeps the old build from deleting rows of another."""

revision = "9048"
down_revision = "9047"
kind = "expand"
STOPPED_BY = "proof: tightens"

STATEMENTS = (
    """CREATE TABLE webhook_note (
        webhook_id uuid PRIMARY KEY REFERENCES webhook,
        note text NOT NULL)""",
)
