"""Applications in version 2: which operations there are, the busiest first."""

from core.clients import Scope
from public_api.endpoints import applications as endpoints
from public_api.schemas import JsonObject, shape
from public_api.v2 import applications, changes
from public_api.v2.paths import APPLICATION, APPLICATIONS
from public_api.v2.wire import AFTER, IDEMPOTENCY, IDEMPOTENCY_OF_CHANGE, IF_NONE_MATCH, LIMIT
from public_api.versions import Operation, Parameter

SHAPE = shape(applications.Application)
SUBMIT_EXAMPLE: JsonObject = {
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
        method="GET",
        path=APPLICATION,
        name="getApplication",
        summary="One application",
        endpoint=endpoints.show,
        translation=applications.SHOW,
        scope=Scope.APPLICATIONS_READ,
        responses={200: SHAPE, 304: None},
        refusals=(404,),
        parameters=(IF_NONE_MATCH,),
    ),
    Operation(
        method="GET",
        path=APPLICATIONS,
        name="listApplications",
        summary="Your applications, newest first",
        endpoint=endpoints.list_by_cursor,
        translation=applications.LIST,
        scope=Scope.APPLICATIONS_READ,
        responses={200: shape(applications.ApplicationList)},
        refusals=(422,),
        parameters=(
            LIMIT,
            AFTER,
            Parameter(
                name="status",
                schema=shape(applications.StatusWord),
                description="Only those in this status.",
            ),
            Parameter(
                name="external_reference",
                schema={"type": "string"},
                description="Only those of this reference.",
            ),
        ),
    ),
    Operation(
        method="POST",
        path=APPLICATIONS,
        name="submitApplication",
        summary="Hand in an application",
        endpoint=endpoints.submit,
        translation=applications.SUBMIT,
        scope=Scope.APPLICATIONS_WRITE,
        responses={201: SHAPE},
        refusals=(400, 409, 413, 422),
        parameters=(IDEMPOTENCY,),
        body={"application/json": shape(applications.SubmitApplication, "validation")},
        example=SUBMIT_EXAMPLE,
    ),
    Operation(
        method="PATCH",
        path=APPLICATION,
        name="changeApplication",
        summary="Change an application by a JSON merge patch (RFC 7396)",
        endpoint=endpoints.change,
        translation=changes.CHANGE,
        scope=Scope.APPLICATIONS_WRITE,
        responses={200: SHAPE},
        refusals=(400, 404, 409, 412, 413, 415, 422, 428),
        parameters=(
            Parameter(
                name="If-Match",
                schema={"type": "string", "minLength": 1},
                description="The ETag of the copy you have; `*` where any will do.",
                where="header",
                required=True,
            ),
            IDEMPOTENCY_OF_CHANGE,
        ),
        # Plain JSON is taken too; clients that are generated stumble over two names of one body.
        body={changes.MEDIA_TYPES[0]: shape(changes.ChangeApplication, "validation")},
        example={"amount": {"value": "300000.00"}, "purpose": None},
    ),
    Operation(
        method="DELETE",
        path=APPLICATION,
        name="withdrawApplication",
        summary="Withdraw an application; it stays on record",
        endpoint=endpoints.withdraw,
        translation=applications.WITHDRAW,
        scope=Scope.APPLICATIONS_WRITE,
        responses={204: None},
        refusals=(404, 409, 422),
        parameters=(
            Parameter(
                name="reason",
                schema={"type": "string", "enum": list(applications.WITHDRAWAL_REASON)},
                description="Why it is withdrawn.",
                required=True,
            ),
        ),
    ),
)
