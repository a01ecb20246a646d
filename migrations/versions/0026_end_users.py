"""Whose an application is within its client: the person who signed in to the client's app."""

from alembic import op

revision = "0026"
down_revision = "0024"
kind = "expand"

STATEMENTS = ("ALTER TABLE application ADD COLUMN oidc_issuer text, ADD COLUMN oidc_subject text",)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
