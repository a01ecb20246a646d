"""How version 2 writes and reads the things that every resource uses."""

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Annotated, NotRequired, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import TypedDict

from core import money
from core.errors import Complaint, Invalid
from core.money import BadAmount
from public_api.messages import Headers, Request, Response
from public_api.refusals import Malformed
from public_api.schemas import UNIT
from public_api.versions import Parameter

JSON: Headers = (("Content-Type", "application/json"),)
USUAL_PAGE, LARGEST_PAGE = 20, 100
_WHOLE = re.compile(r"[0-9]{1,20}\Z")
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_PRINTABLE)]
Paragraph = Annotated[
    str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")
]
# Every number says what it counts: what is an amount is `Money`, and no bare number.
Count = Annotated[int, Field(json_schema_extra={UNIT: "count"})]
Days = Annotated[int, Field(json_schema_extra={UNIT: "days"})]
Months = Annotated[int, Field(json_schema_extra={UNIT: "months"})]
Size = Annotated[int, Field(json_schema_extra={UNIT: "bytes"})]
PageNumber = Annotated[int, Field(json_schema_extra={UNIT: "page"})]
Points = Annotated[float, Field(json_schema_extra={UNIT: "points"})]
HttpStatus = Annotated[int, Field(json_schema_extra={UNIT: "http_status"})]
Stated = Annotated[int, Field(json_schema_extra={UNIT: "stated"})]
"""A number of what the field `unit` beside it says."""
Term = Annotated[Months, Field(ge=1, le=600)]
Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
M = TypeVar("M", bound=BaseModel)
E = TypeVar("E", bound=Enum)


class Strict(BaseModel):
    """What a caller sends: types as they are, nothing that is not known."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class MoneyIn(Strict):
    """An amount as a decimal text, and its ISO 4217 currency."""

    value: Annotated[
        str, StringConstraints(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,8})?$", max_length=25)
    ]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Money(TypedDict):
    """An amount with all of its currency's decimals."""

    value: str
    currency: str


class Evidence(TypedDict):
    """Where a transaction stands: the bytes [start, end) of the document as it was handed in.

    In a document that has pages these are all its bytes, and `page` (from 1) and `box` say where.
    """

    document_id: str
    start: Size
    end: Size
    page: NotRequired[PageNumber]
    box: NotRequired["Box"]


class Box(TypedDict):
    """A rectangle on a page, in points (1/72 inch) from the top left corner of what is shown."""

    left: Points
    top: Points
    right: Points
    bottom: Points


class Problem(TypedDict):
    """RFC 9457: what went wrong."""

    type: str
    title: str
    status: HttpStatus
    detail: str
    errors: NotRequired[list["Complained"]]


class Complained(TypedDict):
    """One thing wrong with the request, by JSON pointer."""

    pointer: str
    detail: str


def dump(value: object) -> bytes:
    """The bytes of a JSON value; times are UTC with `Z`."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z)


def sorted_text(value: object) -> str:
    """A JSON value as a text in which members stand in one order, however they were sent."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _plain(value: object) -> str:
    if isinstance(value, UUID):  # asyncpg has a class of its own for them
        return str(value)
    raise TypeError(type(value))


def json_response(value: object, status: int = 200, headers: Headers = ()) -> Response:
    """A response with a JSON body."""
    return Response(status, dump(value), JSON + headers)


def money_of(minor: int, currency: str) -> Money:
    """Minor units as the version writes them."""
    return {"value": money.digits(minor, currency), "currency": currency}


def amount_in(amount: MoneyIn, pointer: str, complaints: list[Complaint]) -> money.Money:
    """The amount as core has it; what cannot be is noted, and stands as zero."""
    places = len(amount.value.partition(".")[2])
    if places > money.exponent(amount.currency):
        complaints.append(
            Complaint(
                f"{pointer}/value", f"value: {amount.currency} has fewer decimals than {places}"
            )
        )
        return money.Money(0, amount.currency)
    try:
        return money.Money(money.parse(amount.value, amount.currency), amount.currency)
    except BadAmount as problem:
        complaints.append(Complaint(f"{pointer}/value", str(problem)))
        return money.Money(0, amount.currency)


def validated(model: type[M], body: bytes) -> M:
    """The body as the model has it; raises Malformed or Invalid naming each place."""
    try:
        return model.model_validate_json(body)
    except ValidationError as problem:
        raise refusal_of(problem) from None


def refusal_of(problem: ValidationError) -> Malformed | Invalid:
    """A failed validation as a refusal of ours."""
    errors = problem.errors(include_url=False, include_input=False)
    if any(each["type"] == "json_invalid" for each in errors):
        return Malformed(f"The body is not JSON: {errors[0]['msg'].removeprefix('Invalid JSON: ')}")
    return Invalid(*(Complaint(_pointer(each["loc"]), _detail(each)) for each in errors[:50]))


def _pointer(place: tuple[int | str, ...]) -> str:
    return "".join(f"/{str(each).replace('~', '~0').replace('/', '~1')[:80]}" for each in place)


def _detail(error: ErrorDetails) -> str:
    name = str(error["loc"][-1])[:80] if error["loc"] else "body"
    if error["type"] == "extra_forbidden":
        return f"{name}: no such field; leave it out"
    return f"{name}: {error['msg'][0].lower()}{error['msg'][1:]}"


def whole(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A whole number of the query."""
    text = request.query.get(name)
    if text is None:
        return default
    if not _WHOLE.match(text) or not least <= int(text) <= most:
        raise Invalid(Complaint(f"/{name}", f"{name}: a whole number from {least} to {most}"))
    return int(text)


def limit(request: Request) -> int:
    """How many items a page of the query is to have."""
    return whole(request, "limit", USUAL_PAGE, 1, LARGEST_PAGE)


def day(request: Request, name: str) -> date | None:
    """A date of the query."""
    text = request.query.get(name)
    if text is None:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid(Complaint(f"/{name}", f"{name}: a date such as 2026-01-31"))


def one_of(request: Request, name: str, words: Mapping[E, str]) -> E | None:
    """What a word of the query stands for, which must be one of a table."""
    text = request.query.get(name)
    if text is None:
        return None
    for value, word in words.items():
        if word == text:
            return value
    raise Invalid(Complaint(f"/{name}", f"{name}: one of {', '.join(words.values())}"))


def after(request: Request) -> str | None:
    """The cursor of the query."""
    return request.query.get("after") or None


LIMIT = Parameter(
    name="limit",
    schema={
        "type": "integer",
        "minimum": 1,
        "maximum": LARGEST_PAGE,
        "default": USUAL_PAGE,
        UNIT: "count",
    },
    description="How many items at the most.",
)
AFTER = Parameter(
    name="after",
    schema={"type": "string"},
    description="The cursor that the page before gave as `next`.",
)
IDEMPOTENCY = Parameter(
    name="Idempotency-Key",
    schema={"type": "string", "minLength": 1, "maxLength": 255},
    description="The same key and request give the same answer for 24 hours.",
    where="header",
)
IDEMPOTENCY_OF_CHANGE = Parameter(
    name="Idempotency-Key",
    schema={"type": "string"},
    description=(
        "The same key and request give the same answer for 24 hours. One that is not 1 to 255"
        " visible ASCII characters is passed over."
    ),
    where="header",
)
"""Without bounds: changes were taken with any key before keys counted for them."""
IF_NONE_MATCH = Parameter(
    name="If-None-Match",
    schema={"type": "string"},
    description="The ETag of the copy you have.",
    where="header",
)
