"""Why revisions that have shipped may be as they are: their own files are frozen."""

_SMALL = "client and client_key hold a few dozen rows; it shipped before there were these rules"

SHIPPED: dict[str, dict[str, str]] = {
    "0001_baseline": {"prefer-identity": "the queue's schema is as its makers wrote it"},
    "0003_access": {
        "index-locks": _SMALL,
        "require-concurrent-index-creation": _SMALL,
        "many-tables": _SMALL,
        "tightens": "no build writes oidc_client_id before it",
    },
    "0006_sandbox": {"data": _SMALL},
}
"""Rules, ours and squawk's, by revision."""
