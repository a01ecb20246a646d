"""A table of its own, with all that belongs to it."""

revision = "9005"
down_revision = "9004"
kind = "expand"

STATEMENTS = (
    """CREATE TABLE note (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        application_id uuid NOT NULL REFERENCES application,
        kind text NOT NULL CHECK (kind <> ''),
        at timestamptz NOT NULL DEFAULT clock_timestamp())""",
    "CREATE INDEX note_application ON note (application_id, id)",
    "COMMENT ON TABLE note IS 'what underwriters write down'",
)
