"""How the web app is answered: JSON, and one table from core's refusals to a status."""

from collections.abc import Mapping
from math import ceil
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from core import errors
from core.access_log import HUNG_UP
from core.errors import Refused, Throttled


class Outdated(Refused):
    """The page does not say what this build has to know; one that is loaded anew does."""

    code = "reload"

    def __init__(self) -> None:
        super().__init__("The page is of an older build; load it anew.")


RETRY_SECONDS = "5"
"""How long a page is told to wait where something is missing for now."""

STATUS: dict[type[Refused], int] = {
    errors.NotFound: 404,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    errors.Unreadable: 422,
    Throttled: 429,
    errors.Unavailable: 503,
    Refused: 400,
}


def json_response(view: Mapping[str, Any], status: int = 200) -> Response:
    """A view model as JSON; what a screen shows is never kept by a cache."""
    body = orjson.dumps(view, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, status, {"Cache-Control": "no-store"}, "application/json")


def no_content() -> Response:
    """It is done, and there is nothing to say about it."""
    return Response(status_code=204)


def error_response(status: int, code: str, message: str) -> Response:
    """A refusal; its request id stands in the header."""
    return json_response({"error": {"code": code, "message": message}}, status)


def reload_response() -> Response:
    """The page is to load itself anew: every build of it understands this, and keeps its drafts."""
    return json_response({"reload": True}, 409)


async def _outdated(_request: Request, _problem: Exception) -> Response:
    return reload_response()


async def _refused(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Refused)  # noqa: S101 - the table below routes only these here
    status = next(STATUS[kind] for kind in type(problem).__mro__ if kind in STATUS)
    response = error_response(status, problem.code, problem.detail)
    if isinstance(problem, Throttled):
        response.headers["Retry-After"] = str(max(1, ceil(problem.seconds)))
    elif isinstance(problem, errors.Unavailable):
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


async def _http_error(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)  # noqa: S101
    code = {404: "not_found", 405: "method_not_allowed"}.get(problem.status_code, "refused")
    return error_response(problem.status_code, code, problem.detail)


async def _disconnected(_request: Request, _problem: Exception) -> Response:
    return Response(status_code=HUNG_UP)  # nobody is there to read it


async def _internal_error(_request: Request, _problem: Exception) -> Response:
    return error_response(500, "internal", "Something went wrong on our side.")


HANDLERS: dict[Any, ExceptionHandler] = {
    Outdated: _outdated,
    Refused: _refused,
    HTTPException: _http_error,
    ClientDisconnect: _disconnected,
    Exception: _internal_error,
}
