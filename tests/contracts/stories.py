"""What each version is asked: a table of requests a story, told in order by its callers.

To freeze another operation, add its requests here and run `python -m tests.contracts.record`.
"""

import json
from hashlib import sha256
from typing import Any

from tests.contracts.exchange import Ask

NOBODYS = "00000000-0000-4000-8000-000000000000"
A, B = "{{id:1}}", "{{id:2}}"
JSON = {"content-type": "application/json"}
FORM = {"content-type": "multipart/form-data; boundary=golden"}
RAW = {"content-type": "application/xml", "content-disposition": 'attachment; filename="mai.xml"'}
URLENCODED = {"content-type": "application/x-www-form-urlencoded"}
BEARER = {"authorization": "Bearer {{token:1}}"}
STATEMENT, INVOICE = "{{file:statement.xml}}", "{{file:invoice.xml}}"


def post(name: str, path: str, body: Any, key: str | None = None, **how: Any) -> Ask:
    """A JSON request; a text is sent as it is."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    headers = {**JSON, **({"idempotency-key": key} if key else {})}
    return Ask(name, f"POST {path}", headers=headers, body=text, **how)


def patch(
    name: str,
    application_id: str,
    body: Any,
    known: str | None = None,
    media_type: str = "application/merge-patch+json",
    key: str | None = None,
    **how: Any,
) -> Ask:
    """A merge patch of an application, meant for the copy with this tag."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    headers = {"content-type": media_type, **({"if-match": known} if known else {})}
    headers |= {"idempotency-key": key} if key else {}
    line = f"PATCH /v2/applications/{application_id}"
    return Ask(name, line, headers=headers, body=text, **how)


def change(name: str, path: str, body: Any) -> Ask:
    """A JSON request for what is to change."""
    return Ask(name, f"PATCH {path}", headers=JSON, body=json.dumps(body))


def delivery(name: str, url: str) -> Ask:
    """No request of ours: the next delivery that a receiver gets, its headers and body."""
    return Ask(name, f"RECEIVE {url}")


def get(name: str, path: str, **how: Any) -> Ask:
    """A request for what is there."""
    return Ask(name, f"GET {path}", **how)


def form(name: str, path: str, content: str, key: str | None = None, **how: Any) -> Ask:
    """An upload as a browser or an HTTP library makes it."""
    body = (
        '--golden\r\nContent-Disposition: form-data; name="file"; filename="2025.xml"\r\n'
        f"Content-Type: application/xml\r\n\r\n{content}\r\n--golden--\r\n"
    )
    headers = {**FORM, **({"idempotency-key": key} if key else {})}
    return Ask(name, f"POST {path}", headers=headers, body=body, **how)


def token(name: str, **fields: str) -> Ask:
    """A client's request for an access token, as OAuth libraries write it."""
    usual = {
        "grant_type": "client_credentials",
        "client_id": "{{client:owner}}",
        "client_secret": "{{key:owner}}",
    }
    body = "&".join(f"{name}={value}" for name, value in {**usual, **fields}.items())
    return Ask(name, "POST /oauth/token", headers=URLENCODED, body=body)


OLD = {"company_name": "Muster GmbH", "type": "LOAN", "amount_eur": 250000.00, "duration": 60}
OLD_FULL = {
    "company_name": "Müller & Söhne GmbH",
    "company_number": "HRB 7",
    "vat_number": "DE136695976",
    "type": "MORTGAGE",
    "amount_eur": 0.1,
    "duration": 360,
    "reference": "A-1",
    "property_value_eur": 9999999999999.99,
    "colour": "ignored",
}
NEW: dict[str, Any] = {
    "product": "loan",
    "applicant": {"legal_name": "Muster Werkzeugbau GmbH", "country": "DE"},
    "amount": {"value": "250000.00", "currency": "EUR"},
    "term_months": 60,
}
NEW_FULL = {
    "product": "mortgage",
    "applicant": {
        "legal_name": "Müller & Söhne „Werk“ GmbH",
        "country": "DE",
        "legal_form": "GmbH",
        "register_court": "Köln",
        "register_number": "HRB 7",
        "vat_id": "DE136695976",
        "lei": "5299009QN55YRQC69H56",
    },
    "amount": {"value": "1.00", "currency": "EUR"},
    "term_months": 360,
    "purpose": "Ein Haus\nund ein Garten",
    "property": {"market_value": {"value": "1.00", "currency": "EUR"}, "address": "Am Markt 1"},
    "declared": {
        "annual_revenue": {"value": "100.10", "currency": "EUR"},
        "monthly_debt_service": {"value": "0.00", "currency": "EUR"},
        "existing_lenders": ["Bank"],
    },
    "external_reference": "A-1",
}
YEN = {"value": "5000000", "currency": "JPY"}

