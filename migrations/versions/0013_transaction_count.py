"""How many transactions a statement has gets a name that says what is counted.

`statement.transactions` was called like a table. Until its contract drops it, a trigger keeps both
in step, whichever a build writes; it fires only where they differ.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
kind = "expand"

STATEMENTS = (
    """CREATE FUNCTION sync_transaction_count() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Where a row is inserted, all of OLD is null.
        IF NEW.transaction_count IS DISTINCT FROM OLD.transaction_count THEN
            NEW.transactions := NEW.transaction_count;
        ELSE
            NEW.transaction_count := NEW.transactions;
        END IF;
        RETURN NEW;
    END $$""",
    """ALTER TABLE statement
        ADD COLUMN transaction_count integer,
        ADD CONSTRAINT statement_transaction_count_given
            CHECK (transaction_count IS NOT NULL) NOT VALID""",
    # At an update of any column: the constraint asks it of a row from before as well.
    """CREATE TRIGGER sync_transaction_count BEFORE INSERT OR UPDATE ON statement
        FOR EACH ROW WHEN (NEW.transactions IS DISTINCT FROM NEW.transaction_count)
        EXECUTE FUNCTION sync_transaction_count()""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
