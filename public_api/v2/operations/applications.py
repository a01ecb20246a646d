"""Applications in version 2: which operations there are, the busiest first."""

from public_api.endpoints import applications as endpoints
from public_api.schemas import shape
from public_api.v2 import applications, changes
from public_api.v2.wire import AFTER, IDEMPOTENCY, LIMIT
from public_api.versions import Operation, Parameter

READ, WRITE = "applications:read", "applications:write"
ONE = "/applications/{id}"
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
        endpoints.show,
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
        endpoints.list_by_cursor,
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
        endpoints.submit,
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
        endpoints.change,
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
        endpoints.withdraw,
        applications.WITHDRAW,
        WRITE,
        {204: None},
        (404, 409, 422),
        (
            Parameter(
                "reason",
                {"type": "string", "enum": list(applications.WITHDRAWAL_REASON)},
                "Why it is withdrawn.",
                required=True,
            ),
        ),
    ),
)
