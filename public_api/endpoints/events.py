"""What happened to the caller's applications, over HTTP, written once for every version."""

from dataclasses import dataclass

from core import events
from public_api.call import Call
from public_api.versions import Response


@dataclass(frozen=True, slots=True)
class Since:
    """Which events to list, going on after a cursor."""

    limit: int
    after: str | None = None


async def list_events(call: Call) -> Response:
    """All that happened, in order, after the cursor."""
    asked: Since = call.translation.read(call.asked())
    client_id = call.caller.client_id
    found = await events.feed(call.db, client_id, limit=asked.limit, after=asked.after)
    return call.translation.write(found)
