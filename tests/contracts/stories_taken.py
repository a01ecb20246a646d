"""What each version is sent although no document names it, and what a caller has already."""

import json
from hashlib import sha256
from typing import Any

from tests.contracts.exchange import Ask
from tests.contracts.requests import (
    FORM,
    JSON,
    NEW,
    OLD,
    OLD_FULL,
    RAW,
    URLENCODED,
    form,
    get,
    patch,
    post,
)

A, B = "{{id:1}}", "{{id:2}}"
TEXT, NOTHING = {"content-type": "text/plain"}, {"content-type": ""}
BARE = "<a/>"
BARE_TAG = f'"{sha256(BARE.encode()).hexdigest()}"'
CONTENT = f"/v2/applications/{A}/documents/{B}/content"


def sent(name: str, line: str, headers: dict[str, str], body: Any = "") -> Ask:
    """A request as no document has it."""
    text = body if isinstance(body, str) else json.dumps(body)
    return Ask(name, line, headers=headers, body=text)


def taken(version: str, body: Any, term: str) -> tuple[Ask, ...]:
    """What both versions take of an application, and neither says so."""
    place, text = f"/{version}/applications", json.dumps(body)
    return (
        sent("JSON as text", f"POST {place}", TEXT, body),
        sent("JSON as a form", f"POST {place}", URLENCODED, body),
        sent("JSON as nothing", f"POST {place}", NOTHING, body),
        sent(
            "another charset",
            f"POST {place}",
            {"content-type": "application/json; charset=x"},
            body,
        ),
        sent("said to be packed", f"POST {place}", {**JSON, "content-encoding": "gzip"}, body),
        sent("a member twice", f"POST {place}", JSON, text.replace("{", f'{{"{term}": "x", ', 1)),
        sent("another method", f"POST {place}", {**JSON, "x-http-method-override": "PUT"}, body),
        post("a query that it has not", f"{place}?dry_run=true", body),
        post("a byte order mark", place, "\ufeff" + text),
        post("no number", place, text.replace("60", "NaN")),
        get(
            "an unknown parameter",
            f"{place}?colour=red&{'per_page' if version == 'v1' else 'limit'}=01",
        ),
        sent("a body where none is taken", f"GET {place}/{A}", JSON, "[]"),
        get("an id in braces", f"{place}/%7B{A}%7D"),
        get("another Accept", f"{place}/{A}", headers={"accept": "text/xml"}),
        sent(
            "parts that are unknown",
            f"POST {place}/{A}/documents",
            FORM,
            '--golden\r\nContent-Disposition: form-data; name="note"\r\n\r\nx\r\n'
            '--golden\r\nContent-Disposition: form-data; name="kind"\r\n\r\ninvoice\r\n'
            '--golden\r\nContent-Disposition: form-data; name="file"\r\n\r\n<b/>\r\n--golden--\r\n',
        ),
        sent("bare bytes", f"POST {place}/{A}/documents", TEXT, BARE),
    )


V1_TAKEN = (
    *taken("v1", OLD, "duration"),
    get("a page twice", "/v1/applications?page=1&page=2&per_page=1"),
    get("another page twice", "/v1/applications?page=2&page=x"),
    post("a property worth nothing", "/v1/applications", {**OLD_FULL, "property_value_eur": 0}),
    post("too short", "/v1/applications", {**OLD, "duration": 0}),
    post("no mortgage", "/v1/applications", {**OLD, "property_value_eur": 1}),
    Ask("withdrawn", f"DELETE /v1/applications/{A}"),
    form("too late", f"/v1/applications/{A}/documents", "late"),
)
V2_TAKEN = (
    *taken("v2", NEW, "term_months"),
    get("a limit twice", "/v2/applications?limit=x&limit=1"),
    get("another limit twice", "/v2/applications?limit=1&limit=x"),
    get("a cursor that is empty", "/v2/applications?after=&limit=1"),
    get("a week", f"/v2/applications/{A}/transactions?from=2026-W01-1"),
    patch("plain JSON", A, {"purpose": "x"}, "*", "application/json; charset=x"),
    Ask("two reasons", f"DELETE /v2/applications/{A}?reason=x&reason=test"),
)
V2_COPIES = (
    post("an application", "/v2/applications", NEW),
    sent("a document", f"POST /v2/applications/{A}/documents", RAW, BARE),
    get("its bytes", CONTENT),
    get("a copy that is current", CONTENT, headers={"if-none-match": f'"x", W/{BARE_TAG}'}),
    get("any copy", CONTENT, headers={"if-none-match": "*", "range": "bytes=9-"}),
    Ask("its head", f"HEAD {CONTENT}", headers={"if-none-match": BARE_TAG}),
    get("another copy", CONTENT, headers={"if-none-match": '"x"', "range": "bytes=0-1"}),
    patch("a change", A, {"purpose": "x"}, "*", key="c"),
    patch("the same again", A, {"purpose": "x"}, "*", key="c"),
    patch("another tag", A, {"purpose": "x"}, '"1"', key="c"),
    patch("another change", A, {"purpose": "y"}, "*", key="c"),
)
