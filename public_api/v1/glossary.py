"""What the fields of version 1 mean, in a sentence each, and examples of what they hold.

An entry goes by the field's own name, or by `Object.field` where that differs. A field that holds
an object needs no meaning: the object's own description is told.
"""

from typing import Any

from public_api.documentation import APPLICATION_ID, DOCUMENT_ID

MEANINGS = {
    "amount_eur": "What is asked for, in euros.",
    "average_balance_eur": "Mean of the end-of-day balances over all accounts.",
    "company_name": "Name of the business, as in its register.",
    "company_number": "Its number in the commercial register.",
    "created": "When the application was handed in, UTC without a zone.",
    "debt_service_monthly_eur": "What existing loans cost a month.",
    "document_id": "The document that it stands in.",
    "duration": "Over how many months it is to be paid back.",
    "figures": "What was computed from the statements.",
    "flags": "What wants a second look.",
    "id": "Its id; ids sort by time.",
    "monthly_revenue_eur": "Mean revenue of whole months.",
    "page": "Which page this is, from 1.",
    "per_page": "How many items a page has.",
    "property_value_eur": "What the property is worth, in euros; for mortgages.",
    "ready": "Whether all documents are read.",
    "reference": "Your own reference.",
    "returned_debits": "How many own payments bounced.",
    "secret": "What signs deliveries.",
    "status": "How far it has come.",
    "total": "How many there are on all pages.",
    "type": "What kind it is.",
    "url": "Where deliveries are sent.",
    "vat_number": "Its VAT identification number.",
    "CallbackList.items": "All of them.",
    "Callback.created": "When it was added, UTC without a zone.",
    "Application.type": "What is asked for.",
    "ApplicationPage.items": "The applications of this page.",
    "DocumentList.items": "All of them.",
    "Fault.code": "For machines; it never changes for the same condition.",
    "Fault.message": "For people; it may be worded better some day.",
    "file": "The document itself.",
    "Path.document_id": "Which document.",
    "Path.id": "Which one.",
    "Path.webhook_id": "Which webhook.",
}
SAMPLES: dict[str, Any] = {
    "average_balance_eur": 48210.37,
    "code": "not_found",
    "company_name": "Muster Werkzeugbau GmbH",
    "company_number": "HRB 12345",
    "created": "2026-11-02T09:14:03",
    "debt_service_monthly_eur": 4180.00,
    "document_id": DOCUMENT_ID,
    "duration": 60,
    "id": APPLICATION_ID,
    "message": "There is no such application.",
    "monthly_revenue_eur": 164350.12,
    "page": 1,
    "per_page": 50,
    "reference": "A-2026-0815",
    "returned_debits": 2,
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "total": 128,
    "url": "https://partner.example/hooks/beleg",
    "vat_number": None,
    "Application.type": "LOAN",
}
"""The same made-up company through all pages."""
