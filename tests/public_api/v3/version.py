"""The toy version: three routes, its words, its dates."""

from datetime import UTC, datetime

from core.clients import Scope
from core.viewers import Visibility
from public_api.endpoints import applications as applications_
from public_api.schemas import shape
from public_api.versions import Operation, Version
from tests.public_api.v3 import applications, deliveries
from tests.public_api.v3.succession import DOCUMENTATION

APPLICATION = shape(applications.Application)

V3 = Version(
    name="v3",
    title="A toy",
    operations=(
        Operation(
            method="GET",
            path="/applications/{id}",
            name="lookUp",
            summary="One application",
            endpoint=applications_.show,
            translation=applications.SHOW,
            scope=Scope.APPLICATIONS_READ,
            responses={200: APPLICATION},
            refusals=(404,),
        ),
        Operation(
            method="GET",
            path="/applications",
            name="leafThrough",
            summary="All applications",
            endpoint=applications_.list_by_page,
            translation=applications.LIST,
            scope=Scope.APPLICATIONS_READ,
            responses={200: {"type": "array", "items": APPLICATION}},
        ),
        Operation(
            method="POST",
            path="/applications",
            name="handIn",
            summary="Hand in an application",
            endpoint=applications_.submit,
            translation=applications.SUBMIT,
            scope=Scope.APPLICATIONS_WRITE,
            responses={201: APPLICATION},
            refusals=(400, 409),
            body={"application/json": shape(applications.Submission)},
            example={"firm": "Muster AG", "rappen": 5_000_00},
        ),
    ),
    problem=applications.fault,
    problem_schema=shape(applications.Fault),
    problem_media_type=applications.MEDIA_TYPE,
    webhook_contract=deliveries.TELLING,
    visibility=Visibility(currency="CHF", largest=None),
    published=datetime(2029, 1, 1, tzinfo=UTC),
    deprecated=datetime(2030, 1, 1, tzinfo=UTC),
    sunset=datetime(2031, 12, 31, 23, 59, 59, tzinfo=UTC),
    successor="/docs/v3-to-v4",
    promises={
        "end_of_list": "no Link says next",
        "enumerations": "closed",
        "money": "Rappen, a whole number",
        "times": "none are told",
        "unknown_fields": "ignored",
    },
    documentation=DOCUMENTATION,
)
