"""What is promised in numbers beside the schemas, each taken from the constant that makes it so.

A name says the unit. Which way a promise may move is known to the gate (`contract/gate.py`).
"""

from datetime import timedelta

from core import access_log, tokens, webhooks
from core.clients import LONGEST_GRACE, PER_DAY, PER_MINUTE
from core.idempotency import PATIENCE_SECONDS, RETENTION
from core.lifecycle import NOTICE_DAYS
from core.settings import Settings
from public_api.deliveries import SECONDS
from public_api.limits import DAY, MINUTE
from public_api.refusals import RETRY_SECONDS
from public_api.schemas import JsonObject

HOUR, ONE_DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


def shared() -> JsonObject:
    """Limits, times and sizes that hold in every version."""
    settings = Settings()
    return {
        "access_token_longest_seconds": tokens.LONGEST // SECOND,
        "access_token_shortest_seconds": tokens.SHORTEST // SECOND,
        "body_bytes": settings.body_limit_bytes,
        "brownout_notice_days": NOTICE_DAYS,
        "calls_per_day": PER_DAY,
        "calls_per_minute": PER_MINUTE,
        "deliveries": _deliveries(),
        "document_bytes": settings.document_limit_bytes,
        "idempotency_hours": RETENTION // HOUR,
        "key_rotation_days": LONGEST_GRACE // ONE_DAY,
        "request_id_longest_characters": access_log.LONGEST,
        "request_id_shortest_characters": access_log.SHORTEST,
        "retry_after_unavailable_seconds": RETRY_SECONDS,
        "twin_waits_seconds": int(PATIENCE_SECONDS),
        "windows_seconds": {"day": DAY, "minute": MINUTE},
    }


def _deliveries() -> JsonObject:
    """How long a receiver may take, and for how long it is tried."""
    return {
        "answered_within_seconds": int(SECONDS),
        "retried_after_seconds": [each // SECOND for each in webhooks.SCHEDULE],
        "retried_later_percent": round(webhooks.JITTER * 100),
        "tried_for_days": sum(webhooks.SCHEDULE, timedelta()) // ONE_DAY,
        "webhooks": webhooks.MOST_WEBHOOKS,
    }
