"""Every value of core's enumerations as each version writes it, and every word as it takes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

from core import analysis, decisions, documents, questions, reports, statements, webhooks
from core.analysis import StoredFigure
from core.applications import Application, ApplicationStatus, DeleteReason
from core.decisions import DecisionOutcome
from core.events import Event, EventKind
from core.pages import Page
from core.reports import FigureSummary
from public_api.app import VERSIONS
from public_api.endpoints.reports import PrintedReport
from public_api.messages import Request, Response
from public_api.openapi import as_file
from public_api.v1 import applications, callbacks, results
from public_api.v1 import documents as documents_1
from public_api.v1.wire import json_response as answered_1
from public_api.v2 import answers as answers_2
from public_api.v2 import applications as applications_2
from public_api.v2 import components as components_2
from public_api.v2 import decisions as decisions_2
from public_api.v2 import documents as documents_2
from public_api.v2 import events as events_2
from public_api.v2 import reports as reports_2
from public_api.v2 import statements as statements_2
from public_api.v2 import transactions as transactions_2
from public_api.v2 import webhooks as webhooks_2
from public_api.v2.categories import CATEGORY
from public_api.v2.wire import json_response as answered_2

AN_ID, NOW = UUID(int=1), datetime(2026, 9, 30, tzinfo=UTC)
PLAIN: dict[object, Any] = {
    UUID: AN_ID,
    datetime: NOW,
    date: NOW.date(),
    str: "EUR",  # a currency too
    int: 1,
    float: 1.0,
    bool: True,
    bytes: b"x",
    Decimal: Decimal(1),
}


def every(kind: Any) -> list[Any]:
    """Values of a type among which each value of each enumeration in it occurs."""
    if kind in PLAIN:
        return [PLAIN[kind]]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return [tuple(every(inner[0]))] if inner[1:] == (...,) else [tuple(map(first, inner))]
    if origin in (Sequence, list):
        return [every(inner[0])]
    if origin in (dict, Mapping) or kind in (dict, Any):
        return [{}]
    if origin is Literal:
        return list(inner)
    if inner:
        return [value for each in inner if each is not NoneType for value in every(each)]
    if issubclass(kind, Enum):
        return list(kind)
    columns = {name: every(hint) for name, hint in get_type_hints(kind).items()}
    most = max(map(len, columns.values()))
    return [
        kind(**{name: values[at % len(values)] for name, values in columns.items()})
        for at in range(most)
    ]


def first(kind: Any) -> Any:
    """One value of a type."""
    return every(kind)[0]


def lines() -> Iterator[str]:
    """All that is written and taken, a line each."""
    for version in VERSIONS:
        yield as_file(version).decode()
    yield from map(_line, written())
    yield from parsed()


def written() -> Iterator[Response]:
    """What the versions answer with, of each kind of thing."""
    for application in every(Application):
        yield answered_1(applications.write(application))
        yield answered_2(applications_2.write(application))
    for document in every(documents.Document):
        yield documents_1.SHOW.write(document)
        yield documents_2.SHOW.write(document)
    yield from map(decisions_2.SHOW.write, every(decisions.Decision))
    for report in _reports():
        yield results.SHOW.write(FigureSummary(report.application, report.figures))
        yield reports_2.SHOW.write(report)
        yield answers_2.ANSWERS.write(report)
    for component in every(analysis.Component):
        yield answered_2(components_2.write(component))
    yield from (answers_2.REQUESTS.write([each]) for each in every(questions.DocumentRequest))
    for language in reports.Language:
        yield reports_2.SHOW.write(PrintedReport(first(Application), language, b""))
    bookings = every(statements.StoredTransaction)
    for category in CATEGORY:
        shown = [each._replace(category=str(category)) for each in bookings]
        yield transactions_2.LIST.write(Page(shown, None))
    covered = every(analysis.AccountCoverage)
    yield statements_2.LIST.write(analysis.StatementOverview([], covered, []))
    details: list[dict[str, Any]] = [{"outcome": each} for each in DecisionOutcome]
    details += [{"reason": each} for each in DeleteReason]
    for kind in EventKind:
        happened = [replace(first(Event), kind=str(kind), data=each) for each in details]
        yield events_2.LIST.write(Page(happened, ""))
    yield from map(webhooks_2.ONE_DELIVERY.write, every(webhooks.Delivery))
    yield from map(webhooks_2.SHOW.write, every(webhooks.Webhook))


def _reports() -> Iterator[reports.Report]:
    """Reports that hold together: each answer has its figure, each figure its bookings."""
    figures = [
        replace(each, figure=replace(each.figure, id="monthly_revenue", version=1))
        for each in every(StoredFigure)
    ]
    shown = {"monthly_revenue": [first(statements.StoredTransaction)]}
    all_statements = every(statements.StoredStatement)
    for status in ApplicationStatus:
        application = first(Application)._replace(status=status)
        answered = [
            replace(each, question="monthly_revenue", figure="monthly_revenue")
            for each in every(questions.Answer)
        ]
        yield reports.Report(application, figures, answered, [], shown, all_statements)


def parsed() -> Iterator[str]:
    """What the words of a request stand for, by the names that core has for it."""
    for status in applications_2.STATUS.values():
        yield _name(applications_2.LIST.read(_request_of(status=status)).status)
    for reason in applications_2.WITHDRAWAL_REASON:
        yield _name(applications_2.WITHDRAW.read(_request_of(reason=reason)).reason)
    for kind in documents_2.KIND_OF:
        yield _name(documents_2.HAND_IN.read(_request_of(kind=kind)))
        yield _name(documents_1.HAND_IN.read(_request_of(kind=kind)))
    for category in CATEGORY.values():
        yield _name(transactions_2.LIST.read(_request_of(category=category)).filter.category)
    for word, stored in webhooks_2.KIND.items():
        yield f"{word} {EventKind(stored).name}"
    yield from (EventKind(each).name for each in callbacks.KINDS)
    for language in reports_2.LANGUAGE.values():
        headers = {"accept": "application/pdf", "accept-language": language}
        yield _name(reports_2.SHOW.read(Request({}, {}, headers, b"")))


def _name(value: Any) -> str:
    name: str = value.name
    return name


def _request_of(**query: str) -> Request:
    return Request({}, query, {}, b"")


def _line(response: Response) -> str:
    return f"{response.status} {response.headers} {response.body.decode()}"
