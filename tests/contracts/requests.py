"""The requests of which stories are made, and the applications that they hand in."""

import json
from typing import Any

from tests.contracts.exchange import Ask

NOBODYS = "00000000-0000-4000-8000-000000000000"
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
