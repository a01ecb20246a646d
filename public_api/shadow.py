"""The API as a shadow: asked by the differ alone, it counts nothing and limits nobody.

That it writes nothing is mostly the database's doing: its role may only read.
"""

from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.irregularities import Irregularity, IrregularityCounter
from core.usage import CallCounter

MARK = b"x-beleg-shadow"
"""The header that the differ marks its requests with, and that a shadow marks its answers with."""
MISSENT = b'{"detail": "This process is a shadow; only the differ asks it."}'


class Marked:
    """Answers only what the differ has marked: whoever else comes here was sent wrongly."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and all(name != MARK for name, _ in scope["headers"]):
            headers = [(b"content-type", b"application/json"), (MARK, b"missent")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": MISSENT})
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (MARK, b"shadow")]
            await send(message)

        await self._app(scope, receive, send_marked)


class NoLimits:
    """Counts nobody's calls."""

    async def count(
        self, client_id: UUID, now: int, per_minute: int, per_day: int
    ) -> tuple[int, int]:
        """None, in either window."""
        return 0, 0

    async def close(self) -> None:
        """Nothing to let go of."""


class NoCalls(CallCounter):
    """Counts no call."""

    def note(self, client_id: UUID, version: str, operation: str, build: str) -> None:
        """Leave it out."""


class NoIrregularities(IrregularityCounter):
    """Counts nothing that should not be sent."""

    def note(
        self, client_id: UUID, version: str, operation: str, irregularity: Irregularity
    ) -> None:
        """Leave it out."""
