"""How version 2 says what is to change: a JSON merge patch (RFC 7396) of what was handed in."""

import re
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from core import applications
from public_api.endpoints.applications import ApplicationChange
from public_api.refusals import NoPrecondition, WrongMediaType
from public_api.v2.applications import SubmitApplication, new_of, tag, write
from public_api.v2.wire import Line, Paragraph, answered, dump, parsed, refused
from public_api.versions import Request, Response, Translation

TAKEN = ("application/merge-patch+json", "application/json")
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
    term_months: Annotated[int, Field(ge=1, le=600)]
    purpose: Paragraph | None
    property: PropertyChange | None
    declared: DeclaredChange | None
    external_reference: Line | None


_PATCH = TypeAdapter(ChangeApplication)


def read(received: Request) -> ApplicationChange:
    """A merge patch and the tags it is meant for; the result must be fit to be handed in."""
    media_type = received.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in TAKEN:
        raise WrongMediaType(*TAKEN)
    known = received.headers.get("if-match", "").strip()
    if not known:
        raise NoPrecondition
    try:
        patch = _PATCH.validate_json(received.body)
    except ValidationError as problem:
        raise refused(problem) from None

    def become(application: applications.Application) -> applications.Terms:
        shown = write(application).items()
        said = {name: value for name, value in shown if name in SubmitApplication.model_fields}
        return new_of(parsed(SubmitApplication, dump(merged(said, patch))))

    return ApplicationChange(become, _revisions(known))


def merged(target: Any, patch: Any) -> Any:
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


def _revisions(known: str) -> frozenset[int] | None:
    """The revisions that strong tags stand for; a weak one stands for none."""
    if known == "*":
        return None
    found = (_TAG.match(each.strip()) for each in known.split(","))
    return frozenset(int(each[1]) for each in found if each)


def _changed(application: applications.Application) -> Response:
    return answered(write(application), headers=(("ETag", tag(application)),))


CHANGE: Translation[ApplicationChange, applications.Application] = Translation(read, _changed)
