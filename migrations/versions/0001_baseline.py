"""Baseline: everything the first case needs."""

from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0001"
down_revision = None
kind = "expand"

TABLES = """
CREATE TABLE applied_revision (
    revision text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE client (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    disabled boolean NOT NULL DEFAULT false
);

CREATE TABLE client_key (
    id uuid PRIMARY KEY,
    client_id uuid NOT NULL REFERENCES client,
    hash bytea NOT NULL UNIQUE,
    prefix text NOT NULL,
    last_four text NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz
);
CREATE INDEX client_key_client ON client_key (client_id);

CREATE FUNCTION tell_client_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('client_key', '');
    RETURN NULL;
END $$;
CREATE TRIGGER tell_client_key AFTER INSERT OR UPDATE OR DELETE ON client_key
    FOR EACH STATEMENT EXECUTE FUNCTION tell_client_key();
CREATE TRIGGER tell_client AFTER UPDATE OR DELETE ON client
    FOR EACH STATEMENT EXECUTE FUNCTION tell_client_key();

CREATE TABLE person (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    locale text NOT NULL,
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    disabled boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX person_email ON person (lower(email));

CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE application (
    id uuid PRIMARY KEY,
    client_id uuid NOT NULL REFERENCES client,
    status text NOT NULL,
    product text NOT NULL,
    legal_name text NOT NULL,
    country text NOT NULL,
    legal_form text,
    register_court text,
    register_number text,
    vat_id text,
    lei text,
    currency text NOT NULL,
    amount bigint NOT NULL,
    term_months integer NOT NULL,
    purpose text,
    property_value bigint,
    property_address text,
    declared_annual_revenue bigint,
    declared_monthly_debt_service bigint,
    declared_lenders jsonb,
    external_reference text,
    revision integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX application_client ON application (client_id, id DESC);
CREATE INDEX application_reference ON application (client_id, external_reference)
    WHERE external_reference IS NOT NULL;
CREATE INDEX application_status ON application (status, id DESC);

CREATE TABLE document (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES application,
    status text NOT NULL,
    kind text,
    filename text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    blob text NOT NULL,
    findings jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    UNIQUE (application_id, sha256)
);

CREATE TABLE statement (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES application,
    document_id uuid NOT NULL REFERENCES document,
    kind text NOT NULL,
    account text NOT NULL,
    currency text NOT NULL,
    holder text,
    bank text,
    number text,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    opening bigint,
    opening_on date,
    closing bigint,
    closing_on date,
    difference bigint,
    flipped boolean NOT NULL,
    transactions integer NOT NULL
);
CREATE INDEX statement_application ON statement (application_id);
CREATE INDEX statement_document ON statement (document_id);

CREATE TABLE transaction (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL,
    document_id uuid NOT NULL,
    statement_id uuid NOT NULL REFERENCES statement,
    account text NOT NULL,
    booked_on date NOT NULL,
    valued_on date,
    amount bigint NOT NULL,
    currency text NOT NULL,
    pending boolean NOT NULL,
    reversal boolean NOT NULL,
    counterparty text,
    counterparty_account text,
    remittance text NOT NULL,
    gvc text,
    iso text,
    return_reason text,
    bank_reference text,
    details jsonb NOT NULL,
    start_byte bigint NOT NULL,
    end_byte bigint NOT NULL,
    duplicate boolean NOT NULL,
    category text,
    bounced boolean NOT NULL
);
CREATE INDEX transaction_application ON transaction (application_id, booked_on, id);
CREATE INDEX transaction_document ON transaction (document_id);
CREATE INDEX transaction_statement ON transaction (statement_id);

CREATE TABLE figure (
    application_id uuid NOT NULL REFERENCES application,
    name text NOT NULL,
    position integer NOT NULL,
    version integer NOT NULL,
    unit text NOT NULL,
    currency text NOT NULL,
    starts_on date,
    ends_on date,
    state text NOT NULL,
    value numeric,
    reason text,
    missing jsonb NOT NULL,
    detail jsonb NOT NULL,
    evidence uuid[] NOT NULL,
    evidence_sum bigint NOT NULL,
    statements uuid[] NOT NULL,
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (application_id, name)
);

CREATE TABLE month (
    application_id uuid NOT NULL REFERENCES application,
    starts_on date NOT NULL,
    inflow bigint NOT NULL,
    outflow bigint NOT NULL,
    revenue bigint NOT NULL,
    balance bigint,
    PRIMARY KEY (application_id, starts_on)
);

CREATE TABLE answer (
    application_id uuid NOT NULL REFERENCES application,
    question text NOT NULL,
    position integer NOT NULL,
    figure text NOT NULL,
    state text NOT NULL,
    value numeric,
    unit text NOT NULL,
    currency text NOT NULL,
    verdict text NOT NULL,
    because jsonb NOT NULL,
    missing jsonb NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (application_id, question)
);

CREATE TABLE decision (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL UNIQUE REFERENCES application,
    outcome text NOT NULL,
    reasons jsonb NOT NULL,
    note text,
    person_id uuid NOT NULL REFERENCES person,
    decided_at timestamptz NOT NULL,
    rested_on jsonb NOT NULL
);

CREATE TABLE audit_entry (
    id uuid PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    subject text NOT NULL,
    subject_id uuid NOT NULL,
    detail jsonb NOT NULL
);
CREATE INDEX audit_entry_order ON audit_entry (xid, id);
CREATE INDEX audit_entry_subject ON audit_entry (subject_id);

CREATE TABLE audit_seal (
    number bigint PRIMARY KEY,
    entry_id uuid NOT NULL UNIQUE REFERENCES audit_entry,
    hash bytea NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE event (
    id uuid PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL,
    client_id uuid NOT NULL REFERENCES client,
    application_id uuid NOT NULL REFERENCES application,
    kind text NOT NULL,
    data jsonb NOT NULL
);
CREATE INDEX event_client ON event (client_id, xid, id);
CREATE INDEX event_application ON event (application_id, id);

CREATE TABLE idempotency_key (
    client_id uuid NOT NULL REFERENCES client,
    key text NOT NULL,
    version text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotency_key_pkey PRIMARY KEY (client_id, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
"""

