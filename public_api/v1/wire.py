"""How version 1 writes and reads: flat JSON, euros as numbers with two decimals."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import orjson
from typing_extensions import TypedDict

from core import money
from core.errors import Complaint, Invalid
from public_api.messages import Headers, Request, Response
from public_api.refusals import Malformed
from public_api.schemas import JsonObject
from public_api.versions import Parameter

JSON: Headers = (("Content-Type", "application/json"),)
LARGEST_EURO_DIGITS = 13
LARGEST_CENTS = 10 ** (LARGEST_EURO_DIGITS + 2) - 1
USUAL_PAGE, LARGEST_PAGE = 50, 200
IDEMPOTENCY = Parameter(
    name="Idempotency-Key",
    schema={"type": "string", "minLength": 1, "maxLength": 255},
    description="The same key and request give the same answer for 24 hours.",
    where="header",
)
_WHOLE = re.compile(r"[0-9]{1,20}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Fault(TypedDict):
    """What went wrong, for machines and for people."""

    code: str
    message: str


class Error(TypedDict):
    """How this version says no."""

    error: Fault


def euros(minor: int) -> orjson.Fragment:
    """Cents as a JSON number with exactly two decimals; a float would print `250000.0`."""
    return orjson.Fragment(money.digits(minor, "EUR"))


def sayable(minor: int | None) -> orjson.Fragment | None:
    """Cents as `euros` writes them; null where there are none, or more than can be said."""
    return None if minor is None or abs(minor) > LARGEST_CENTS else euros(minor)


def moment(at: datetime) -> str:
    """A time as this version writes it: UTC, to the second, without a zone."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def dump(value: object) -> bytes:
    """The bytes of a JSON value."""
    return orjson.dumps(value)


def json_response(value: object, status: int = 200, headers: Headers = ()) -> Response:
    """A response with a JSON body."""
    return Response(status, dump(value), JSON + headers)


def json_object(body: bytes) -> JsonObject:
    """The body as an object whose numbers keep their digits; raises Malformed."""
    try:
        payload = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError):
        raise Malformed("The body is not JSON.") from None
    if not isinstance(payload, dict):
        raise Malformed("The body is not a JSON object.")
    return payload


def _no_constant(name: str) -> None:
    raise ValueError(name)


def text(payload: JsonObject, name: str, *, required: bool = False) -> str | None:
    """A text field of at most 200 characters; an empty one counts as absent."""
    value = payload.get(name)
    if value is None or value == "":
        if required:
            raise invalid(name, "is required")
        return None
    if not isinstance(value, str) or len(value) > 200 or _CONTROL.search(value):
        raise invalid(name, "must be a text of at most 200 characters, without control characters")
    return value


def amount(payload: JsonObject, name: str, *, required: bool = False) -> money.Money | None:
    """A field in euros: a JSON number with at most two decimals and 13 digits before them."""
    value = payload.get(name)
    if value is None and not required:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise invalid(name, "must be a number" if value is not None else "is required")
    number = Decimal(value)
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or exponent < -2:
        raise invalid(name, "must have at most two decimals")
    if len(digits) + exponent > LARGEST_EURO_DIGITS:
        raise invalid(name, f"must have at most {LARGEST_EURO_DIGITS} digits before the point")
    return money.Money(int(number.scaleb(2)), "EUR")


def number(request: Request, name: str, default: int, most: int) -> int:
    """A whole number of the query, from 1."""
    value = request.query.get(name)
    if value is None:
        return default
    if not _WHOLE.match(value) or not 1 <= int(value) <= most:
        raise invalid(name, f"must be a whole number from 1 to {most}")
    return int(value)


def invalid(name: str, rule: str) -> Invalid:
    """The refusal of a field; this version says the first one only."""
    return Invalid(Complaint(f"/{name}", f"{name} {rule}"))