V1_APPLICATIONS = (
    post("the least", "/v1/applications", OLD),
    post("everything, and a field that is unknown", "/v1/applications", OLD_FULL),
    get("one", f"/v1/applications/{A}"),
    get("another", f"/v1/applications/{B}"),
    Ask("its head", f"HEAD /v1/applications/{A}"),
    get("the list", "/v1/applications"),
    get("the second page", "/v1/applications?page=2&per_page=1"),
    get("a page beyond the last", "/v1/applications?page=9&per_page=200"),
    get("a stranger's list", "/v1/applications", caller="stranger"),
    post("first use of a key", "/v1/applications", OLD, "k"),
    post("the same again", "/v1/applications", OLD, "k"),
    post("the key for another", "/v1/applications", OLD_FULL, "k"),
    Ask("withdraw", f"DELETE /v1/applications/{A}"),
    Ask("withdraw again", f"DELETE /v1/applications/{A}"),
    get("withdrawn", f"/v1/applications/{A}"),
)
V1_REFUSALS = (
    get("an unknown id", f"/v1/applications/{NOBODYS}"),
    get("an id that is none", "/v1/applications/none"),
    get("a path that is none", "/v1/nothing"),
    Ask("a method that is none", "PUT /v1/applications"),
    get("too large a page", "/v1/applications?per_page=201"),
    get("page zero", "/v1/applications?page=0"),
    post("no JSON", "/v1/applications", "{"),
    post("no object", "/v1/applications", "[]"),
    post("no name", "/v1/applications", {**OLD, "company_name": ""}),
    post("a third decimal", "/v1/applications", {**OLD, "amount_eur": 1.234}),
    post("nothing asked for", "/v1/applications", {**OLD, "amount_eur": 0}),
    post("an unknown type", "/v1/applications", {**OLD, "type": "loan"}),
    post("a duration in words", "/v1/applications", {**OLD, "duration": "60"}),
    post("a key that is none", "/v1/applications", OLD, "a b"),
    get("without a key", "/v1/applications", caller="nobody"),
    get("with an expired key", "/v1/applications", caller="expired"),
    post("without the scope", "/v1/applications", OLD, caller="reader"),
    get("the only call of a minute", "/v1/applications", caller="busy"),
    get("one call too many", "/v1/applications", caller="busy"),
)
V1_DOCUMENTS = (
    post("an application", "/v1/applications", OLD),
    get("no documents yet", f"/v1/applications/{A}/documents"),
    form("a statement", f"/v1/applications/{A}/documents", STATEMENT, "up"),
    form("the same again", f"/v1/applications/{A}/documents", STATEMENT, "up"),
    get("not ready", f"/v1/applications/{A}/result"),
    form("no statement", f"/v1/applications/{A}/documents", "hello"),
    Ask("no form", f"POST /v1/applications/{A}/documents", headers=FORM, body="x"),
    get("read", f"/v1/applications/{A}/documents/{B}", before=("read",)),
    get("all", f"/v1/applications/{A}/documents"),
    get("none of its documents", f"/v1/applications/{A}/documents/{NOBODYS}"),
    get("ready", f"/v1/applications/{A}/result"),
    get("a stranger's look", f"/v1/applications/{A}/result", caller="stranger"),
    get("accepted", f"/v1/applications/{A}", before=(f"approve {A}",)),
    form("too late", f"/v1/applications/{A}/documents", "late"),
    Ask("too late to withdraw", f"DELETE /v1/applications/{A}"),
)
V1_ENDING = (
    get(
        "a killed build",
        "/v1/applications",
        headers={"app-version": "ios/3.1"},
        before=("kill 3.1",),
    ),
    get("a brownout", "/v1/applications", before=("brownout v1",)),
)
V2_APPLICATIONS = (
    post("the least", "/v2/applications", NEW),
    post("everything", "/v2/applications", NEW_FULL),
    post("yen", "/v2/applications", {**NEW, "amount": YEN}),
    get("one", f"/v2/applications/{A}"),
    get("another", f"/v2/applications/{B}"),
    Ask("a copy that is current", f"GET /v2/applications/{A}", headers={"if-none-match": '"1"'}),
    get("the list", "/v2/applications"),
    get("the first page", "/v2/applications?limit=2"),
    get("the last page", "/v2/applications?limit=2&after={{cursor:1}}"),
    get("those of a reference", "/v2/applications?external_reference=A-1"),
    get("those withdrawn: none", "/v2/applications?status=withdrawn"),
    get("a stranger's list", "/v2/applications", caller="stranger"),
    get("a stranger's look", f"/v2/applications/{A}", caller="stranger"),
    post("first use of a key", "/v2/applications", NEW, "k"),
    post("the same again", "/v2/applications", NEW, "k"),
    post("the key for another", "/v2/applications", NEW_FULL, "k"),
    post("the key over v1", "/v1/applications", OLD, "k"),
    Ask("withdraw", f"DELETE /v2/applications/{A}?reason=customer_request"),
    Ask("withdraw again", f"DELETE /v2/applications/{A}?reason=other"),
    get("withdrawn", f"/v2/applications/{A}"),
)
V2_CHANGES = (
    post("an application", "/v2/applications", NEW_FULL),
    patch("some of it", A, {"amount": {"value": "2.50"}, "applicant": {"lei": None}}, '"1"'),
    patch("nothing of it", A, {}, '"2"'),
    patch("as plain JSON", A, {"declared": None}, "*", "application/json"),
    get("as it is now", f"/v2/applications/{A}"),
    patch("what changed meanwhile", A, {"purpose": None}, '"1"'),
    patch("without saying which copy", A, {"purpose": None}),
    patch("in another language", A, {"purpose": None}, "*", "text/plain"),
    patch("no JSON", A, "{", "*"),
    patch("what is unknown", A, {"colour": None}, "*"),
    patch("what is required", A, {"amount": None}, "*"),
    patch("against a rule", A, {"product": "loan"}, "*"),
    patch("of nobody", NOBODYS, {}, "*"),
    patch("without the scope", A, {}, "*", caller="reader"),
    Ask("withdraw", f"DELETE /v2/applications/{A}?reason=other"),
    patch("too late", A, {"purpose": None}, "*"),
)
V2_REFUSALS = (
    get("an unknown id", f"/v2/applications/{NOBODYS}"),
    get("an id that is none", "/v2/applications/none"),
    get("a path that is none", "/v2/nothing"),
    Ask("a method that is none", "PUT /v2/applications"),
    get("too large a page", "/v2/applications?limit=101"),
    get("a cursor that is none", "/v2/applications?after=x"),
    get("an unknown status", "/v2/applications?status=pending"),
    post("no JSON", "/v2/applications", "{"),
    post("nothing in it", "/v2/applications", {}),
    post("an unknown field", "/v2/applications", {**NEW, "colour": "red"}),
    post(
        "half a cent",
        "/v2/applications",
        {**NEW, "amount": {"value": "1.005", "currency": "EUR"}},
    ),
    post(
        "an unknown currency",
        "/v2/applications",
        {**NEW, "amount": {"value": "1.00", "currency": "XYZ"}},
    ),
    post("no months", "/v2/applications", {**NEW, "term_months": 0}),
    post("a mortgage without its property", "/v2/applications", {**NEW, "product": "mortgage"}),
    post("a key that is none", "/v2/applications", NEW, "a b"),
    get("without a key", "/v2/applications", caller="nobody"),
    get("with an expired key", "/v2/applications", caller="expired"),
    post("without the scope", "/v2/applications", NEW, caller="reader"),
    get(
        "a form that is not offered",
        f"/v2/applications/{NOBODYS}/report",
        headers={"accept": "text/html"},
    ),
    get("the only call of a minute", "/v2/applications", caller="busy"),
    get("one call too many", "/v2/applications", caller="busy"),
    get(
        "a killed build",
        "/v2/applications",
        headers={"app-version": "ios/3.1"},
        before=("kill 3.1",),
    ),
)
V2_DOCUMENTS = (
    post("an application", "/v2/applications", NEW),
    Ask("no reason to withdraw", f"DELETE /v2/applications/{A}"),
    get("no documents yet", f"/v2/applications/{A}/documents"),
    form("a statement", f"/v2/applications/{A}/documents", STATEMENT, "up"),
    form("the same again", f"/v2/applications/{A}/documents", STATEMENT, "up"),
    Ask("the same, raw", f"POST /v2/applications/{A}/documents", headers=RAW, body=STATEMENT),
    Ask("no statement", f"POST /v2/applications/{A}/documents", headers=RAW, body="hello"),
    Ask("nothing at all", f"POST /v2/applications/{A}/documents", headers=RAW),
    get("read", f"/v2/applications/{A}/documents/{B}", before=("read",)),
    get("all", f"/v2/applications/{A}/documents"),
    get("none of its documents", f"/v2/applications/{A}/documents/{NOBODYS}"),
    get("as it was handed in", f"/v2/applications/{A}/documents/{B}/content"),
    get(
        "a range of it",
        f"/v2/applications/{A}/documents/{B}/content",
        headers={"range": "bytes=0-37"},
    ),
    get(
        "no such range",
        f"/v2/applications/{A}/documents/{B}/content",
        headers={"range": "bytes=99999999-"},
    ),
    get("statements", f"/v2/applications/{A}/statements"),
    get("transactions", f"/v2/applications/{A}/transactions?limit=3"),
    get("the next of them", f"/v2/applications/{A}/transactions?limit=3&after={{{{cursor:1}}}}"),
    get(
        "those of a month and a kind",
        f"/v2/applications/{A}/transactions?from=2025-03-01&to=2025-03-31&category=salary",
    ),
    get("those of a name", f"/v2/applications/{A}/transactions?counterparty=Nord"),
    get("an unknown category", f"/v2/applications/{A}/transactions?category=x"),
    get("report", f"/v2/applications/{A}/report"),
    get("answers", f"/v2/applications/{A}/answers"),
    get("no decision yet", f"/v2/applications/{A}/decision"),
    get("declined", f"/v2/applications/{A}/decision", before=(f"decline {A}",)),
    Ask("too late", f"POST /v2/applications/{A}/documents", headers=RAW, body="late"),
)
V2_PAPERS = (
    post("an application", "/v2/applications", NEW),
    form("an invoice", f"/v2/applications/{A}/documents", INVOICE),
    get("what it says", f"/v2/applications/{A}/documents/{B}", before=("read",)),
    get("no statement all the same", f"/v2/applications/{A}/requests"),
)
V2_REQUESTS = (
    post("an application", "/v2/applications", NEW),
    get("nothing was handed in", f"/v2/applications/{A}/requests"),
    form("a statement", f"/v2/applications/{A}/documents", STATEMENT),
    get("while it is read", f"/v2/applications/{A}/requests"),
    get("read", f"/v2/applications/{A}/requests", before=("read",)),
    get("a stranger's look", f"/v2/applications/{A}/requests", caller="stranger"),
    get("decided", f"/v2/applications/{A}/requests", before=(f"approve {A}",)),
)
V2_EVENTS = (
    get("nothing has happened", "/v2/events"),
    post("an application", "/v2/applications", NEW),
    form("a statement", f"/v2/applications/{A}/documents", STATEMENT),
    get("the first two", "/v2/events?limit=2"),
    get("the rest", "/v2/events?after={{cursor:2}}", before=("read", f"approve {A}")),
    get("a cursor that is none", "/v2/events?after=x"),
)
SHARED_TOKEN = (
    token("a token", scope="applications:read+report:read"),
    get("what it opens", "/v2/applications", headers=BEARER, caller="nobody"),
    get("over v1 too", "/v1/applications", headers=BEARER, caller="nobody"),
    token("of one scope, for an hour", scope="report:read", expires_in="3600"),
    token("a scope that the key lacks", scope="everything"),
    token("too short a life", expires_in="899"),
    token("too long a life", expires_in="86401"),
    token("another grant", grant_type="password"),
    token("a wrong key", client_secret="beleg_live_wrong"),
    token("another client's id", client_id=NOBODYS),
    Ask("nothing at all", "POST /oauth/token"),
)
OLD_URL, NEW_URL = "https://hooks.partner.test/v1?a=b", "https://hooks.partner.test/v2?a=b"
V1_CALLBACKS = (
    post("a callback", "/v1/callbacks", {"url": OLD_URL, "secret": "s", "colour": "red"}, "k"),
    post("the same again", "/v1/callbacks", {"url": OLD_URL, "secret": "s", "colour": "red"}, "k"),
    get("the list", "/v1/callbacks"),
    post("an application", "/v1/applications", OLD_FULL),
    delivery("it was received", OLD_URL),
    Ask("withdraw", "DELETE /v1/applications/{{id:2}}"),
    delivery("it was withdrawn", OLD_URL),
    post("no address", "/v1/callbacks", {"url": "hooks", "secret": "s"}),
    post("an address inside", "/v1/callbacks", {"url": "https://10.0.0.1/", "secret": "s"}),
    post("no secret", "/v1/callbacks", {"url": OLD_URL}),
    post("without the scope", "/v1/callbacks", {"url": OLD_URL}, caller="reader"),
    Ask("a stranger's", f"DELETE /v1/callbacks/{A}", caller="stranger"),
    Ask("no more", f"DELETE /v1/callbacks/{A}"),
    get("an empty list", "/v1/callbacks"),
)
V2_WEBHOOKS = (
    post("for all", "/v2/webhooks", {"url": NEW_URL}, "k"),
    post("the same again", "/v2/webhooks", {"url": NEW_URL}, "k"),
    get("one", f"/v2/webhooks/{A}"),
    post("an application", "/v2/applications", {**NEW, "amount": YEN}),
    delivery("it was received", NEW_URL),
    form("a document", "/v2/applications/{{id:2}}/documents", "hello"),
    delivery("reading has begun", NEW_URL),
    delivery("a document is queued", NEW_URL),
    Ask("withdraw", "DELETE /v2/applications/{{id:2}}?reason=customer_request"),
    delivery("it was withdrawn", NEW_URL),
    Ask("a test", f"POST /v2/webhooks/{A}/test"),
    delivery("the test", NEW_URL),
    get("what was told last", f"/v2/webhooks/{A}/deliveries?limit=2"),
    get("and before", f"/v2/webhooks/{A}/deliveries?limit=2&after={{{{cursor:1}}}}"),
    Ask("a new secret", f"POST /v2/webhooks/{A}/rotate-secret"),
    Ask("told again", f"POST /v2/webhooks/{A}/deliveries/{{{{id:3}}}}/redeliver"),
    delivery("signed by both", NEW_URL),
    change("only some", f"/v2/webhooks/{A}", {"events": ["application.approved"]}),
    change("a pause", f"/v2/webhooks/{A}", {"enabled": False}),
    Ask("a test in the pause", f"POST /v2/webhooks/{A}/test"),
    change("on again", f"/v2/webhooks/{A}", {"enabled": True}),
    post("everything again", f"/v2/webhooks/{A}/replay", {"since": "{{now}}"}),
    post("too long ago", f"/v2/webhooks/{A}/replay", {"since": "2020-01-01T00:00:00Z"}),
    get("the list", "/v2/webhooks"),
    get("a stranger's look", f"/v2/webhooks/{A}", caller="stranger"),
    post("an address inside", "/v2/webhooks", {"url": "https://169.254.169.254/"}),
    post("no type at all", "/v2/webhooks", {"url": NEW_URL, "events": []}),
    post("without the scope", "/v2/webhooks", {"url": NEW_URL}, caller="reader"),
    Ask("no more", f"DELETE /v2/webhooks/{A}"),
)
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
OLD_ROWS = [f"01900000-0000-7000-8000-00000000001{number}" for number in range(1, 6)]
V1_GROUND = (
    get("the list", "/v1/applications", caller="ground"),
    *(get(f"row {each}", f"/v1/applications/{each}", caller="ground") for each in OLD_ROWS),
    get("documents", f"/v1/applications/{OLD_ROWS[1]}/documents", caller="ground"),
)
V2_GROUND = (
    get("the list", "/v2/applications", caller="ground"),
    *(get(f"row {each}", f"/v2/applications/{each}", caller="ground") for each in OLD_ROWS),
    *(
        get(noun, f"/v2/applications/{OLD_ROWS[1]}/{noun}", caller="ground")
        for noun in ("documents", "statements", "transactions", "decision", "report", "answers")
    ),
    get("declined", f"/v2/applications/{OLD_ROWS[3]}/decision", caller="ground"),
)

