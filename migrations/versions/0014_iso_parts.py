"""A transaction's ISO 20022 code by its parts: `PMNT-RCDT-ESCT` is domain, family, subfamily.

Rules and lists ask for a family, whatever its subfamily. The parts joined by hyphens give the code
as the file had it, whatever that was: a part that the code lacks is null, an empty one is empty,
what follows the second hyphen is all subfamily. Until its contract drops `iso`, a trigger keeps
both in step, whichever a build writes; it fires only where they differ.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
kind = "expand"

STATEMENTS = (
    """CREATE FUNCTION sync_iso_parts() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        parts text[];
    BEGIN
        -- Where a row is inserted, all of OLD is null.
        IF (NEW.iso_domain, NEW.iso_family, NEW.iso_subfamily)
            IS DISTINCT FROM (OLD.iso_domain, OLD.iso_family, OLD.iso_subfamily)
        THEN
            NEW.iso := NEW.iso_domain
                || coalesce('-' || NEW.iso_family, '') || coalesce('-' || NEW.iso_subfamily, '');
        ELSE
            parts := regexp_match(NEW.iso, '^([^-]*)(?:-([^-]*))?(?:-(.*))?$');
            NEW.iso_domain := parts[1];
            NEW.iso_family := parts[2];
            NEW.iso_subfamily := parts[3];
        END IF;
        RETURN NEW;
    END $$""",
    """ALTER TABLE transaction
        ADD COLUMN iso_domain text,
        ADD COLUMN iso_family text,
        ADD COLUMN iso_subfamily text""",
    """CREATE TRIGGER sync_iso_parts
        BEFORE INSERT OR UPDATE OF iso, iso_domain, iso_family, iso_subfamily ON transaction
        FOR EACH ROW WHEN (NEW.iso IS DISTINCT FROM NEW.iso_domain
            || coalesce('-' || NEW.iso_family, '') || coalesce('-' || NEW.iso_subfamily, ''))
        EXECUTE FUNCTION sync_iso_parts()""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
