"""When each alert is to speak and when not: what is measured, told as promtool's series."""

from dataclasses import dataclass

# `@` becomes the case's own name, so that all are tried at once on one Prometheus.
JOB = 'instance="@:9000",job="beleg"'
INFO = f'build_info{{{JOB},build="@",part="api",beleg_instance="@"}}'


@dataclass(frozen=True)
class Case:
    """What is measured, every minute, until when; and whether the alert speaks then."""

    alert: str
    series: dict[str, str]
    at: str
    fires: bool
    labels: str = ""
    """Of the alert that is meant, where it has several windows."""
    info: bool = True


def metric(name: str, labels: str = "") -> str:
    """A series of a process."""
    return f"{name}{{{JOB}{labels and ',' + labels}}}"


HTTP = "http_requests_duration_seconds"


def requests(app: str, failed: str, quick: str, slow: str = "0x300") -> dict[str, str]:
    """How many requests there were by then that failed, were answered at once, or slowly."""
    path = f'app_name="{app}",method="GET",path="/x"'
    found = {}
    for status, counts in (("500", failed), ("200", quick)):
        labels = f'{path},status_code="{status}"'
        found[metric(f"{HTTP}_count", labels)] = counts
        found[metric(f"{HTTP}_bucket", f'{labels},le="1.0"')] = counts
    labels = f'{path},status_code="201"'
    found[metric(f"{HTTP}_count", labels)] = slow
    found[metric(f"{HTTP}_bucket", f'{labels},le="1.0"')] = "0x300"
    return found


def burns(alert: str, app: str) -> list[Case]:
    """Each window, with a share just above its limit and just below, for as long as it waits."""
    budget = 0.001 if alert == "RequestsFail" else 0.01
    cases = []
    for window, at, loud, quiet in (
        ("1h", "20m", 16, 13),
        ("6h", "60m", 6.6, 5.4),
        ("1d", "90m", 3.3, 2.7),
        ("3d", "240m", 1.1, 0.9),
    ):
        labels = f'window="{window}",app_name="{app}",'
        for share, fires in ((loud, True), (quiet, False)):
            bad = 10_000 * share * budget
            given = _bad(alert, app, f"0+{bad:g}x300", f"0+{10_000 - bad:g}x300")
            cases.append(Case(alert, given, at, fires, labels))
    window = f'window="1h",app_name="{app}",'
    over = _bad(alert, app, "0+900x15 13500x60", "0+9100x80")  # a burst that is over
    scarce = _bad(alert, app, "0+0.1x80", "0x80")  # six in an hour, and no others
    return [
        *cases,
        Case(alert, over, "30m", False, window),
        Case(alert, scarce, "70m", False, window),
    ]


def _bad(alert: str, app: str, bad: str, good: str) -> dict[str, str]:
    if alert == "RequestsFail":
        return requests(app, bad, good)
    return requests(app, "0x300", good, bad)


def pair(alert: str, name: str, loud: str, quiet: str, at: str = "20m") -> list[Case]:
    """One series that makes it speak, and one that does not."""
    return [Case(alert, {name: loud}, at, True), Case(alert, {name: quiet}, at, False)]


DONE = metric("backfill_rows_done", 'backfill="0014_iso_parts"')
TOTAL = metric("backfill_rows_total", 'backfill="0014_iso_parts"')
PARTS = {
    part: f'build_info{{instance="@{part}",job="beleg",build="@",part="{part}",beleg_instance="@"}}'
    for part in ("api", "bff", "worker")
}
PAGES = 'browser_pages_total{instance="@:9001",job="beleg",build="@"}'
ERRORS = 'browser_errors_total{instance="@:9001",job="beleg",build="@"}'
UNREADY = metric("missing_revisions")
WAITING = metric("database_pool_connections", 'pool="requests",state="waiting"')
CASES = [
    *burns("RequestsFail", "public_api"),
    *burns("RequestsSlow", "bff"),
    *pair("PartDown", f"up{{{JOB}}}", "1x3 0x30", "1x30"),
    Case("PartMissing", {PARTS["api"]: "1x30", PARTS["bff"]: "1x30"}, "20m", True, info=False),
    Case("PartMissing", dict.fromkeys(PARTS.values(), "1x30"), "20m", False, info=False),
    *pair("HeartGone", metric("heartbeat_timestamp_seconds"), "0+60x5 300x30", "0+60x30"),
    *pair("HeartGone", metric("heartbeat_timestamp_seconds"), "0x30", "0+60x30"),
    *pair("MissingRevisions", UNREADY, "2x30", "2x8 0x30"),
    *pair("PoolSaturated", WAITING, "3x30", "3x2 0x30"),
    *pair("DatabaseErrors", metric("database_errors_total", 'kind="lost"'), "0+12x30", "0+2x30"),
    *pair("DatabaseErrors", metric("database_errors_total", 'kind="locked"'), "0+12x30", "5x30"),
    *pair(
        "DatabaseRetries",
        metric("database_errors_total", 'kind="retried"'),
        "0+120x40",
        "0+12x40",
        "40m",
    ),
    *pair("AuditUnsealed", metric("audit_unsealed_oldest_seconds"), "0+60x30", "2x30"),
    *pair("AuditHeadMissing", metric("audit_heads_missing_total"), "0x5 1x25", "0x30"),
    *pair("AuditHeadMissing", metric("audit_heads_missing_total"), "_x60 1x30", "1x90", "80m"),
    *pair("AnchorsFail", metric("audit_anchors_failing"), "1x30", "1x5 0x3 1x5 0x20"),
    Case("BackfillStuck", {DONE: "500x90", TOTAL: "900x90"}, "80m", True),
    Case("BackfillStuck", {DONE: "0+5x90", TOTAL: "900x90"}, "80m", False),
    Case("BackfillStuck", {DONE: "900x90", TOTAL: "900x90"}, "80m", False),
    *pair("BackfillFailed", metric("backfill_failed", 'backfill="0014_iso_parts"'), "1x30", "0x30"),
    *pair(
        "JobsWaitLong",
        metric("job_oldest_seconds", 'entrypoint="read_document"'),
        "0+60x30",
        "9x30",
    ),
    *pair("JobsHeld", metric("jobs", 'entrypoint="read_document",state="held"'), "1x30", "0x30"),
    *pair("JobsHeld", metric("jobs", 'entrypoint="x",state="held"'), "1x30", "1x10 0x30"),
    *pair("WebhooksOverdue", metric("webhook_oldest_due_seconds"), "0+60x30", "0+60x8 0x30"),
    *pair("WebhooksUnopened", metric("webhooks_unopened"), "2x30", "2x2 0x30"),
    *pair(
        "BlobErrors",
        metric("blob_errors_total", 'operation="get",kind="missing"'),
        "0x15 1x20",
        "1x30",
    ),
    *pair("LimitsApart", metric("rate_limit_fallbacks_total"), "0+9x30", "9x30"),
    *pair("ReleaseHeld", metric("release_held"), "1x90", "1x30 0x10 1x40", "80m"),
    *pair("ReleaseOpen", metric("release_state_seconds"), "700000x90", "90000x90", "80m"),
    Case("BrowserErrors", {PAGES: "0+20x30", ERRORS: "0+2x30"}, "20m", True),
    Case("BrowserErrors", {PAGES: "0+2000x30", ERRORS: "0+2x30"}, "20m", False),
    Case("BrowserErrors", {PAGES: "0+2x30", ERRORS: "0x10 1x20"}, "20m", False),
]
