"""Where on a page a booking stands: null for the files that have no pages."""

from alembic import op

revision = "0005"
down_revision = "0004"
kind = "expand"


def upgrade() -> None:
    op.execute("ALTER TABLE transaction ADD COLUMN page integer, ADD COLUMN box double precision[]")
