"""What a DO block does cannot be read."""

revision = "9037"
down_revision = "9036"
kind = "expand"
STOPPED_BY = "rules: hidden"

STATEMENTS = (
    """DO $$ BEGIN
        EXECUTE 'ALTER TABLE application DROP COLUMN ' || quote_ident('purpose');
    END $$""",
)
