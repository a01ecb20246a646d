"""Breaks of what may be asked for and how long things last: limits, windows, grace."""

from tests.attack.breaks import Break

BOUNDS = (
    Break(
        "a twin waits for 2 s instead of ten",
        "a client on a slow line that sends twice: 409 instead of its answer",
        "core/idempotency.py",
        "PATIENCE_SECONDS = 10.0",
        "PATIENCE_SECONDS = 2.0",
    ),
    Break(
        "a twin waits for 2 s while its first is at an older build",
        "a client that sends twice during a release: 409 instead of its answer",
        "core/db.py",
        'LOCK_TIMEOUT = "10s"',
        'LOCK_TIMEOUT = "2s"',
    ),
    Break(
        "an old webhook secret signs for an hour only",
        "a receiver that takes its new secret with the nightly release",
        "core/webhooks/model.py",
        "ROTATION = timedelta(hours=24)",
        "ROTATION = timedelta(hours=1)",
    ),
    Break(
        "a replay goes back seven days",
        "a receiver that lost a fortnight",
        "core/webhooks/model.py",
        "RETENTION = timedelta(days=30)",
        "RETENTION = timedelta(days=7)",
    ),
    Break(
        "a token lives for at most an hour",
        "a client that asks for one each morning",
        "core/tokens.py",
        "timedelta(minutes=15), timedelta(hours=24)",
        "timedelta(minutes=15), timedelta(hours=1)",
    ),
    Break(
        "v1 has at most a thousand pages",
        "a partner with many applications that reads one a page",
        "public_api/v1/applications.py",
        'number(request, "page", 1, 1_000_000)',
        'number(request, "page", 1, 1_000)',
    ),
    Break(
        "the feed gives at most 50 events",
        "a poller that asks for 100 and takes the first page that is not full for the last",
        "public_api/v2/events.py",
        "CursorRequest(limit(request), after(request))",
        "CursorRequest(min(limit(request), 50), after(request))",
    ),
)
