"""The toy version: three routes, its words, its dates."""

from datetime import UTC, datetime

from core.applications import Visibility
from public_api.endpoints import applications as applications_
from public_api.schemas import shape
from public_api.versions import Operation, Version
from tests.public_api.v3 import applications, deliveries
from tests.public_api.v3.succession import DOCUMENTATION

READ, WRITE = "applications:read", "applications:write"
APPLICATION = shape(applications.Application)

V3 = Version(
    name="v3",
    title="A toy",
    operations=(
        Operation(
            "GET",
            "/applications/{id}",
            "lookUp",
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
            "leafThrough",
            "All applications",
            applications_.list_by_page,
            applications.LIST,
            READ,
            {200: {"type": "array", "items": APPLICATION}},
        ),
        Operation(
            "POST",
            "/applications",
            "handIn",
            "Hand in an application",
            applications_.submit,
            applications.SUBMIT,
            WRITE,
            {201: APPLICATION},
            (400, 409),
            body={"application/json": shape(applications.Submission)},
            example={"firm": "Muster AG", "rappen": 5_000_00},
        ),
    ),
    problem=applications.fault,
    problem_schema=shape(applications.Fault),
    problem_media_type=applications.MEDIA_TYPE,
    webhook_contract=deliveries.TELLING,
    visibility=Visibility(currency="CHF"),
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
