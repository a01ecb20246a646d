"""Spans, made by OpenTelemetry and sent as OTLP over HTTP; only `tracing` loads this."""

import asyncio
import logging
import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import structlog
from asyncpg.connection import LoggedQuery
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from core.pool import Connection
from core.query import Query

SEND_SECONDS = 5.0
END_SECONDS = 5.0
"""How long at most a part waits at its end for its last spans to be sent."""
TOLD_SECONDS = 60.0
_VERB = re.compile(r"\b(INSERT INTO|DELETE FROM|UPDATE|FROM|JOIN) (?:ONLY )?([a-z_]+)")
_W3C = TraceContextTextMapPropagator()
log = structlog.get_logger()


class QuietExporter(SpanExporter):
    """Sends, and says once a minute at most that it cannot; what could not be sent is lost."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._told_at = -TOLD_SECONDS

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch."""
        result = self._exporter.export(spans)
        failed = result is not SpanExportResult.SUCCESS
        if failed and time.monotonic() - self._told_at >= TOLD_SECONDS:
            self._told_at = time.monotonic()
            log.warning("traces_not_sent", spans=len(spans))
        return result

    def shutdown(self) -> None:
        """Send nothing more."""
        self._exporter.shutdown()


class OpenSpan:
    """What the block of a span is given."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def tell(self, **attributes: Any) -> None:
        """Say more of what is being done."""
        _describe(self._span, attributes)

    def rename(self, name: str) -> None:
        """Call it by what it turned out to be."""
        self._span.update_name(name)

    def fail(self) -> None:
        """Say that it failed."""
        self._span.set_status(StatusCode.ERROR)


class Traces:
    """Where the spans of this process go, from a thread of its own."""

    def __init__(self, endpoint: str, part: str, build: str, instance: str) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # we say it, and once
        said = {"service.name": f"beleg-{part}", "service.version": build}
        resource = Resource.create({**said, "beleg.instance": instance} if instance else said)
        url = f"{endpoint.rstrip('/')}/v1/traces"
        exporter = QuietExporter(OTLPSpanExporter(endpoint=url, timeout=SEND_SECONDS))
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("beleg")

    async def end(self) -> None:
        """Send what is left, unless that takes long."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()

        def shut_down() -> None:
            self._provider.shutdown()
            loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=shut_down, daemon=True).start()
        try:
            async with asyncio.timeout(END_SECONDS):
                await ended.wait()
        except TimeoutError:
            log.warning("traces_not_sent", spans="the last ones")

    @contextmanager
    def span(
        self,
        name: str,
        kind: str,
        attributes: Mapping[str, Any],
        *,
        parent: str = "",
        linked: str | None = None,
    ) -> Iterator[OpenSpan]:
        """A span around the block; a parent or a link is a W3C `traceparent`."""
        links = [Link(_read(linked))] if linked else []
        context = _W3C.extract({"traceparent": parent}) if parent else None
        with self._tracer.start_as_current_span(
            name,
            context=context,
            kind=SpanKind[kind.upper()],
            links=links,
            record_exception=False,  # its message may quote what was sent
            set_status_on_exception=False,
        ) as span:
            _describe(span, attributes)
            try:
                yield OpenSpan(span)
            except Exception as problem:
                span.set_attribute("error.type", type(problem).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def carried(self) -> dict[str, str]:
        """The current span as a `traceparent`, if there is one."""
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return {name: value for name, value in carrier.items() if name == "traceparent"}

    def follow(self, connection: Connection) -> None:
        """Make a span of each statement that is run for something that is traced."""
        connection.add_query_logger(self._note)

    def _note(self, statement: LoggedQuery) -> None:
        # It is told a moment later, when what it was for may have ended: whether that still records
        # says nothing.
        if not trace.get_current_span().get_span_context().trace_flags.sampled:
            return  # the heart, the queue's polls, what the caller samples out
        summary, name = described(statement.query)
        ended = time.time_ns()
        span = self._tracer.start_span(
            summary,
            kind=SpanKind.CLIENT,
            start_time=ended - int(statement.elapsed * 1e9),
            attributes={"db.system.name": "postgresql", "db.query.summary": summary},
        )
        if name:
            span.set_attribute("beleg.statement", name)
        if statement.exception is not None:
            span.set_attribute("error.type", type(statement.exception).__name__)
            span.set_status(StatusCode.ERROR)
        span.end(ended)


def _describe(span: Span, attributes: Mapping[str, Any]) -> None:
    for name, value in attributes.items():
        if value is not None:
            span.set_attribute(name.replace("__", "."), value)


def _read(traceparent: str) -> trace.SpanContext:
    return trace.get_current_span(_W3C.extract({"traceparent": traceparent})).get_span_context()


@lru_cache(maxsize=2048)
def described(sql: str) -> tuple[str, str]:
    """What a statement does to which tables, and the variable that holds it; no value."""
    found = dict.fromkeys(_VERB.findall(sql))
    writes = [f"{verb.split()[0]} {table}" for verb, table in found if verb not in ("FROM", "JOIN")]
    reads = list(dict.fromkeys(table for verb, table in found if verb in ("FROM", "JOIN")))
    word = sql.split(maxsplit=1)[0].rstrip(";") if sql.strip() else "nothing"
    summary = ", ".join(writes[:5]) or f"{word} {', '.join(reads[:3])}".rstrip()
    return summary, _names().get(sql, "")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """The variables of core that hold statements, by the statement's text."""
    return {
        value.sql: f"{name}.{variable}"
        for name, module in sorted(sys.modules.items())
        if name.startswith("core.")
        for variable, value in vars(module).items()
        if isinstance(value, Query)
    }
