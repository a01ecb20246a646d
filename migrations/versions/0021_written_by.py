"""Applications, documents and decisions know which process wrote them, whatever build that is of.

The default is what a session is called, `beleg/<build>/<part>`: no build needs to write it, so that
builds from before it are told apart as well.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
kind = "expand"
EXCEPTIONS = {
    "many-tables": "nothing is read or written of them: each lock is held for a moment",
}

TABLES = ("application", "document", "decision")
STATEMENTS = tuple(
    statement
    for table in TABLES
    for statement in (
        f"ALTER TABLE {table} ADD COLUMN written_by text",
        f"ALTER TABLE {table} ALTER COLUMN written_by"
        " SET DEFAULT current_setting('application_name', true)",
    )
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
