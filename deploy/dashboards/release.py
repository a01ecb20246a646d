"""Build B beside build A, as the edge counts them and as they do themselves."""

from deploy.dashboards.panels import Dashboard, Panel, of
from deploy.dashboards.service import BUCKET, COUNT, FAILED, RATE, READING

CHOSEN = 'beleg_instance=~"$lender",build=~"$a|$b"'
CLUSTERS = 'envoy_cluster_name=~"(api|web)-.*"'


def by_build(expr: str, by: str = "build", how: str = "sum") -> str:
    """A measurement of A and of B."""
    return of(expr, by, CHOSEN, how)


def quantile(q: float) -> str:
    """How long a request takes at most, of this share of each build's."""
    return f"histogram_quantile({q}, {by_build(BUCKET, 'le, app_name, build')})"


def edge(name: str, more: str = "", by: str = "envoy_cluster_name") -> str:
    """What Envoy counted of the clusters that are the slots."""
    return f"sum by ({by}) (rate({name}{{{CLUSTERS}{more}}}{RATE}))"


REQUESTS, CLASSES = "envoy_cluster_upstream_rq_completed", "envoy_cluster_upstream_rq_xx"
STATE = (
    Panel(
        "Where the release stands",
        [("max by (a, b, state) (release_state)", "{{state}}: {{a}} → {{b}}")],
        about="Empty where no release goes on: `beleg release status`.",
        width=12,
        kind="table",
    ),
    Panel(
        "Weight of B; held",
        [
            ("max(release_weight)", "percent of callers"),
            ("max(release_held)", "held"),
        ],
        width=6,
    ),
    Panel(
        "Processes",
        [
            (
                "count by (build, part) (build_info{" + CHOSEN + "})",
                "{{build}} {{part}}",
            )
        ],
        width=6,
    ),
)
EDGE = (
    Panel("Requests", [(edge(REQUESTS), "{{envoy_cluster_name}}")], "reqps"),
    Panel(
        "Answered 5xx",
        [
            (
                f"""({edge(CLASSES, ',envoy_response_code_class="5"')} or {edge(REQUESTS)} * 0)"""
                f" / ({edge(REQUESTS)} > 0)",
                "{{envoy_cluster_name}}",
            )
        ],
        "percentunit",
        "What the gate judges, with failed connections and slow answers.",
    ),
    Panel(
        "Duration",
        [
            (
                f"histogram_quantile({q},"
                f" {edge('envoy_cluster_upstream_rq_time_bucket', by='le, envoy_cluster_name')})",
                f"{{{{envoy_cluster_name}}}} p{q * 100:g}",
            )
            for q in (0.5, 0.99)
        ],
        "ms",
    ),
    Panel(
        "Connections that failed, requests tried again",
        [
            (edge("envoy_cluster_upstream_cx_connect_fail"), "{{envoy_cluster_name}} failed"),
            (edge("envoy_cluster_upstream_rq_retry"), "{{envoy_cluster_name}} again"),
        ],
        "ops",
    ),
    Panel(
        "Healthy endpoints",
        [
            (
                f"sum by (envoy_cluster_name) (envoy_cluster_membership_healthy{{{CLUSTERS}}})",
                "{{envoy_cluster_name}}",
            )
        ],
    ),
    Panel(
        "Requests under way",
        [
            (
                f"sum by (envoy_cluster_name) (envoy_cluster_upstream_rq_active{{{CLUSTERS}}})",
                "{{envoy_cluster_name}}",
            )
        ],
    ),
)
DONE = 'method="POST",status_code=~"2..",path=~".*/(applications|documents|decision)"'
BUILDS = (
    Panel("Requests", [(by_build(COUNT, "app_name, build"), "{{build}} {{app_name}}")], "reqps"),
    Panel(
        "Answered 5xx",
        [
            (
                f"({by_build(FAILED)} or {by_build(COUNT)} * 0) / ({by_build(COUNT)} > 0)",
                "{{build}}",
            )
        ],
        "percentunit",
    ),
    Panel(
        "Duration",
        [(quantile(q), f"{{{{build}}}} {{{{app_name}}}} p{q * 100:g}") for q in (0.5, 0.99)],
        "s",
    ),
    Panel(
        "Refused, by status",
        [
            (
                by_build(
                    f'rate(http_requests_duration_seconds_count{{status_code=~"4.."}}{RATE})',
                    "build, status_code",
                ),
                "{{build}} {{status_code}}",
            )
        ],
        "reqps",
        "A new validation shows here: B refuses what A takes.",
    ),
    Panel(
        "Handed in and decided",
        [
            (
                by_build(
                    f"rate(http_requests_duration_seconds_count{{{DONE}}}{RATE})", "build, path"
                ),
                "{{build}} {{path}}",
            )
        ],
        "ops",
    ),
    Panel(
        "Pages broken in browsers",
        [
            (
                f"(sum by (build) (rate(browser_errors_total{RATE}))"
                f" / (sum by (build) (rate(browser_pages_total{RATE})) > 0))",
                "{{build}}",
            )
        ],
        "percentunit",
    ),
    Panel(
        "Documents read",
        [
            (
                by_build(f"rate(documents_read_total{RATE})", "build, outcome"),
                "{{build}} {{outcome}}",
            )
        ],
        "ops",
    ),
    Panel(
        "From taking up a document to its answers, p95",
        [
            (
                "histogram_quantile(0.95, " + by_build(READING, "le, build") + ")",
                "{{build}}",
            )
        ],
        "s",
    ),
    Panel(
        "Database errors",
        [(by_build(f"rate(database_errors_total{RATE})"), "{{build}}")],
        "ops",
    ),
    Panel(
        "Waits for a connection",
        [(by_build(f"rate(database_pool_wait_seconds_count{RATE})"), "{{build}}")],
        "ops",
    ),
)
RELEASE = Dashboard(
    "beleg-release",
    "Beleg: release",
    "Build B against build A: at the edge, and by what the processes measure themselves.",
    (("Release", STATE), ("At the edge", EDGE), ("By build", BUILDS)),
    (
        ("lender", "Instance", "label_values(build_info, beleg_instance)"),
        ("a", "Build A", "label_values(build_info, build)"),
        ("b", "Build B", "label_values(build_info, build)"),
    ),
)