# The queue's own schema, as pgqueuer 1.6 installs it.
QUEUE = """
CREATE TYPE pgqueuer_status AS ENUM ('queued', 'picked', 'successful', 'exception', 'canceled', 'deleted', 'failed');

CREATE TABLE pgqueuer (
    id bigserial NOT NULL PRIMARY KEY,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    execute_after timestamp with time zone NOT NULL DEFAULT now(),
    status pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer NOT NULL DEFAULT 0,
    slot bigint
);

CREATE TABLE pgqueuer_log (
    id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT now(),
    job_id bigint NOT NULL,
    status pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);

CREATE TABLE pgqueuer_schedules (
    id bigserial NOT NULL PRIMARY KEY,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    next_run timestamp with time zone NOT NULL DEFAULT now(),
    last_run timestamp with time zone,
    status pgqueuer_status DEFAULT 'queued'::pgqueuer_status,
    UNIQUE (expression, entrypoint)
);

CREATE TABLE pgqueuer_statistics (
    id bigserial NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT date_trunc('sec'::text, now()),
    count bigint NOT NULL,
    priority integer NOT NULL,
    status pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
);

CREATE INDEX pgqueuer_ep_ea_idx ON pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::pgqueuer_status);

CREATE INDEX pgqueuer_ep_prio_id_idx ON pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::pgqueuer_status);

CREATE INDEX pgqueuer_log_created ON pgqueuer_log USING btree (created);

CREATE INDEX pgqueuer_log_job_id_status ON pgqueuer_log USING btree (job_id, created DESC);

CREATE INDEX pgqueuer_log_not_aggregated ON pgqueuer_log USING btree ((1)) WHERE (NOT aggregated);

CREATE INDEX pgqueuer_log_status ON pgqueuer_log USING btree (status);

CREATE INDEX pgqueuer_picked_heartbeat_idx ON pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::pgqueuer_status);

CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::pgqueuer_status) AND (slot IS NOT NULL));

CREATE INDEX pgqueuer_priority_id_id1_idx ON pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::pgqueuer_status);

CREATE INDEX pgqueuer_queue_manager_id_idx ON pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);

CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);

CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::pgqueuer_status, 'picked'::pgqueuer_status])) AND (dedupe_key IS NOT NULL));

CREATE INDEX pgqueuer_updated_id_id1_idx ON pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::pgqueuer_status);

CREATE FUNCTION fn_pgqueuer_changed() RETURNS TRIGGER AS $$
DECLARE
    to_emit BOOLEAN := false;  -- Flag to decide whether to emit a notification
BEGIN
    -- Check operation type and set the emit flag accordingly
    IF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
        to_emit := true;
    ELSIF TG_OP = 'DELETE' THEN
        to_emit := true;
    ELSIF TG_OP = 'INSERT' THEN
        to_emit := true;
    ELSIF TG_OP = 'TRUNCATE' THEN
        to_emit := true;
    END IF;

    -- Perform notification if the emit flag is set
    IF to_emit THEN
        PERFORM pg_notify(
            'ch_pgqueuer',
            json_build_object(
                'channel', 'ch_pgqueuer',
                'operation', lower(TG_OP),
                'sent_at', NOW(),
                'table', TG_TABLE_NAME,
                'type', 'table_changed_event'
            )::text
        );
    END IF;

    -- Return appropriate value based on the operation
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSE
        RETURN NULL; -- For TRUNCATE and other non-row-specific contexts
    END IF;

END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER tg_pgqueuer_changed
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgqueuer
EXECUTE FUNCTION fn_pgqueuer_changed();
"""


def upgrade() -> None:
    connection: Any = op.get_bind().connection.driver_connection
    for script in (TABLES, QUEUE):  # several commands at once: only the driver takes them
        await_only(connection.execute(script))
