"""Webhooks, how far each has come in the events, and what each is still to be told."""

from alembic import op

revision = "0004"
down_revision = "0003"
kind = "expand"

STATEMENTS = (
    """CREATE TABLE webhook (
        id uuid PRIMARY KEY,
        client_id uuid NOT NULL REFERENCES client,
        version text NOT NULL,
        url text NOT NULL,
        secret bytea NOT NULL,
        old_secret bytea,
        old_secret_until timestamptz,
        kinds text[],
        enabled boolean NOT NULL,
        disabled_reason text,
        created_at timestamptz NOT NULL,
        since pg_snapshot DEFAULT pg_current_snapshot(),
        planned_xid xid8 NOT NULL DEFAULT pg_snapshot_xmin(pg_current_snapshot()),
        planned_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'
    )""",
    "CREATE INDEX webhook_client ON webhook (client_id, id)",
    """CREATE TABLE webhook_delivery (
        webhook_id uuid NOT NULL REFERENCES webhook ON DELETE CASCADE,
        id uuid NOT NULL,
        xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        application_id uuid REFERENCES application ON DELETE CASCADE,
        kind text NOT NULL,
        at timestamptz NOT NULL,
        data jsonb NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL,
        next_attempt_at timestamptz NOT NULL,
        last_attempt_at timestamptz,
        last_status integer,
        last_error text,
        PRIMARY KEY (webhook_id, id)
    )""",
    """CREATE INDEX webhook_delivery_due
        ON webhook_delivery (webhook_id, next_attempt_at) WHERE state = 'pending'""",
    """CREATE INDEX webhook_delivery_lane
        ON webhook_delivery (webhook_id, application_id, xid, id) WHERE state = 'pending'""",
    "CREATE INDEX webhook_delivery_application ON webhook_delivery (application_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
