"""Decisions over HTTP, written once for every version."""

from core import applications, decisions
from core.errors import NotFound
from public_api.call import Call
from public_api.versions import Response


async def show(call: Call) -> Response:
    """How the case ended; not found while it is open."""
    application = await applications.get(call.db, call.caller, call.id(), call.version.visibility)
    decision = await decisions.find_for_application(call.db, application.id)
    if decision is None:
        raise NotFound("decision")
    return call.translation.write(decision)
