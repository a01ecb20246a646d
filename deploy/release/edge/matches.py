"""By what an edge tells who asks: conditions as matches, credentials and cookies as hashes."""

import re
from collections.abc import Iterable

from deploy.release.edge.parts import Message
from deploy.release.model import Condition, ConditionKind

PERSON_COOKIE = "beleg-person"
"""Whom a web app knows, set when somebody signs in; no secret, and good for nothing but routes."""
EDGE_COOKIE = "beleg-edge"
"""Anybody else's browser, set by the edge itself."""
YEAR_SECONDS = 365 * 24 * 3600
CREDENTIAL = r"^[Bb]earer +beleg_(?:live|test|at)_([A-Za-z0-9_-]{4}).*$"
"""In `authorization`, what a key has in common with the access tokens that were issued for it."""
API_KINDS = frozenset(
    (ConditionKind.CLIENT, ConditionKind.VERSION, ConditionKind.APP, ConditionKind.HEADER)
)
_SHOWN = re.compile(r"beleg_(?:live|test)_([A-Za-z0-9_-]{4})")
WEB_KINDS = frozenset((ConditionKind.PERSON, ConditionKind.HEADER))


def api_hash() -> list[Message]:
    """Who a partner is: by its credential, and without one by where it calls from."""
    rewrite = {"pattern": {"regex": CREDENTIAL}, "substitution": r"\1"}
    return [
        {
            "header": {"header_name": "authorization", "regex_rewrite": rewrite},
            "terminal": True,
        },
        {"connection_properties": {"source_ip": True}},
    ]


def web_hash() -> list[Message]:
    """Who a person is: by the cookies that say so; a first request is hashed by its own new id."""
    return [
        {"cookie": {"name": PERSON_COOKIE}, "terminal": True},
        {"cookie": {"name": EDGE_COOKIE}, "terminal": True},
        {"header": {"header_name": "x-request-id"}},
    ]


def in_order(conditions: Iterable[Condition]) -> list[Condition]:
    """Whoever is to stay on A stays there, whatever else would send them to B."""
    return sorted(conditions, key=lambda each: each.to_b)


def matches(condition: Condition) -> list[Message]:
    """What a request has that meets a condition; one of these is enough."""
    value = condition.value
    if condition.kind is ConditionKind.VERSION:
        return [{"path_separated_prefix": f"/{value}"}]
    if condition.kind is ConditionKind.CLIENT:
        return [_with(_header("authorization", _credential(value)))]
    if condition.kind is ConditionKind.APP:
        unsaid = {"name": "app-version", "present_match": False}
        return [
            _with(_header("app-version", _app(value))),
            _with(unsaid, _header("user-agent", _app(value))),
        ]
    if condition.kind is ConditionKind.PERSON:
        cookie = rf"(.*;\s*)?{PERSON_COOKIE}={re.escape(value)}\s*(;.*)?"
        return [_with(_header("cookie", cookie))]
    name, _, content = value.partition("=")
    return [_with({"name": name, "string_match": {"exact": content}})]


def _with(*headers: Message) -> Message:
    return {"prefix": "/", "headers": list(headers)}


def _header(name: str, pattern: str) -> Message:
    return {"name": name, "string_match": {"safe_regex": {"regex": pattern}}}


def _credential(beginning: str) -> str:
    """A key by its shown beginning, and the access tokens that were issued for it."""
    shown = _SHOWN.match(beginning)
    token = f"|beleg_at_{re.escape(shown.group(1))}" if shown else ""
    return f"[Bb]earer +({re.escape(beginning)}{token}).*"


def _app(build: str) -> str:
    """An app's build as the API finds it in a header: `ios/3.2.1` or `ios 3.2.1`, in any case."""
    name, _, number = build.partition("/")
    end = rf"{re.escape(number)}([^0-9.].*|\.([^0-9].*)?)?" if number else "[0-9].*"
    return rf"(?i)(.*[^a-z])?{re.escape(name)}[/ ]{end}"
