"""A span for each request, around the access log; not there at all where nothing is traced."""

from core import tracing
from core.access_log import App, Message, Receive, Scope, Send
from core.settings import Settings


def with_spans(app: App, settings: Settings) -> App:
    """The application, traced where traces are sent anywhere."""
    return RequestSpans(app) if settings.otlp_endpoint else app


class RequestSpans:
    """Goes on with the caller's trace, where a `traceparent` names one, and with its sampling."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        traces = tracing.active()
        if scope["type"] != "http" or traces is None:
            await self._app(scope, receive, send)
            return
        status = 0

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"]
        said = {"http.request.method": method}
        with traces.span(method, "server", said, parent=_traceparent(scope)) as span:
            try:
                await self._app(scope, receive, send_on)
            finally:
                state = scope.get("state") or {}
                if route := state.get("route"):
                    span.rename(f"{method} {route}")
                span.tell(
                    http__route=state.get("route"),
                    http__response__status_code=status or None,
                    beleg__request_id=state.get("request_id"),
                )
                if status >= 500:
                    span.fail()


def _traceparent(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return str(value.decode("latin-1"))
    return ""
