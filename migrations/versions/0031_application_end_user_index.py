"""A person lists their own applications from an index, however many the client has."""

from alembic import op

revision = "0031"
down_revision = "0030"
kind = "expand"

STATEMENTS = (
    """CREATE INDEX CONCURRENTLY application_end_user
        ON application (client_id, oidc_subject, id DESC) WHERE oidc_subject IS NOT NULL""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
