"""A trigger loses what the old build writes, and says nothing."""

revision = "9033"
down_revision = "9032"
kind = "expand"
STOPPED_BY = "rules: trigger"

STATEMENTS = (
    """CREATE FUNCTION keep_large() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.amount < 100 THEN
            RETURN NULL;
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER keep_large BEFORE INSERT ON transaction
        FOR EACH ROW EXECUTE FUNCTION keep_large()""",
)
