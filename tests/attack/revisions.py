"""Breaks by a revision of the database: rows rewritten or taken away, rules added."""

from tests.attack.breaks import REVISION, Break

REVISIONS = (
    Break(
        "a revision makes references unique for each client",
        "a partner that hands in a customer's second application: 500",
        REVISION,
        "",
        "CREATE UNIQUE INDEX application_reference_once"
        " ON application (client_id, external_reference)",
    ),
    Break(
        "a revision brings references into one case",
        "a partner that finds its cases by the reference that it gave",
        REVISION,
        "",
        "UPDATE application SET external_reference = lower(external_reference)",
    ),
    Break(
        "a revision cuts times to the millisecond",
        "a client that kept created_at as the place to go on from",
        REVISION,
        "",
        "UPDATE application SET created_at = date_trunc('milliseconds', created_at)",
    ),
    Break(
        "a revision fills in that no lenders were declared",
        "a client to which null says: ask the applicant",
        REVISION,
        "",
        "UPDATE application SET declared_lender_names = '{}' WHERE declared_lender_names IS NULL",
    ),
    Break(
        "the database itself keeps updated_at",
        "a client that compares the time of its PATCH with the next GET's",
        REVISION,
        "",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN NEW.updated_at = clock_timestamp(); RETURN NEW; END $$;"
        " CREATE TRIGGER touch BEFORE UPDATE ON application FOR EACH ROW EXECUTE FUNCTION touch()",
    ),
    Break(
        "purposes have at most 500 characters in the database",
        "a client that sends 2,000, as it may: 500",
        REVISION,
        "",
        "ALTER TABLE application ALTER COLUMN purpose TYPE varchar(500)",
    ),
    Break(
        "a revision empties the idempotency keys",
        "a client whose retry meets the release: two applications",
        REVISION,
        "",
        "TRUNCATE idempotency_key",
    ),
    Break(
        "a revision forgets events of more than 90 days ago",
        "a poller that reads the feed from its beginning",
        REVISION,
        "",
        "DELETE FROM event WHERE at < now() - interval '90 days'",
    ),
    Break(
        "a key of one client is taken for all",
        "two clients that both number their keys: 500 for the second",
        REVISION,
        "",
        "CREATE UNIQUE INDEX idempotency_key_once ON idempotency_key (key)",
    ),
)
