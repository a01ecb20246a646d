"""Changes of the numbers that are promised beside the schemas: breaks, and kinder ones."""

from collections.abc import Callable
from typing import Any

from public_api.schemas import PROMISES
from tests.public_api.contract.planting import Change, drop, put, v1, v2

PLANTED_PROMISES: dict[str, tuple[Callable[[], Any], Change, str]] = {
    "a receiver has less time": (
        v2,
        put(2, PROMISES, "deliveries", "answered_within_seconds"),
        "promise deliveries answered_within_seconds: every client would break: it was 10, now it",
    ),
    "retries are given up earlier": (
        v1,
        put(1, PROMISES, "deliveries", "tried_for_days"),
        "promise deliveries tried_for_days: every client would break: it was 3, now it is 1",
    ),
    "another schedule of retries": (
        v2,
        drop(PROMISES, "deliveries", "retried_after_seconds", 8),
        "promise deliveries retried_after_seconds: every client would break",
    ),
    "a flag's rule is another": (
        v1,
        put(3, PROMISES, "flags", "rules", "returned_debits", "above"),
        "promise flags rules returned_debits above: every client would break: it was 0, now it",
    ),
    "a flag's figure is another": (
        v1,
        put("gambling@2", PROMISES, "flags", "rules", "gambling", "figure"),
        "promise flags rules gambling figure: every client would break",
    ),
    "a flag looks at another window": (
        v1,
        put(36, PROMISES, "flags", "longest_window_months"),
        "promise flags longest_window_months: every client would break",
    ),
    "a smaller body": (
        v1,
        put(65_536, PROMISES, "body_bytes"),
        "promise body_bytes: every client would break",
    ),
    "a smaller document": (v2, put(1, PROMISES, "document_bytes"), "promise document_bytes"),
    "a shorter life of a token": (
        v2,
        put(3600, PROMISES, "access_token_longest_seconds"),
        "promise access_token_longest_seconds: every client would break",
    ),
    "a token must live longer": (
        v1,
        put(1800, PROMISES, "access_token_shortest_seconds"),
        "promise access_token_shortest_seconds: every client would break",
    ),
    "a twin waits for less long": (
        v2,
        put(5, PROMISES, "twin_waits_seconds"),
        "promise twin_waits_seconds: every client would break",
    ),
    "the old secret signs for less long": (
        v2,
        put(1, PROMISES, "old_secret_signs_hours"),
        "promise old_secret_signs_hours: every client would break",
    ),
    "deliveries are kept for less long": (
        v2,
        put(7, PROMISES, "deliveries_kept_days"),
        "promise deliveries_kept_days: every client would break",
    ),
    "another usual page": (
        v1,
        put(20, PROMISES, "page_items", "usual"),
        "promise page_items usual: every client would break",
    ),
    "a smaller largest page": (
        v2,
        put(50, PROMISES, "page_items", "most"),
        "promise page_items most: every client would break",
    ),
    "fewer items of evidence": (
        v2,
        put(10, PROMISES, "evidence_items"),
        "promise evidence_items: every client would break",
    ),
    "other windows of limits": (
        v2,
        put(1, PROMISES, "windows_seconds", "minute"),
        "promise windows_seconds minute: every client would break",
    ),
    "a longer wait while something is missing": (
        v1,
        put(60, PROMISES, "retry_after_unavailable_seconds"),
        "promise retry_after_unavailable_seconds: every client would break",
    ),
    "a narrower condition has another name": (
        v2,
        put([409, "/problems/closed"], PROMISES, "problems", "application_closed"),
        "promise problems application_closed: every client would break",
    ),
    "a number becomes a word": (
        v2,
        put("ten", PROMISES, "deliveries", "answered_within_seconds"),
        "it was 10, now it is 'ten'",
    ),
}
KINDER: dict[str, tuple[Callable[[], Any], Change]] = {
    "a receiver has more time": (v1, put(20, PROMISES, "deliveries", "answered_within_seconds")),
    "tokens may live for less long": (v2, put(60, PROMISES, "access_token_shortest_seconds")),
    "larger pages": (v2, put(500, PROMISES, "page_items", "most")),
    "the order of a new list": (v2, put("oldest first", PROMISES, "order", "parties")),
}
