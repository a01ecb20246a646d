"""Who calls which operation of which version: by partner, by day, and by app build."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from starlette.responses import Response

from bff.requests import choice, day, identifier
from bff.responses import json_response
from bff.sessions import page
from bff.state import Call
from bff.views import usage as views
from bff.views.values import moment
from core import irregularities, usage
from core.db import Tx
from core.irregularities import IrregularCalls
from core.usage import DailyCalls, OperationCalls, UsageFilter, VersionCalls
from core.users import Permission, Person

MOST_ROWS = 200


class Period(StrEnum):
    """How many days back the page looks."""

    WEEK = "7"
    MONTH = "30"
    QUARTER = "90"
    YEAR = "365"


async def show(call: Call, _person: Person) -> Response:
    """The usage of a period, narrowed to a partner, a version and a day where these are named."""
    query = call.query_params
    period = choice(query, "days", Period) or Period.MONTH
    last = datetime.now(UTC).date()
    first = last - timedelta(days=int(period) - 1)
    partner, version = identifier(query, "partner"), query.get("version") or None
    span = UsageFilter(first, last, partner, version)
    one_day = day(query, "day")
    narrowed = span if one_day is None else UsageFilter(one_day, one_day, partner, version)

    async def read(tx: Tx) -> views.Usage:
        called = await usage.callers(tx, first, last)
        lines = await usage.busiest(tx, narrowed, MOST_ROWS + 1)
        irregular = await irregularities.busiest(tx, narrowed, MOST_ROWS)
        return _usage(span, called, await usage.by_day(tx, span), lines, irregular)

    return json_response(await call.state["db"].snapshot(read))


def _usage(
    span: UsageFilter,
    called: Sequence[VersionCalls],
    days: Sequence[DailyCalls],
    lines: Sequence[OperationCalls],
    irregular: Sequence[IrregularCalls],
) -> views.Usage:
    tests = {each.client_id for each in called if each.test}
    return {
        "versions": sorted({each.version for each in called}),
        "partners": _partners(called),
        "days": _days(span, days),
        "rows": [_row(each, sandbox=each.client_id in tests) for each in lines[:MOST_ROWS]],
        "irregular": [_irregular(each) for each in irregular],
        "more": len(lines) > MOST_ROWS,
    }


def _partners(called: Sequence[VersionCalls]) -> list[views.UsagePartner]:
    """Each partner with its calls by version; they come in order of their names."""
    partners: list[views.UsagePartner] = []
    for (client_id, name, test), group in groupby(
        called, key=lambda each: (each.client_id, each.client, each.test)
    ):
        by_version = {each.version: each for each in group}
        partners.append(
            {
                "id": str(client_id),
                "name": name,
                "sandbox": test,
                "calls": {version: each.calls for version, each in by_version.items()},
                "last_at": {version: moment(each.last_at) for version, each in by_version.items()},
            }
        )
    return partners


def _days(span: UsageFilter, days: Sequence[DailyCalls]) -> list[views.UsageDay]:
    """Every day of the span, those without a call too."""
    by_day: dict[date, dict[str, int]] = {}
    for each in days:
        by_day.setdefault(each.day, {})[each.version] = each.calls
    every = (span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1))
    return [{"day": each.isoformat(), "calls": by_day.get(each, {})} for each in every]


def _row(line: OperationCalls, *, sandbox: bool) -> views.UsageRow:
    return {
        "partner": line.client,
        "sandbox": sandbox,
        "version": line.version,
        "operation": line.operation,
        "build": line.build or None,
        "calls": line.calls,
        "last_at": moment(line.last_at),
    }


def _irregular(line: IrregularCalls) -> views.IrregularRow:
    return {
        "partner": line.client,
        "sandbox": line.test,
        "version": line.version,
        "operation": line.operation,
        "irregularity": line.irregularity,
        "calls": line.calls,
        "last_at": moment(line.last_at),
    }


ROUTES = (page("GET", "/bff/usage", show, Permission.VIEW_USAGE),)
