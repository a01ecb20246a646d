"""What goes wrong in browsers: counted by build, so that a bundle that throws is noticed.

A page says so once, without a session, since it may have failed before there is one; it says what
kind of thing failed on which page, and nothing of what was on it.
"""

from typing import Annotated, Literal

import structlog
from pydantic import StringConstraints, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from typing_extensions import TypedDict

from bff.requests import json_body
from bff.responses import no_content
from bff.state import Call
from core import telemetry
from core.errors import Complaint, Invalid

PATH = "/browser-errors"
MOST, SECONDS = 600, 60.0
"""How many reports a process takes in a time: enough to judge by, too few to fill a log."""
LARGEST = 1024
OTHER = "other"
log = structlog.get_logger()


class BrowserError(TypedDict):
    """What a page says when it fails."""

    build: Annotated[str, StringConstraints(max_length=100)]
    kind: Literal["error", "rejection", "file", "blank", "render"]
    page: Literal["/", "/cases/{id}", "/usage", "other"]


BROWSER_ERROR = TypeAdapter(BrowserError)


async def report(request: Request) -> Response:
    """Count that a page failed; what comes too often is passed over."""
    call: Call = request  # type: ignore[assignment]
    call.scope["state"]["route"] = PATH
    if call.headers.get("Content-Type") != "application/json":  # which no other site's page sends
        raise Invalid(Complaint("Content-Type", "Content-Type: application/json is needed"))
    said = await json_body(call, BROWSER_ERROR, LARGEST)
    if call.state["error_reports"].attempt(PATH) == 0:
        own = call.state["web_build"]
        build = own if said["build"] == own else OTHER
        telemetry.BROWSER_ERRORS.labels(build).inc()
        log.warning("browser_error", build=build, kind=said["kind"], page=said["page"])
    return no_content()


ROUTES = (Route(PATH, report, methods=["POST"]),)