# In the order in which they can be told on one database: what ends a version comes last.
STORIES: dict[tuple[str, str], tuple[Ask, ...]] = {
    ("v2", "applications"): V2_APPLICATIONS,
    ("v2", "changes"): V2_CHANGES,
    ("v2", "documents"): V2_DOCUMENTS,
    ("v2", "papers"): V2_PAPERS,
    ("v2", "requests"): V2_REQUESTS,
    ("v2", "events"): V2_EVENTS,
    ("v2", "webhooks"): V2_WEBHOOKS,
    ("v2", "refusals"): V2_REFUSALS,
    ("v2", "copies"): V2_COPIES,
    ("v2", "taken"): V2_TAKEN,
    ("v1", "applications"): V1_APPLICATIONS,
    ("v1", "documents"): V1_DOCUMENTS,
    ("v1", "callbacks"): V1_CALLBACKS,
    ("v1", "refusals"): V1_REFUSALS,
    ("v1", "taken"): V1_TAKEN,
    ("shared", "token"): SHARED_TOKEN,
    ("v1", "ending"): V1_ENDING,
}
# About the rows of ground/, whose ids and times are known: nothing in them is a placeholder.
GROUND: dict[tuple[str, str], tuple[Ask, ...]] = {
    ("v2", "ground"): V2_GROUND,
    ("v1", "ground"): V1_GROUND,
}
