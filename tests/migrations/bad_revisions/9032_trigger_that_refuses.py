"""A trigger refuses what the old build writes."""

revision = "9032"
down_revision = "9031"
kind = "expand"
STOPPED_BY = "rules: trigger"

STATEMENTS = (
    """CREATE FUNCTION require_purpose() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.purpose IS NULL THEN
            RAISE EXCEPTION 'a purpose must be given';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER require_purpose BEFORE INSERT ON application
        FOR EACH ROW EXECUTE FUNCTION require_purpose()""",
)
