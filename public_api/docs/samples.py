"""An example for every schema: the same made-up company through all pages."""

from typing import Any

from public_api.docs.shapes import Components, resolved
from public_api.schemas import JsonObject
from public_api.versions import Schema

APPLICATION_ID = "019a2f3c-8d41-7c52-9b1e-3f6a5d20c7e4"
DOCUMENT_ID = "019a2f3c-91b7-7e08-8c4d-a1f2094b6d35"
OTHER_ID = "019a2f3d-0c1f-7a94-b6d2-7e58f3a90b12"
IBAN = "DE02500105170137075030"
BY_NAME: JsonObject = {
    "account": IBAN,
    "application_id": APPLICATION_ID,
    "after": "AZovPI1BfFKbHj9qXSDH5A",
    "average_balance_eur": 48210.37,
    "bank": "Musterbank",
    "bank_reference": "2026093000417-12",
    "booked_on": "2026-09-30",
    "category": "revenue",
    "code": "not_found",
    "company_name": "Muster Werkzeugbau GmbH",
    "company_number": "HRB 12345",
    "computed_at": "2026-11-02T09:14:09Z",
    "count": 2,
    "country": "DE",
    "created": "2026-11-02T09:14:03",
    "created_at": "2026-11-02T09:14:03Z",
    "currency": "EUR",
    "date": "2026-09-30",
    "de": "Sind eigene Zahlungen geplatzt?",
    "debt_service_monthly_eur": 4180.00,
    "decided_at": "2026-11-03T13:40:12Z",
    "disabled_reason": None,
    "enabled": True,
    "detail": "There is no such application.",
    "document_id": DOCUMENT_ID,
    "duration": 60,
    "en": "Did own payments bounce?",
    "end": 18893,
    "ends_on": "2026-09-30",
    "external_reference": "A-2026-0815",
    "figure": "own_payments_bounced",
    "filename": "2025-10_2026-09.xml",
    "formula": "own_payments_bounced/1",
    "gvc": "166",
    "holder": "Muster Werkzeugbau GmbH",
    "href": f"/v2/applications/{APPLICATION_ID}/transactions?evidence_of=own_payments_bounced",
    "id": APPLICATION_ID,
    "iso": "PMNT-RCDT-ESCT",
    "kind": "bank_statement",
    "legal_form": "GmbH",
    "legal_name": "Muster Werkzeugbau GmbH",
    "lei": None,
    "media_type": "application/xml",
    "message": "There is no such application.",
    "months": 12,
    "monthly_revenue_eur": 164350.12,
    "name": "Beispiel Maschinenbau AG",
    "next": "AZovPI1BfFKbHj9qXSDH5A",
    "page": 1,
    "pages": None,
    "per_page": 50,
    "pointer": "/amount/value",
    "purpose": "A new milling machine",
    "question": "own_payments_bounced",
    "reason": None,
    "reasons": ["sound_figures"],
    "read_at": "2026-11-02T09:14:09Z",
    "reference": "A-2026-0815",
    "register_court": "Musterstadt",
    "register_number": "HRB 12345",
    "remittance": "Rechnung 2026-1187",
    "return_reason": None,
    "returned_debits": 2,
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "sha256": "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
    "size": 1482604,
    "start": 18204,
    "starts_on": "2025-10-01",
    "status": "in_review",
    "term_months": 60,
    "title": "Not found",
    "total": 128,
    "transactions": 1204,
    "type": "/problems/not-found",
    "updated_at": "2026-11-02T09:14:09Z",
    "url": "https://partner.example/hooks/beleg",
    "value": "250000.00",
    "valued_on": "2026-09-30",
    "vat_id": None,
    "vat_number": None,
}
BY_PLACE: JsonObject = {
    "AnswerOf.because": {
        "en": "2 own payments came back unpaid, €512.40 in all.",
        "de": "2 eigene Zahlungen kamen unbezahlt zurück, zusammen 512,40 €.",
    },
    "AnswerOf.missing": [],
    "AnswerOf.unit": "count",
    "AnswerOf.value": 2,
    "AnswerOf.verdict": "watch",
    "Application.property": None,
    "Application.type": "LOAN",
    "Document.findings": [],
    "Document.id": DOCUMENT_ID,
    "EvidenceOf.sum": {"value": "-512.40", "currency": "EUR"},
    "Figure.detail": {},
    "Figure.missing": [],
    "Figure.id": "own_payments_bounced",
    "Figure.unit": "count",
    "Figure.value": 2,
    "Missing.kind": "bank_statement",
    "Problem.status": 404,
    "Statement.id": OTHER_ID,
    "Statement.kind": "statement",
    "ToldEvent.type": "application.in_review",
    "Transaction.amount": {"value": "-256.20", "currency": "EUR"},
    "Transaction.category": "supplier",
    "Transaction.id": OTHER_ID,
    "Declared.annual_revenue": {"value": "1970000.00", "currency": "EUR"},
    "Declared.monthly_debt_service": {"value": "4180.00", "currency": "EUR"},
    "Declared.existing_lenders": ["Hausbank Musterstadt"],
}
TYPES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}
FORMATS = {"uuid": OTHER_ID, "date": "2026-09-30", "date-time": "2026-11-02T09:14:03Z"}
PLAIN = {"boolean": False, "integer": 12, "number": 12.5, "string": "text", "null": None}


def sample(schema: Schema, components: Components, name: str = "", owner: str = "") -> Any:
    """An example that is valid by the schema; `name` and `owner` say where it stands."""
    kinds = [
        resolved(each, components) for each in schema.get("anyOf", schema.get("oneOf", (schema,)))
    ]
    for told, known in ((f"{owner}.{name}", BY_PLACE), (name, BY_NAME)):
        if told in known and any(_fits(known[told], kind) for kind in kinds):
            return known[told]
    first = kinds[0]
    if first.get("type") == "object":
        return _object(first, components)
    if first.get("type") == "array":
        return [sample(first.get("items", {}), components)]
    return _plain(first)


def _object(schema: Schema, components: Components) -> JsonObject:
    """An object with its required fields, and those others that have an example of their own."""
    owner, needed = str(schema.get("title", "")), schema.get("required", ())
    return {
        name: sample(part, components, name, owner)
        for name, part in schema.get("properties", {}).items()
        if name in needed or f"{owner}.{name}" in BY_PLACE
    }


def _fits(value: Any, schema: Schema) -> bool:
    words = schema.get("enum", schema.get("x-extensible-enum"))
    if "const" in schema:
        words = [schema["const"]]
    return schema.get("type") == TYPES[type(value)] and (words is None or value in words)


def _plain(schema: Schema) -> Any:
    if "const" in schema:
        return schema["const"]
    if words := schema.get("enum", schema.get("x-extensible-enum")):
        return words[0]
    return FORMATS.get(schema.get("format", "")) or PLAIN.get(schema.get("type", "null"))
