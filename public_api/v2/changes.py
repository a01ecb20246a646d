"""How version 2 says what is to change: a JSON merge patch (RFC 7396) of what was handed in."""

import re
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from core import applications
from public_api.endpoints.applications import ApplicationChange
from public_api.messages import Request, Response, Translation
from public_api.refusals import NoPrecondition, WrongMediaType
from public_api.v2.applications import SubmitApplication, tag, terms_of, write
from public_api.v2.wire import (
    Line,
    Paragraph,
    Term,
    dump,
    json_response,
    refusal_of,
    sorted_text,
    validated,
)

MEDIA_TYPES = ("application/merge-patch+json", "application/json")
_TAG = re.compile(r'"([1-9][0-9]{0,8})"\Z')
_PART = with_config(ConfigDict(extra="forbid", strict=True))


@_PART
class MoneyChange(TypedDict, total=False):
    """The amount, the currency, or both."""

    value: Annotated[str, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,8})?$", max_length=25)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


@_PART
class ApplicantChange(TypedDict, total=False):
    """What is to change of the business that asks; null removes."""

    legal_name: Line
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    legal_form: Line | None
    register_court: Line | None
    register_number: Line | None
    vat_id: Line | None
    lei: Line | None


@_PART
class PropertyChange(TypedDict, total=False):
    """What is to change of what a mortgage is secured on; null removes."""

    market_value: MoneyChange
    address: Line | None


@_PART
class DeclaredChange(TypedDict, total=False):
    """What is to change of what the applicant says of itself; null removes."""

    annual_revenue: MoneyChange | None
    monthly_debt_service: MoneyChange | None
    existing_lenders: Annotated[list[Line], Field(max_length=50)] | None


@_PART
class ChangeApplication(TypedDict, total=False):
    """What is to change of an application: what is absent stays, null removes."""

    product: Literal["loan", "mortgage"]
    applicant: ApplicantChange
    amount: MoneyChange
    term_months: Term
    purpose: Paragraph | None
    property: PropertyChange | None
    declared: DeclaredChange | None
    external_reference: Line | None


_PATCH = TypeAdapter(ChangeApplication)


def read(request: Request) -> ApplicationChange:
    """A merge patch and the tags it is meant for; the result must be fit to be handed in."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise WrongMediaType(*MEDIA_TYPES)
    if_match = request.headers.get("if-match", "").strip()
    if not if_match:
        raise NoPrecondition
    try:
        patch = _PATCH.validate_json(request.body)
    except ValidationError as problem:
        raise refusal_of(problem) from None

    def patched(application: applications.Application) -> applications.Terms:
        fields = write(application).items()
        payload = {name: value for name, value in fields if name in SubmitApplication.model_fields}
        return terms_of(validated(SubmitApplication, dump(merged(payload, patch))))

    return ApplicationChange(patched, _revisions(if_match), sorted_text(patch))


def merged(target: object, patch: object) -> object:
    """The target with the patch laid over it, as RFC 7396 has it."""
    if not isinstance(patch, dict):
        return patch
    left = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            left.pop(name, None)
        else:
            left[name] = merged(left.get(name), value)
    return left


def _revisions(if_match: str) -> frozenset[int] | None:
    """The revisions that strong tags stand for; a weak one stands for none."""
    if if_match == "*":
        return None
    matches = (_TAG.match(each.strip()) for each in if_match.split(","))
    return frozenset(int(each[1]) for each in matches if each)


def _write(application: applications.Application) -> Response:
    return json_response(write(application), headers=(("ETag", tag(application)),))


CHANGE: Translation[ApplicationChange, applications.Application] = Translation(read, _write)
