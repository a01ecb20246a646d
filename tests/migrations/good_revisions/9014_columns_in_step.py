"""Old and new name of a column, in step whichever a build writes."""

revision = "9014"
down_revision = "9013"
kind = "expand"

STATEMENTS = (
    """CREATE FUNCTION sync_booking_count() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.booking_count IS DISTINCT FROM OLD.booking_count THEN
            NEW.transactions := NEW.booking_count;
        ELSE
            NEW.booking_count := NEW.transactions;
        END IF;
        RETURN NEW;
    END $$""",
    """ALTER TABLE statement
        ADD COLUMN booking_count integer,
        ADD CONSTRAINT booking_count_given CHECK (booking_count IS NOT NULL) NOT VALID""",
    """CREATE TRIGGER sync_booking_count BEFORE INSERT OR UPDATE ON statement
        FOR EACH ROW WHEN (NEW.transactions IS DISTINCT FROM NEW.booking_count)
        EXECUTE FUNCTION sync_booking_count()""",
)
