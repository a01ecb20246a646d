"""Traces, where `BELEG_OTLP_ENDPOINT` says where to; without it OpenTelemetry is not even loaded.

A span says which route, statement, job or webhook, and how it ended; never a value or a name.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from core.errors import Complaint, Invalid
from core.settings import Settings

if TYPE_CHECKING:
    from core.otlp import Traces

TRACEPARENT = "traceparent"
_traces: "Traces | None" = None


class NoSpan:
    """What is told how something went where nothing is traced."""

    def tell(self, **attributes: Any) -> None:
        """Heed nothing."""


_NOWHERE: AbstractContextManager[Any] = nullcontext(NoSpan())


@asynccontextmanager
async def exporting(settings: Settings, part: str, build: str) -> AsyncIterator[None]:
    """Send what this part does as long as the block lasts, and what is left at its end."""
    global _traces
    if not settings.otlp_endpoint:
        yield
        return
    try:
        from core.otlp import Traces
    except ImportError as problem:
        why = "BELEG_OTLP_ENDPOINT: traces need more packages, beleg[traces]"
        raise Invalid(Complaint("BELEG_OTLP_ENDPOINT", why)) from problem

    _traces = Traces(settings.otlp_endpoint, part, build, settings.instance)
    try:
        yield
    finally:
        traces, _traces = _traces, None
        await traces.end()


def active() -> "Traces | None":
    """What spans go to, if they go anywhere."""
    return _traces


def span(name: str, kind: str, **attributes: Any) -> AbstractContextManager[Any]:
    """Trace what the block does; it may `tell` more once it knows."""
    return _NOWHERE if _traces is None else _traces.span(name, kind, attributes)


def job(name: str, payload: Mapping[str, Any]) -> AbstractContextManager[Any]:
    """Trace a job, linked to the request that wanted it."""
    if _traces is None:
        return _NOWHERE
    return _traces.span(f"job {name}", "consumer", {}, linked=payload.get(TRACEPARENT))


def carried() -> dict[str, str]:
    """What a job is given so that it can name the request that wanted it."""
    return {} if _traces is None else _traces.carried()
