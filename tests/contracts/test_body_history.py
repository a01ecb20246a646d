"""The replay knows things again, and notices each way in which a later word contradicts one."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contracts.body_history import BodyHistory
from tests.contracts.header_history import HeaderHistory
from tests.contracts.observed import Observed, SentRequest

pytestmark = pytest.mark.unit
ID = "01900000-0000-7000-8000-000000000001"
ONE, TWO = {"etag": '"1"'}, {"etag": '"2"'}
AT = datetime(2026, 1, 1, 12, 0, 0, 500_000, UTC)
TIME, LATER = "2026-01-01T12:00:00.600000Z", "2026-01-01T12:00:01.600000Z"
NEW = {"id": ID, "applicant": {}, "created_at": TIME, "updated_at": TIME}
OLD = {"id": ID, "company_name": "A", "created": TIME[:19]}
DOCUMENT = {
    **dict.fromkeys(("application_id", "filename", "media_type", "size"), "x"),
    **{"id": ID, "sha256": "0", "created_at": TIME, "read_at": LATER},
}
EVENT = {"id": ID, "type": "a", "timestamp": TIME, "data": {"application_id": ID, "reason": "x"}}
DECISION = {"outcome": "approved", "reasons": ["policy"], "decided_at": TIME}
LIMIT = '"minute";r={};t=59, "day";r={};t=43199'
POLICY = {"ratelimit-policy": '"minute";q=10;w=60, "day";q=99;w=86400'}


def observed(
    body: Any = None,
    line: str = "GET /x",
    status: int = 200,
    sent: Mapping[str, str] = {},
    headers: Mapping[str, str] = {},
) -> Observed:
    """An exchange of a second or two."""
    method, _, target = line.partition(" ")
    return Observed(
        SentRequest("owner", method, target, dict(sent), ""),
        status,
        {"content-type": "application/json", **headers},
        "" if body is None else json.dumps(body),
        AT,
        AT + timedelta(seconds=2),
    )


def told(**changes: Any) -> Observed:
    """The delivery of EVENT."""
    data = {"application": NEW, "reason": "x"}
    body = {"type": "a", "timestamp": TIME, "data": data} | changes
    return observed(body, "RECEIVE https://x.test", headers={"webhook-id": ID})


CONTRADICTIONS: dict[str, tuple[Observed, Observed]] = {
    "created moves with a change": (observed(NEW), observed({**NEW, "created_at": LATER})),
    "v1's created is not v2's": (
        observed(NEW),
        observed({**OLD, "created": "2026-01-01T12:00:01"}),
    ),
    "v1's created moves": (observed(OLD), observed([{**OLD, "created": "2026-01-01T12:00:01"}])),
    "updated goes back": (
        observed({**NEW, "updated_at": LATER}),
        observed({**NEW, "updated_at": TIME}),
    ),
    "another state of the same time": (observed(NEW), observed({**NEW, "applicant": {"x": 1}})),
    "another copy under a tag": (
        observed(NEW, headers=ONE),
        observed({**NEW, "updated_at": LATER}, headers=ONE),
    ),
    "another tag of the same copy": (observed(NEW, headers=ONE), observed(NEW, headers=TWO)),
    "a document has another hash": (observed(DOCUMENT), observed({**DOCUMENT, "sha256": "1"})),
    "a document is read later": (observed(DOCUMENT), observed({**DOCUMENT, "read_at": TIME})),
    "what was read is not": (observed(DOCUMENT), observed({**DOCUMENT, "read_at": None})),
    "v1's document is processed again": (
        observed({"document_id": ID, "status": "done"}),
        observed({"document_id": ID, "status": "processing"}),
    ),
    "an event has another time": (observed(EVENT), observed({**EVENT, "timestamp": LATER})),
    "it is told with another time": (observed(EVENT), told(timestamp=LATER)),
    "it is told with another type": (observed(EVENT), told(type="b")),
    "it is told without its reason": (observed(EVENT), told(data={"application": NEW})),
    "a decision is made again": (observed(DECISION), observed({**DECISION, "decided_at": LATER})),
}


@pytest.mark.parametrize(("first", "then"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_noticed(first: Observed, then: Observed) -> None:
    body_history = BodyHistory()
    body_history.note(first)
    body_history.note(first)
    with pytest.raises(AssertionError):
        body_history.note(then)


def test_a_change_is_no_contradiction() -> None:
    body_history = BodyHistory()
    body_history.note(observed(NEW, "POST /x", 201, headers=ONE))
    for each in (observed(OLD), observed(EVENT), told()):
        body_history.note(each)
    body_history.note(observed({**NEW, "updated_at": LATER, "applicant": {"x": 1}}, headers=TWO))


@pytest.mark.parametrize("at", ["2026-01-01T12:00:00.400000Z", "2026-01-01T12:00:03Z"])
def test_what_is_new_bears_the_time_at_which_it_was_made(at: str) -> None:
    with pytest.raises(AssertionError):
        BodyHistory().note(observed({**NEW, "created_at": at, "updated_at": at}, "POST /x", 201))


GOOD = {"content-length": "2", "request-id": "0" * 32}
KEY = {"idempotency-key": "k"}


@pytest.mark.parametrize(
    ("sent", "headers"),
    [
        ({"request-id": "mine-1234"}, {}),
        ({}, {"request-id": "mine-1234"}),
        ({}, {"content-length": "3"}),
        ({}, {"ratelimit": LIMIT.format(10, 98), **POLICY}),
        ({}, {"ratelimit": LIMIT.format(9, 97), **POLICY}),
        ({}, {"ratelimit": LIMIT.replace("59", "51").format(9, 98), **POLICY}),
        (
            {},
            {"ratelimit": LIMIT.format(9, 98), "ratelimit-policy": POLICY["ratelimit-policy"][:9]},
        ),
    ],
)
def test_a_header_that_is_not_so_is_noticed(sent: dict[str, str], headers: dict[str, str]) -> None:
    fine = {**GOOD, "ratelimit": LIMIT.format(9, 98), **POLICY}
    HeaderHistory().note(observed({}, headers=fine))
    with pytest.raises(AssertionError):
        HeaderHistory().note(observed({}, sent=sent, headers=fine | headers))


def test_a_replay_that_is_another_answer_is_noticed() -> None:
    header_history = HeaderHistory()
    header_history.note(observed({}, sent=KEY, headers=GOOD))
    with pytest.raises(AssertionError):
        header_history.note(observed([], sent=KEY, headers=GOOD | {"request-id": "1" * 32}))
