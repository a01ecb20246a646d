"""Old and new name of a column, in step whichever a build writes."""

revision = "9014"
down_revision = "9013"
kind = "expand"

STATEMENTS = (
    """CREATE FUNCTION sync_byte_count() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.byte_count IS DISTINCT FROM OLD.byte_count THEN
            NEW.size := NEW.byte_count;
        ELSE
            NEW.byte_count := NEW.size;
        END IF;
        RETURN NEW;
    END $$""",
    """ALTER TABLE document
        ADD COLUMN byte_count bigint,
        ADD CONSTRAINT byte_count_given CHECK (byte_count IS NOT NULL) NOT VALID""",
    """CREATE TRIGGER sync_byte_count BEFORE INSERT OR UPDATE ON document
        FOR EACH ROW WHEN (NEW.size IS DISTINCT FROM NEW.byte_count)
        EXECUTE FUNCTION sync_byte_count()""",
)
