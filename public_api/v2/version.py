"""Version 2: its routes, the busiest first, each with the words it is said in."""

from datetime import UTC, datetime

from core.analysis import Category
from core.applications import DeleteReason
from core.documents import Kind
from public_api.endpoints import applications as applications_
from public_api.endpoints import decisions as decisions_
from public_api.endpoints import documents as documents_
from public_api.endpoints import events as events_
from public_api.endpoints import reports as reports_
from public_api.endpoints import statements as statements_
from public_api.schemas import shape
from public_api.v2 import (
    applications,
    changes,
    decisions,
    documents,
    events,
    problems,
    reports,
    statements,
)
from public_api.v2.wire import AFTER, IDEMPOTENCY, LIMIT, Problem
from public_api.versions import Operation, Parameter, Version

READ, WRITE = "applications:read", "applications:write"
DOCUMENTS, REPORT = "documents:write", "report:read"
ONE, DOCUMENT = "/applications/{id}", "/applications/{id}/documents/{document_id}"
BYTES = {"type": "string", "format": "binary"}
FILE = {**BYTES, "minLength": 1}

APPLICATION = shape(applications.Application)
SUBMIT_EXAMPLE = {
    "product": "loan",
    "applicant": {
        "legal_name": "Muster Werkzeugbau GmbH",
        "country": "DE",
        "legal_form": "GmbH",
        "register_court": "Musterstadt",
        "register_number": "HRB 12345",
    },
    "amount": {"value": "250000.00", "currency": "EUR"},
    "term_months": 60,
    "purpose": "A new milling machine",
    "declared": {"existing_lenders": ["Hausbank Musterstadt"]},
    "external_reference": "A-2026-0815",
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
        {200: APPLICATION, 304: None},
        (404,),
        (
            Parameter(
                "If-None-Match", {"type": "string"}, "The ETag of the copy you have.", "header"
            ),
        ),
    ),
    Operation(
        "GET",
        "/applications",
        "listApplications",
        "Your applications, newest first",
        applications_.browse,
        applications.LIST,
        READ,
        {200: shape(applications.ApplicationList)},
        (422,),
        (
            LIMIT,
            AFTER,
            Parameter("status", shape(applications.StatusWord), "Only those in this status."),
            Parameter("external_reference", {"type": "string"}, "Only those of this reference."),
        ),
    ),
    Operation(
        "POST",
        "/applications",
        "submitApplication",
        "Hand in an application",
        applications_.submit,
        applications.SUBMIT,
        WRITE,
        {201: APPLICATION},
        (400, 409, 413, 422),
        (IDEMPOTENCY,),
        {"application/json": shape(applications.SubmitApplication, "validation")},
        SUBMIT_EXAMPLE,
    ),
    Operation(
        "PATCH",
        ONE,
        "changeApplication",
        "Change an application by a JSON merge patch (RFC 7396)",
        applications_.change,
        changes.CHANGE,
        WRITE,
        {200: APPLICATION},
        (400, 404, 409, 412, 413, 415, 422, 428),
        (
            Parameter(
                "If-Match",
                {"type": "string", "minLength": 1},
                "The ETag of the copy you have; `*` where any will do.",
                "header",
                required=True,
            ),
        ),
        # Plain JSON is taken too; clients that are generated stumble over two names of one body.
        {changes.TAKEN[0]: shape(changes.ChangeApplication, "validation")},
        {"amount": {"value": "300000.00"}, "purpose": None},
    ),
    Operation(
        "DELETE",
        ONE,
        "withdrawApplication",
        "Withdraw an application; it stays on record",
        applications_.withdraw,
        applications.WITHDRAW,
        WRITE,
        {204: None},
        (404, 409, 422),
        (
            Parameter(
                "reason",
                {
                    "type": "string",
                    "enum": [each for each in DeleteReason if each != DeleteReason.UNSPECIFIED],
                },
                "Why it is withdrawn.",
                required=True,
            ),
        ),
    ),
    Operation(
        "POST",
        f"{ONE}/documents",
        "handInDocument",
        "Hand in a document: multipart, or its raw bytes",
        documents_.hand_in,
        documents.HAND_IN,
        DOCUMENTS,
        {202: shape(documents.Document), 200: shape(documents.Document)},
        (400, 404, 409, 413, 422),
        (
            IDEMPOTENCY,
            Parameter(
                "kind",
                {"type": "string", "enum": list(Kind)},
                "What the raw bytes are; in a form, its field `kind`.",
            ),
        ),
        {
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": FILE,
                    "kind": {"type": "string", "enum": list(Kind)},
                },
            },
            "application/octet-stream": FILE,
        },
    ),
    Operation(
        "GET",
        f"{ONE}/documents",
        "listDocuments",
        "All documents of an application",
        documents_.browse,
        documents.LIST,
        READ,
        {200: shape(documents.DocumentList)},
        (404,),
    ),
    Operation(
        "GET",
        DOCUMENT,
        "getDocument",
        "One document and how reading it went",
        documents_.show,
        documents.SHOW,
        READ,
        {200: shape(documents.Document)},
        (404,),
    ),
    Operation(
        "GET",
        f"{DOCUMENT}/content",
        "getDocumentContent",
        "The document's bytes as they were handed in",
        documents_.download,
        documents.DOWNLOAD,
        READ,
        {200: BYTES, 206: BYTES},
        (404, 416),
        (Parameter("Range", {"type": "string"}, "`bytes=first-last`, one range.", "header"),),
    ),
    Operation(
        "GET",
        f"{ONE}/statements",
        "listStatements",
        "Statements, whether they reconcile, and the gaps between them",
        statements_.browse,
        statements.LIST,
        REPORT,
        {200: shape(statements.StatementList)},
        (404,),
    ),
    Operation(
        "GET",
        f"{ONE}/transactions",
        "listTransactions",
        "Transactions, oldest first, each with the place where it stands",
        statements_.transactions,
        statements.TRANSACTIONS,
        REPORT,
        {200: shape(statements.TransactionList)},
        (404, 422),
        (
            Parameter("account", {"type": "string"}, "Only those on this account."),
            Parameter("category", {"type": "string", "enum": list(Category)}, "Only of this kind."),
            Parameter("counterparty", {"type": "string"}, "Only where the name has this in it."),
            Parameter("from", {"type": "string", "format": "date"}, "Booked on or after."),
            Parameter("to", {"type": "string", "format": "date"}, "Booked on or before."),
            Parameter("evidence_of", {"type": "string"}, "Only what this answer rests on."),
            LIMIT,
            AFTER,
        ),
    ),
    Operation(
        "GET",
        f"{ONE}/report",
        "getReport",
        "All figures, each with its formula and what it rests on; as JSON or as a PDF",
        reports_.show,
        reports.SHOW,
        REPORT,
        {200: shape(reports.ReportOf)},
        (404, 406),
        (
            Parameter(
                "Accept-Language",
                {"type": "string"},
                "The language of the PDF: `en` or `de`.",
                "header",
            ),
        ),
        also={reports.PDF: BYTES},
    ),
    Operation(
        "GET",
        f"{ONE}/answers",
        "listAnswers",
        "The underwriter's questions, each answered or not answerable",
        reports_.show,
        reports.ANSWERS,
        REPORT,
        {200: shape(reports.AnswerList)},
        (404,),
    ),
    Operation(
        "GET",
        f"{ONE}/requests",
        "listRequests",
        "Documents that the lender still asks for, and why",
        reports_.ask,
        reports.REQUESTS,
        READ,
        {200: shape(reports.RequestList)},
        (404,),
    ),
    Operation(
        "GET",
        f"{ONE}/decision",
        "getDecision",
        "How the case ended; 404 while it is open",
        decisions_.show,
        decisions.SHOW,
        READ,
        {200: shape(decisions.Decision)},
        (404,),
    ),
    Operation(
        "GET",
        "/events",
        "listEvents",
        "What happened to your applications, oldest first; ask again with `next`",
        events_.browse,
        events.LIST,
        READ,
        {200: shape(events.EventList)},
        (422,),
        (LIMIT, AFTER),
    ),
)

V2 = Version(
    name="v2",
    title="Beleg public API, version 2",
    operations=OPERATIONS,
    problem=problems.problem,
    problem_schema=shape(Problem),
    problem_media_type=problems.MEDIA_TYPE,
    published=datetime(2026, 6, 1, tzinfo=UTC),
    promises={
        "absent_null_empty": "absent is null; an empty text is refused",
        "end_of_events": "none: next is always given",
        "end_of_list": "next is null",
        "enumerations": "extensible",
        "ids": "UUID",
        "money": "a decimal text with all of its currency's decimals",
        "order": {
            "applications": "newest first",
            "documents": "oldest first",
            "events": "oldest first, as they were committed",
            "transactions": "oldest first",
        },
        "problems": {
            kind.code: [status, problems.kind_of(kind.code)]
            for kind, (status, _) in problems.TABLE.items()
        },
        "times": "RFC 3339, UTC with Z",
        "unknown_fields": "refused",
    },
)
