"""Version 1: its routes, the busiest first, each with the words it is said in."""

from datetime import UTC, datetime
from pathlib import Path

from core.applications import Visibility
from public_api.documentation import Documentation
from public_api.endpoints import applications as applications_
from public_api.endpoints import documents as documents_
from public_api.endpoints import reports as reports_
from public_api.endpoints import webhooks as webhooks_
from public_api.schemas import shape
from public_api.v1 import applications, callbacks, documents, errors, results
from public_api.v1.glossary import MEANINGS, SAMPLES
from public_api.v1.wire import IDEMPOTENCY, Error
from public_api.versions import Operation, Parameter, Version

READ, WRITE = "applications:read", "applications:write"
DOCUMENTS, REPORT = "documents:write", "report:read"
WEBHOOKS = "webhooks:manage"
ONE = "/applications/{id}"

APPLICATION = shape(applications.Application)
SUBMIT_EXAMPLE = {
    "company_name": "Muster Werkzeugbau GmbH",
    "company_number": "HRB 12345",
    "type": "LOAN",
    "amount_eur": 250000.00,
    "duration": 60,
    "reference": "A-2024-0815",
}

OPERATIONS = (
    Operation(
        "GET",
        ONE,
        "getApplication",
        "One application",
        applications_.show,
        applications.SHOW,
        READ,
        {200: APPLICATION},
        (404,),
    ),
    Operation(
        "GET",
        "/applications",
        "listApplications",
        "Your applications, newest first",
        applications_.list_by_page,
        applications.LIST,
        READ,
        {200: shape(applications.ApplicationPage)},
        (400,),
        (
            Parameter(
                "page",
                {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1},
                "Which page.",
            ),
            Parameter(
                "per_page",
                {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
                "How many items on a page.",
            ),
        ),
    ),
    Operation(
        "POST",
        "/applications",
        "createApplication",
        "Hand in an application",
        applications_.submit,
        applications.SUBMIT,
        WRITE,
        {201: APPLICATION},
        (400, 409, 413),
        (IDEMPOTENCY,),
        {"application/json": shape(applications.SubmitApplication, "validation")},
        SUBMIT_EXAMPLE,
    ),
    Operation(
        "DELETE",
        ONE,
        "deleteApplication",
        "Withdraw an application",
        applications_.withdraw,
        applications.WITHDRAW,
        WRITE,
        {204: None},
        (404, 409),
    ),
    Operation(
        "POST",
        f"{ONE}/documents",
        "createDocument",
        "Hand in a document",
        documents_.hand_in,
        documents.HAND_IN,
        DOCUMENTS,
        {201: shape(documents.Document)},
        (400, 404, 409, 413),
        (IDEMPOTENCY,),
        {
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary", "minLength": 1}},
            }
        },
    ),
    Operation(
        "GET",
        f"{ONE}/documents",
        "listDocuments",
        "All documents of an application",
        documents_.list_all,
        documents.LIST,
        READ,
        {200: shape(documents.DocumentList)},
        (404,),
    ),
    Operation(
        "GET",
        f"{ONE}/documents/{{document_id}}",
        "getDocument",
        "One document",
        documents_.show,
        documents.SHOW,
        READ,
        {200: shape(documents.Document)},
        (404,),
    ),
    Operation(
        "GET",
        f"{ONE}/result",
        "getResult",
        "What was found: 202 while documents are being read",
        reports_.show,
        results.SHOW,
        REPORT,
        {200: shape(results.Result), 202: shape(results.NotReady)},
        (404,),
    ),
    Operation(
        "POST",
        "/callbacks",
        "createCallback",
        "Have an address called whenever something happens to an application",
        webhooks_.subscribe,
        callbacks.SUBSCRIBE,
        WEBHOOKS,
        {201: shape(callbacks.Callback)},
        (400, 409, 413),
        (IDEMPOTENCY,),
        {"application/json": shape(callbacks.AddCallback, "validation")},
        {"url": "https://hooks.partner.example/beleg", "secret": "a long random text"},
    ),
    Operation(
        "GET",
        "/callbacks",
        "listCallbacks",
        "All of your callbacks, oldest first",
        webhooks_.list_all,
        callbacks.LIST,
        WEBHOOKS,
        {200: shape(callbacks.CallbackList)},
    ),
    Operation(
        "DELETE",
        "/callbacks/{webhook_id}",
        "deleteCallback",
        "Have an address called no more",
        webhooks_.unsubscribe,
        callbacks.UNSUBSCRIBE,
        WEBHOOKS,
        {204: None},
        (404,),
    ),
)

V1 = Version(
    name="v1",
    title="Beleg public API, version 1",
    operations=OPERATIONS,
    problem=errors.error,
    problem_schema=shape(Error),
    problem_media_type="application/json",
    webhook_contract=callbacks.TELLING,
    visibility=Visibility(currency="EUR"),
    published=datetime(2024, 3, 1, tzinfo=UTC),
    deprecated=datetime(2026, 6, 1, tzinfo=UTC),
    sunset=datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC),
    successor="/docs/v1-to-v2",
    promises={
        "absent_null_empty": "absent is null; an empty text is refused where one is required",
        "end_of_list": "page * per_page >= total",
        "enumerations": "closed",
        "ids": "UUID",
        "money": "euros, a JSON number with exactly two decimals",
        "order": {
            "applications": "newest first",
            "callbacks": "oldest first",
            "documents": "oldest first",
        },
        "problems": {
            kind.code: [status, errors.code_of(kind)] for kind, status in errors.TABLE.items()
        },
        "times": "2024-05-01T10:00:00, UTC without a zone",
        "unknown_fields": "ignored",
    },
    documentation=Documentation(
        texts=Path(__file__).parent / "text",
        meanings=MEANINGS,
        samples=SAMPLES,
    ),
)
