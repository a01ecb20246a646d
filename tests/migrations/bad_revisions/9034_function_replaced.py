"""A function changes under the trigger that the old build counts on."""

revision = "9034"
down_revision = "9033"
kind = "expand"
STOPPED_BY = "rules: function-replaced"

STATEMENTS = (
    """CREATE OR REPLACE FUNCTION tell_client_key() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RETURN NULL;
    END $$""",
)
