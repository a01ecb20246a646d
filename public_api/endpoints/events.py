"""What happened to the caller's applications, over HTTP, written once for every version."""

from core import events
from core.events import Event
from core.pages import CursorRequest, Page
from public_api.call import Call
from public_api.messages import Response, Translation


async def list_events(call: Call, translation: Translation[CursorRequest, Page[Event]]) -> Response:
    """All that happened, in order, after the cursor."""
    request = translation.read(call.request())
    return translation.write(await events.list_events(call.db, call.viewer, request))
