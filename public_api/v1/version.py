"""Version 1: its routes, the busiest first, each with the words it is said in."""

from datetime import UTC, datetime
from pathlib import Path

from core.clients import Scope
from core.viewers import Visibility
from public_api.documentation import Documentation
from public_api.endpoints import applications as applications_
from public_api.endpoints import documents as documents_
from public_api.endpoints import reports as reports_
from public_api.endpoints import webhooks as webhooks_
from public_api.refusals import NARROWER
from public_api.schemas import JsonObject, shape
from public_api.v1 import applications, callbacks, documents, errors, results
from public_api.v1.glossary import MEANINGS, SAMPLES
from public_api.v1.wire import (
    IDEMPOTENCY,
    LARGEST_CENTS,
    LARGEST_EURO_DIGITS,
    LARGEST_PAGE,
    USUAL_PAGE,
    Error,
)
from public_api.versions import Operation, Parameter, Version

APPLICATIONS = "/applications"
APPLICATION = f"{APPLICATIONS}/{{id}}"
DOCUMENTS = f"{APPLICATION}/documents"
CALLBACKS = "/callbacks"

SHAPE = shape(applications.Application)
SUBMIT_EXAMPLE: JsonObject = {
    "company_name": "Muster Werkzeugbau GmbH",
    "company_number": "HRB 12345",
    "type": "LOAN",
    "amount_eur": 250000.00,
    "duration": 60,
    "reference": "A-2024-0815",
}

OPERATIONS = (
    Operation(
        method="GET",
        path=APPLICATION,
        name="getApplication",
        summary="One application",
        endpoint=applications_.show,
        translation=applications.SHOW,
        scope=Scope.APPLICATIONS_READ,
        responses={200: SHAPE},
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path=APPLICATIONS,
        name="listApplications",
        summary="Your applications, newest first",
        endpoint=applications_.list_by_page,
        translation=applications.LIST,
        scope=Scope.APPLICATIONS_READ,
        responses={200: shape(applications.ApplicationPage)},
        refusals=(400,),
        parameters=(
            Parameter(
                name="page",
                schema={"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1},
                description="Which page.",
            ),
            Parameter(
                name="per_page",
                schema={
                    "type": "integer",
                    "minimum": 1,
                    "maximum": LARGEST_PAGE,
                    "default": USUAL_PAGE,
                },
                description="How many items on a page.",
            ),
        ),
    ),
    Operation(
        method="POST",
        path=APPLICATIONS,
        name="createApplication",
        summary="Hand in an application",
        endpoint=applications_.submit,
        translation=applications.SUBMIT,
        scope=Scope.APPLICATIONS_WRITE,
        responses={201: SHAPE},
        refusals=(400, 409, 413),
        parameters=(IDEMPOTENCY,),
        body={"application/json": shape(applications.SubmitApplication, "validation")},
        example=SUBMIT_EXAMPLE,
    ),
    Operation(
        method="DELETE",
        path=APPLICATION,
        name="deleteApplication",
        summary="Withdraw an application",
        endpoint=applications_.withdraw,
        translation=applications.WITHDRAW,
        scope=Scope.APPLICATIONS_WRITE,
        responses={204: None},
        refusals=(404, 409),
    ),
    Operation(
        method="POST",
        path=DOCUMENTS,
        name="createDocument",
        summary="Hand in a document",
        endpoint=documents_.hand_in,
        translation=documents.HAND_IN,
        scope=Scope.DOCUMENTS_WRITE,
        responses={201: shape(documents.Document)},
        refusals=(400, 404, 409, 413),
        parameters=(IDEMPOTENCY,),
        body={
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary", "minLength": 1}},
            }
        },
    ),
    Operation(
        method="GET",
        path=DOCUMENTS,
        name="listDocuments",
        summary="All documents of an application",
        endpoint=documents_.list_all,
        translation=documents.LIST,
        scope=Scope.APPLICATIONS_READ,
        responses={200: shape(documents.DocumentList)},
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path=f"{DOCUMENTS}/{{document_id}}",
        name="getDocument",
        summary="One document",
        endpoint=documents_.show,
        translation=documents.SHOW,
        scope=Scope.APPLICATIONS_READ,
        responses={200: shape(documents.Document)},
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path=f"{APPLICATION}/result",
        name="getResult",
        summary="What was found: 202 while documents are being read",
        endpoint=reports_.summarise,
        translation=results.SHOW,
        scope=Scope.REPORT_READ,
        responses={200: shape(results.Result), 202: shape(results.NotReady)},
        refusals=(404,),
    ),
    Operation(
        method="POST",
        path=CALLBACKS,
        name="createCallback",
        summary="Have an address called whenever something happens to an application",
        endpoint=webhooks_.subscribe,
        translation=callbacks.SUBSCRIBE,
        scope=Scope.WEBHOOKS_MANAGE,
        responses={201: shape(callbacks.Callback)},
        refusals=(400, 409, 413),
        parameters=(IDEMPOTENCY,),
        body={"application/json": shape(callbacks.AddCallback, "validation")},
        example={"url": "https://hooks.partner.example/beleg", "secret": "a long random text"},
    ),
    Operation(
        method="GET",
        path=CALLBACKS,
        name="listCallbacks",
        summary="All of your callbacks, oldest first",
        endpoint=webhooks_.list_all,
        translation=callbacks.LIST,
        scope=Scope.WEBHOOKS_MANAGE,
        responses={200: shape(callbacks.CallbackList)},
    ),
    Operation(
        method="DELETE",
        path=f"{CALLBACKS}/{{webhook_id}}",
        name="deleteCallback",
        summary="Have an address called no more",
        endpoint=webhooks_.unsubscribe,
        translation=callbacks.UNSUBSCRIBE,
        scope=Scope.WEBHOOKS_MANAGE,
        responses={204: None},
        refusals=(404,),
    ),
)

V1 = Version(
    name="v1",
    title="Beleg public API, version 1",
    operations=OPERATIONS,
    problem=errors.error,
    problem_schema=shape(Error),
    problem_media_type="application/json",
    webhook_contract=callbacks.WEBHOOK_CONTRACT,
    visibility=Visibility(currency="EUR", largest=LARGEST_CENTS),
    published=datetime(2024, 3, 1, tzinfo=UTC),
    deprecated=datetime(2026, 6, 1, tzinfo=UTC),
    sunset=datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC),
    successor="/docs/v1-to-v2",
    promises={
        "absent_null_empty": "absent is null; an empty text is refused where one is required",
        "end_of_list": "page * per_page >= total",
        "enumerations": "closed",
        "flags": results.flag_rules(),
        "ids": "UUID",
        "largest_amount_digits": LARGEST_EURO_DIGITS,
        "money": "euros, a JSON number with exactly two decimals",
        "order": {
            "applications": "newest first",
            "callbacks": "oldest first",
            "documents": "oldest first",
        },
        "page_items": {"most": LARGEST_PAGE, "usual": USUAL_PAGE},
        "problems": {
            **{kind.code: [status, errors.code_of(kind)] for kind, status in errors.TABLE.items()},
            **{
                code: [errors.TABLE[kind], errors.code_of(kind, code)]
                for code, kind in NARROWER.items()
            },
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
