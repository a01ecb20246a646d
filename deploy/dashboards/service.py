"""How an instance does: what it is asked, and what that leans on."""

from deploy.dashboards.panels import Dashboard, Panel, of

RATE = "[$__rate_interval]"
COUNT = f"rate(http_requests_duration_seconds_count{RATE})"
FAILED = f'rate(http_requests_duration_seconds_count{{status_code=~"5.."}}{RATE})'
READING = f"rate(document_reading_seconds_bucket{RATE})"
BUCKET = f"rate(http_requests_duration_seconds_bucket{RATE})"


def quantile(q: float, by: str) -> str:
    """How long a request takes at most, of this share of them."""
    return f"histogram_quantile({q}, {of(BUCKET, f'le, {by}')})"


def share(bad: str, by: str) -> str:
    """What share of requests are such; none is 0, not nothing."""
    return f"({of(bad, by)} or {of(COUNT, by)} * 0) / ({of(COUNT, by)} > 0)"


REQUESTS = (
    Panel("Requests", [(of(COUNT, "app_name, build"), "{{app_name}} {{build}}")], "reqps"),
    Panel(
        "Answered 5xx",
        [(share(FAILED, "app_name, build"), "{{app_name}} {{build}}")],
        "percentunit",
        "0.1 % is the budget; the alert RequestsFail says when it burns.",
    ),
    Panel(
        "Duration",
        [(quantile(q, "app_name"), f"{{{{app_name}}}} p{q * 100:g}") for q in (0.5, 0.95, 0.99)],
        "s",
    ),
    Panel("Busiest paths", [(f"topk(10, {of(COUNT, 'path')})", "{{path}}")], "reqps"),
    Panel(
        "Refused and failed, by path",
        [
            (
                "topk(10, "
                + of(
                    f'rate(http_requests_duration_seconds_count{{status_code=~"[45].."}}{RATE})',
                    "path, status_code",
                )
                + " > 0)",
                "{{status_code}} {{path}}",
            )
        ],
        "reqps",
        "429: over the rate limit. 401 on /bff/session: a sign-in that failed. 499: hung up.",
    ),
    Panel("Slowest paths, p95", [(f"topk(10, {quantile(0.95, 'path')})", "{{path}}")], "s"),
)
POOLS = 'database_pool_connections{{pool="requests",state="{}"}}'
DATABASE = (
    Panel(
        "Connections of the pools",
        [
            (of(POOLS.format(state), "part"), f"{{{{part}}}} {state.replace('_', ' ')}")
            for state in ("in_use", "waiting", "places")
        ],
        about="Waiting above 0 for long: PoolSaturated.",
    ),
    Panel(
        "Requests that waited for a connection",
        [(of(f"rate(database_pool_wait_seconds_count{RATE})", "part"), "{{part}}")],
        "ops",
    ),
    Panel(
        "Database errors",
        [(of(f"rate(database_errors_total{RATE})", "kind"), "{{kind}}")],
        "ops",
        "Retried: tried again unseen. Lost, refused, locked, timeout: 503 to callers.",
    ),
    Panel(
        "Audit entries not chained",
        [
            (
                of("audit_unsealed_entries", "beleg_instance", how="max"),
                "{{beleg_instance}} entries",
            ),
            (
                of("audit_unsealed_oldest_seconds", "beleg_instance", how="max"),
                "{{beleg_instance}} seconds",
            ),
        ],
    ),
    Panel(
        "Backfills: rows to go",
        [(of("(backfill_rows_total - backfill_rows_done)", "backfill", how="max"), "{{backfill}}")],
    ),
    Panel(
        "Missing revisions; heart silent for",
        [
            (of("missing_revisions", "build", how="max"), "{{build}} lacks"),
            (of("(time() - heartbeat_timestamp_seconds)", "part", how="max"), "{{part}} seconds"),
        ],
    ),
)
WORK = (
    Panel("Jobs", [(of("jobs", "state, entrypoint", how="max"), "{{entrypoint}} {{state}}")]),
    Panel(
        "Oldest job",
        [(of("job_oldest_seconds", "entrypoint", how="max"), "{{entrypoint}}")],
        "s",
    ),
    Panel(
        "Documents read",
        [
            (of(f"rate(documents_read_total{RATE})", "outcome"), "{{outcome}} a second"),
            (of("parser_processes", "beleg_instance"), "being read just now"),
        ],
    ),
    Panel(
        "From taking up a document to its answers",
        [
            (
                f"histogram_quantile({q}, {of(READING, 'le')})",
                f"p{q * 100:g}",
            )
            for q in (0.5, 0.95)
        ],
        "s",
    ),
    Panel(
        "Webhooks told",
        [
            (
                of(f"rate(webhook_attempts_total{RATE})", "version, outcome"),
                "{{version}} {{outcome}}",
            )
        ],
        "ops",
    ),
    Panel(
        "Oldest delivery due",
        [(of("webhook_oldest_due_seconds", "beleg_instance", how="max"), "{{beleg_instance}}")],
        "s",
    ),
    Panel(
        "Store of documents, p95",
        [
            (
                "histogram_quantile(0.95, "
                + of(f"rate(blob_operation_seconds_bucket{RATE})", "le, operation")
                + ")",
                "{{operation}}",
            )
        ],
        "s",
    ),
    Panel(
        "Store of documents, errors",
        [(of(f"rate(blob_errors_total{RATE})", "operation"), "{{operation}}")],
        "ops",
    ),
    Panel(
        "Memory",
        [(of("process_resident_memory_bytes", "part, instance"), "{{part}} {{instance}}")],
        "bytes",
    ),
    Panel(
        "Processor",
        [(of(f"rate(process_cpu_seconds_total{RATE})", "part, instance"), "{{part}} {{instance}}")],
        about="Cores; a part has one.",
    ),
    Panel(
        "What runs",
        [
            (
                'count by (beleg_instance, part, build) (build_info{beleg_instance=~"$lender"})',
                "{{beleg_instance}} {{part}} {{build}}",
            )
        ],
        width=16,
        kind="table",
    ),
)
SERVICE = Dashboard(
    "beleg-service",
    "Beleg: service",
    "How instances do: requests, the database, and what is worked off.",
    (("Requests", REQUESTS), ("Database", DATABASE), ("Work", WORK)),
    (("lender", "Instance", "label_values(build_info, beleg_instance)"),),
)
