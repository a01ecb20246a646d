"""What is seen from outside: JSON log lines by structlog, measurements by Prometheus.

A request leaves one canonical line and one observation, whichever face served it. Personal data
stays out: lines carry ids, templates and counts, never names, amounts or what was sent.
"""

import logging
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

import core.plain_structlog  # noqa: F401 - before structlog itself

# isort: split
import orjson
import structlog
from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics
from structlog.processors import ExceptionRenderer
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

disable_created_metrics()  # type: ignore[no-untyped-call]  # half of all series, read by nobody
UNMATCHED = "unmatched"

REQUESTS = Histogram(
    "http_requests_duration_seconds",
    "Histogram of requests processing time by path (in seconds)",
    ["method", "path", "status_code", "app_name"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
DOCUMENTS = Counter("documents_read_total", "Documents that were read, by outcome", ["outcome"])
READING = Histogram(
    "document_reading_seconds",
    "Time from taking up a document to its answers (in seconds)",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
DELIVERIES = Counter(
    "webhook_attempts_total",
    "Attempts to tell a webhook, by the version it is told in and what came of them",
    ["version", "outcome"],
)
DELIVERY_DUE = Gauge(
    "webhook_oldest_due_seconds",
    "For how long the webhook delivery has been due that has waited longest (in seconds)",
)
WEBHOOKS_UNOPENED = Gauge(
    "webhooks_unopened", "Webhooks that are told nothing, since no key given opens their secret"
)
BUILD_INFO = Gauge(
    "build_info",
    "The build that runs here, as which part, and of which instance (Prometheus calls a target so)",
    ["build", "part", "beleg_instance"],
)
BROWSER_PAGES = Counter(
    "browser_pages_total", "Times the web app was opened in a browser, by its build", ["build"]
)
BROWSER_ERRORS = Counter(
    "browser_errors_total", "Times it then failed there, by its build", ["build"]
)
HEARTBEAT = Gauge(
    "heartbeat_timestamp_seconds", "When this process last told its database that it lives"
)
MISSING_REVISIONS = Gauge(
    "missing_revisions",
    "Revisions and backfills that this build requires and its database lacks",
)
BACKFILL_DONE = Gauge(
    "backfill_rows_done", "Rows of a backfill's table that were walked, by its name", ["backfill"]
)
BACKFILL_TOTAL = Gauge(
    "backfill_rows_total", "Rows that a backfill's table has, by its name", ["backfill"]
)
BACKFILL_FAILED = Gauge(
    "backfill_failed", "Whether a backfill has failed and waits for somebody", ["backfill"]
)
SEALED = Counter("audit_sealed_total", "Audit entries that were chained")
UNSEALED = Gauge("audit_unsealed_entries", "Audit entries that are not chained yet; at most 10,000")
UNSEALED_AGE = Gauge(
    "audit_unsealed_oldest_seconds", "For how long the oldest of them has waited (in seconds)"
)
AUDIT_HEADS_MISSING = Counter(
    "audit_heads_missing_total", "How often the audit log was not what had been sealed before"
)
AUDIT_ANCHORED = Gauge(
    "audit_anchored_timestamp_seconds",
    "When it was last said outside the database how far the audit log is sealed (Unix time)",
)
ANCHORS_FAILING = Gauge(
    "audit_anchors_failing",
    "Places where it could not be said, the last time, how far the audit log is sealed",
)
JOBS = Gauge(
    "jobs",
    "Jobs by what they do: queued, running, or held since they failed",
    ["entrypoint", "state"],
)
JOB_AGE = Gauge(
    "job_oldest_seconds",
    "For how long the queued job has waited that has waited longest (in seconds)",
    ["entrypoint"],
)
READERS = Gauge("parser_processes", "Processes that read a file just now")
POOL_WAITS = Histogram(
    "database_pool_wait_seconds",
    "For how long those waited who found no connection free (in seconds)",
    buckets=(0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30),
)
DATABASE_ERRORS = Counter(
    "database_errors_total", "What the database answered or failed to, by kind", ["kind"]
)
BLOBS = Histogram(
    "blob_operation_seconds",
    "Time of an operation on the store of documents (in seconds)",
    ["operation"],
    buckets=(0.001, 0.005, 0.025, 0.1, 0.25, 1, 5, 30, 120),
)
BLOB_ERRORS = Counter(
    "blob_errors_total", "Operations on the store of documents that failed", ["operation", "kind"]
)
RELEASE = Gauge("release_state", "The release that goes on here", ["a", "b", "state"])
RELEASE_WEIGHT = Gauge("release_weight", "The share of callers that build B serves (in percent)")
RELEASE_AGE = Gauge("release_state_seconds", "For how long it has stood there (in seconds)")
RELEASE_HELD = Gauge("release_held", "Whether somebody holds it, or a gate does")

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request that is being served; each line that is logged meanwhile says so."""

_observers: dict[tuple[str, str, int, str], Callable[[float], None]] = {}
_out: Callable[[bytes], None] | None = None  # where the lines of requests go; nowhere above INFO
_origin: dict[str, str] = {}  # the build and instance that every line names
_head = b"{"  # the same, as a request's line begins
_LINE = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def observe(app: str, method: str, path: str, status: int, seconds: float) -> None:
    """Count one request; `path` is a route's template or `unmatched`, so labels stay few."""
    key = (method if method in METHODS else "OTHER", path, status, app)
    observer = _observers.get(key)
    if observer is None:
        observer = _observers[key] = REQUESTS.labels(key[0], path, str(status), app).observe
    observer(seconds)


def log_request(line: dict[str, Any]) -> None:
    """Write a request's own line; straight, for structlog would take as long as the query."""
    if _out is not None:
        line["level"], line["at"] = "info", datetime.now(UTC)
        _out(_head + orjson.dumps(line, option=_LINE | orjson.OPT_APPEND_NEWLINE)[1:])


def announce(build: str, part: str) -> None:
    """Measure which build runs here, and as what, of the instance that the logs name."""
    BUILD_INFO.labels(build, part, _origin.get("instance", "")).set(1)


def configure(
    level: str = "INFO", stream: TextIO | None = None, *, build: str = "", instance: str = ""
) -> None:
    """Send every log line of ours and of libraries, as JSON, to one stream (standard error).

    Each names the build and the instance, where they are given.
    """
    global _out, _head
    _origin.clear()
    _origin.update({k: v for k, v in (("build", build), ("instance", instance)) if v})
    _head = orjson.dumps(_origin)[:-1] + b"," if _origin else b"{"
    out = stream or sys.stderr
    _out = _writer(out) if logging.getLevelNamesMapping()[level] <= logging.INFO else None
    shared: list[Processor] = [
        _add_origin,
        _add_request_id,
        structlog.processors.add_log_level,
        _add_time,
    ]
    structlog.configure(
        processors=[*shared, ExceptionRenderer(_traceback), _render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                ExceptionRenderer(_traceback),
                _render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "pgqueuer", "alembic"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # An HTTP client would write down where deliveries go, with the query, and how they are signed.
    # Alembic introduces itself each time.
    for name in ("httpx", "httpcore", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # uvicorn's own access line would carry addresses and queries; ours says it better.
    logging.getLogger("uvicorn.access").disabled = True


def _writer(stream: TextIO) -> Callable[[bytes], None]:
    """Writes whole lines to the stream at once, past the encoding of text where it has one."""
    raw = getattr(stream, "buffer", None)

    def write(line: bytes) -> None:
        if raw is None:
            stream.write(line.decode())
        else:
            raw.write(line)
            raw.flush()

    return write


def _traceback(exc_info: ExcInfo) -> str:
    """Where an error came from, without its message: that may quote what was sent."""
    return "\n".join(_kinds(exc_info[1]))


def _kinds(problem: BaseException) -> Iterator[str]:
    yield "".join(traceback.format_tb(problem.__traceback__)) + type(problem).__qualname__
    if isinstance(problem, BaseExceptionGroup):
        for each in problem.exceptions:
            yield from _kinds(each)
    cause = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if cause is not None:
        yield from _kinds(cause)


def log_tree() -> Iterable[str]:
    """Every logger of this process: name, level, handlers, and whether it passes lines on."""
    root = logging.getLogger()
    yield _described("root", root)
    for name in sorted(root.manager.loggerDict):
        logger = root.manager.loggerDict[name]
        if isinstance(logger, logging.Logger):
            yield _described(name, logger)


def _described(name: str, logger: logging.Logger) -> str:
    level = logging.getLevelName(logger.level) if logger.level else "-"
    effective = logging.getLevelName(logger.getEffectiveLevel())
    handlers = ", ".join(type(each).__name__ for each in logger.handlers) or "none"
    passes = "propagates" if logger.propagate and logger.parent else "stops here"
    state = " disabled" if logger.disabled else ""
    return f"{name}: level {level} (effective {effective}), handlers {handlers}, {passes}{state}"


def _add_origin(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    for name, value in _origin.items():
        line.setdefault(name, value)  # some lines are about a build
    return line


def _add_request_id(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    if (request_id := REQUEST_ID.get()) is not None:
        line["request_id"] = request_id
    return line


def _add_time(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    line["at"] = datetime.now(UTC)
    return line


def _render(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    return orjson.dumps(line, default=str, option=_LINE).decode()
