"""From version 1 to version 2, field by field: what became of each, with types as published.

The mapping is declared here once; the tests hold both of its sides to the published documents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.applications import ApplicationStatus
from core.documents import DocumentStatus as DocumentStatus
from public_api.docs.shapes import Field, fields
from public_api.schemas import JsonObject
from public_api.v1 import applications as applications_1
from public_api.v1 import documents as documents_1
from public_api.v2 import applications as applications_2
from public_api.v2 import documents as documents_2


class Became(NamedTuple):
    """Where a field of version 1 is in version 2 (`Object/field/…`, none if it is gone)."""

    place: str
    note: str = ""


GONE = Became("")
OPERATIONS = {
    "createApplication": "submitApplication",
    "listApplications": "listApplications",
    "getApplication": "getApplication",
    "deleteApplication": "withdrawApplication",
    "createDocument": "handInDocument",
    "listDocuments": "listDocuments",
    "getDocument": "getDocument",
    "getResult": "getReport",
    "createCallback": "subscribeWebhook",
    "listCallbacks": "listWebhooks",
    "deleteCallback": "unsubscribeWebhook",
}
CENTS = "A text with its currency instead of a number in euros."
OBJECTS: dict[str, dict[str, Became]] = {
    "SubmitApplication": {
        "company_name": Became("SubmitApplication/applicant/legal_name"),
        "company_number": Became(
            "SubmitApplication/applicant/register_number",
            "The court has a field of its own, `register_court`.",
        ),
        "vat_number": Became("SubmitApplication/applicant/vat_id"),
        "type": Became("SubmitApplication/product", "`LOAN` is `loan`, `MORTGAGE` is `mortgage`."),
        "amount_eur": Became("SubmitApplication/amount", CENTS),
        "duration": Became("SubmitApplication/term_months", "Months, as before."),
        "reference": Became("SubmitApplication/external_reference"),
        "property_value_eur": Became("SubmitApplication/property/market_value", CENTS),
    },
    "Application": {
        "id": Became("Application/id", "The same id: applications are the same in both versions."),
        "company_name": Became("Application/applicant/legal_name"),
        "company_number": Became("Application/applicant/register_number"),
        "vat_number": Became("Application/applicant/vat_id"),
        "type": Became("Application/product", "`LOAN` is `loan`, `MORTGAGE` is `mortgage`."),
        "amount_eur": Became("Application/amount", CENTS),
        "duration": Became("Application/term_months"),
        "reference": Became("Application/external_reference"),
        "status": Became("Application/status", "Seven words instead of three; see below."),
        "created": Became("Application/created_at", "With its zone, `Z`."),
    },
    "ApplicationPage": {
        "items": Became("ApplicationList/data"),
        "page": Became("", "Lists resume by a cursor; see below."),
        "per_page": Became("", "The parameter `limit`, at most 100."),
        "total": Became("", "Counting what changes as you read helped nobody."),
    },
    "Document": {
        "document_id": Became("Document/id"),
        "status": Became("Document/status", "Four words instead of three; see below."),
    },
    "DocumentList": {"items": Became("DocumentList/data")},
    "NotReady": {
        "ready": Became("Application/status", "Anything but `received` and `reading` is ready."),
    },
    "Result": {
        "ready": Became("Application/status", "Anything but `received` and `reading` is ready."),
        "figures": Became("ReportOf/figures", "A list, each with formula, window and evidence."),
        "flags": Became("AnswerList/data", "Answers whose `verdict` is `watch` or `bad`."),
    },
    "ResultFigures": {
        "monthly_revenue_eur": Became("Figure/value", "The figure `monthly_revenue`."),
        "average_balance_eur": Became("Figure/value", "The figure `average_balance`."),
        "returned_debits": Became("Figure/value", "The figure `own_payments_bounced`."),
        "debt_service_monthly_eur": Became("Figure/value", "The figure `debt_service`."),
    },
    "AddCallback": {
        "url": Became("SubscribeWebhook/url"),
        "secret": Became("WebhookWithSecret/secret", "We make it, and show it once."),
    },
    "Callback": {
        "id": Became(
            "Webhook/id", "Callbacks and webhooks live side by side, each in its version."
        ),
        "url": Became("Webhook/url"),
        "created": Became("Webhook/created_at", "With its zone, `Z`."),
    },
    "CallbackList": {"items": Became("WebhookList/data")},
    "Error": {"error": Became("Problem/type", "The whole body is the problem.")},
    "Fault": {
        "code": Became("Problem/type", "`not_found` is `/problems/not-found`."),
        "message": Became("Problem/detail"),
    },
}
TITLES = {
    "SubmitApplication": "Handing in an application",
    "Application": "An application",
    "ApplicationPage": "A list of applications",
    "Document": "A document",
    "DocumentList": "The documents of an application",
    "NotReady": "While documents are read",
    "Result": "What was found",
    "ResultFigures": "Its figures",
    "AddCallback": "Adding a callback",
    "Callback": "A callback",
    "CallbackList": "The callbacks",
    "Error": "An error",
    "Fault": "What it says",
}
PROMISES = {
    "money": "Money",
    "times": "Times",
    "enumerations": "Words",
    "unknown_fields": "Fields that are not known",
    "absent_null_empty": "Absent, null, empty",
    "end_of_list": "The end of a list",
    "ids": "Ids",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One field's way from version 1 to version 2."""

    old: Field
    place: str
    new: Field | None
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """The ways of all fields of one object of version 1."""

    name: str
    title: str
    steps: tuple[Step, ...]


def tables(old: JsonObject, new: JsonObject) -> Iterator[Table]:
    """Every object of version 1 and where its fields went, by both published documents."""
    was, now = old["components"]["schemas"], new["components"]["schemas"]
    for name, became in OBJECTS.items():
        steps = []
        for field in fields(was[name], was, deep=False):
            to = became[field.name]
            steps.append(Step(field, to.place, _at(to.place, now) if to.place else None, to.note))
        yield Table(name, TITLES[name], tuple(steps))


def _at(place: str, components: JsonObject) -> Field:
    """The field at `Object/field/…`; raises KeyError where there is none."""
    name, *path = place.split("/")
    field = None
    for each in path:
        known = {one.name: one for one in fields(components[name], components, deep=False)}
        field = known[each]
        name = field.links[0] if field.links else ""
    if field is None:
        raise KeyError(place)
    return field


def statuses() -> dict[str, Sequence[tuple[str, str]]]:
    """For applications and documents, each word of version 2 and what version 1 says for it."""
    return {
        "application": [
            (applications_2.STATUS[each], applications_1.STATUS[each]) for each in ApplicationStatus
        ],
        "document": [
            (documents_2.STATUS[each], documents_1.STATUS[each]) for each in DocumentStatus
        ],
    }
