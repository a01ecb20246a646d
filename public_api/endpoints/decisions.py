"""Decisions over HTTP, written once for every version."""

from core import decisions
from core.decisions import Decision
from public_api.call import Call
from public_api.messages import Response, Translation


async def show(call: Call, translation: Translation[None, Decision]) -> Response:
    """How the case ended; not found while it is open."""
    return translation.write(await decisions.get(call.db, call.viewer, call.id()))
