"""Which builds are alive on this database, what each uses of it, and what contracts have dropped.

Whoever worked here before was 0.1.0, which says nothing of itself and may come back, or be here
without an open session. So where somebody worked, it is on record as seen at this moment.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
kind = "expand"
EXCEPTIONS = {"data": "three rows into a table that nobody else sees before the commit"}

STATEMENTS = (
    "ALTER TABLE applied_revision ADD COLUMN drops text[]",
    """CREATE TABLE live_build (
        process uuid PRIMARY KEY,
        part text NOT NULL,
        build text NOT NULL,
        requires text[] NOT NULL,
        uses text[] NOT NULL,
        started_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        ended_at timestamptz)""",
    """INSERT INTO live_build
        SELECT md5('0.1.0/' || part)::uuid, part, '0.1.0',
            '{0001,0002,0003,0004,0005,0006,0007,0008}', '{}', now(), now(), now()
        FROM unnest('{api,bff,worker}'::text[]) part WHERE EXISTS (SELECT FROM audit_entry)""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
