"""A trigger writes something else than the old build wrote."""

revision = "9045"
down_revision = "9044"
kind = "expand"
STOPPED_BY = "proof: breaks"

STATEMENTS = (
    """CREATE FUNCTION count_in_cents() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.amount := NEW.amount * 100;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER count_in_cents BEFORE INSERT ON transaction
        FOR EACH ROW EXECUTE FUNCTION count_in_cents()""",
)
