"""Who calls, how often and from which build: keys that rotate, tokens, usage, lives of versions."""

from alembic import op

revision = "0003"
down_revision = "0002"
kind = "expand"

STATEMENTS = (
    """ALTER TABLE client
        ADD COLUMN oidc_client_id text,
        ADD COLUMN per_minute integer,
        ADD COLUMN per_day integer""",
    "CREATE UNIQUE INDEX client_oidc ON client (oidc_client_id) WHERE oidc_client_id IS NOT NULL",
    """ALTER TABLE client_key
        ADD COLUMN networks text[],
        ADD COLUMN per_minute integer""",
    """CREATE TABLE access_token (
        hash bytea PRIMARY KEY,
        key_id uuid NOT NULL REFERENCES client_key,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
    )""",
    "CREATE INDEX access_token_expiry ON access_token (expires_at)",
    "CREATE INDEX access_token_key ON access_token (key_id)",
    """CREATE TABLE usage (
        day date NOT NULL,
        client_id uuid NOT NULL REFERENCES client,
        version text NOT NULL,
        operation text NOT NULL,
        build text NOT NULL,
        calls bigint NOT NULL,
        last_at timestamptz NOT NULL,
        PRIMARY KEY (day, client_id, version, operation, build)
    )""",
    "CREATE INDEX usage_version ON usage (version, day)",
    """CREATE TABLE brownout (
        id uuid PRIMARY KEY,
        version text NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL
    )""",
    """CREATE TABLE retired_version (
        version text PRIMARY KEY,
        retired_at timestamptz NOT NULL,
        reason text
    )""",
    """CREATE TABLE app_floor (
        platform text PRIMARY KEY,
        minimum text NOT NULL,
        latest text NOT NULL,
        message_en text,
        message_de text
    )""",
    """CREATE TABLE killed_build (
        platform text NOT NULL,
        build text NOT NULL,
        PRIMARY KEY (platform, build)
    )""",
    """CREATE FUNCTION tell_version_life() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('version_life', '');
        RETURN NULL;
    END $$""",
    *(
        f"""CREATE TRIGGER tell_{table} AFTER INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION tell_version_life()"""
        for table in ("brownout", "retired_version", "app_floor", "killed_build")
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
