"""The lenders that an applicant named, as the list of texts that they are, no longer as JSON.

Null where the applicant did not say, empty where there are none. Until its contract drops
`declared_lenders`, a trigger keeps both in step, whichever a build writes; it fires only where they
differ.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
kind = "expand"

STATEMENTS = (
    """CREATE FUNCTION sync_declared_lender_names() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Where a row is inserted, all of OLD is null.
        IF NEW.declared_lender_names IS DISTINCT FROM OLD.declared_lender_names THEN
            NEW.declared_lenders := to_jsonb(NEW.declared_lender_names);
        ELSIF jsonb_typeof(NEW.declared_lenders) = 'array' THEN
            NEW.declared_lender_names := ARRAY(
                SELECT name FROM jsonb_array_elements_text(NEW.declared_lenders)
                    WITH ORDINALITY AS each (name, place) ORDER BY place);
        ELSE
            NEW.declared_lender_names := NULL;
        END IF;
        RETURN NEW;
    END $$""",
    "ALTER TABLE application ADD COLUMN declared_lender_names text[]",
    """CREATE TRIGGER sync_declared_lender_names
        BEFORE INSERT OR UPDATE OF declared_lenders, declared_lender_names ON application
        FOR EACH ROW
        WHEN (NEW.declared_lenders IS DISTINCT FROM to_jsonb(NEW.declared_lender_names))
        EXECUTE FUNCTION sync_declared_lender_names()""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
