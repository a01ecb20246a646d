"""What a dashboard is made of, and how it is said to Grafana."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
WIDTH = 24
JOIN = "* on (instance, job) group_left (build, part, beleg_instance) build_info"


@dataclass(frozen=True, slots=True)
class Panel:
    """A graph, or a table: queries with how each line is called, and what the numbers are."""

    title: str
    queries: Sequence[tuple[str, str]]
    unit: str = "short"
    about: str = ""
    width: int = 8
    kind: str = "timeseries"
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Rows of panels, and what can be chosen above them: a name and the query of its values."""

    uid: str
    title: str
    about: str
    rows: Sequence[tuple[str, Sequence[Panel]]]
    choices: Sequence[tuple[str, str, str]]


def of(expr: str, by: str, chosen: str = 'beleg_instance=~"$lender"', how: str = "sum") -> str:
    """A measurement of a process, by labels that only `build_info` has."""
    return f"{how} by ({by}) ({expr} {JOIN}{{{chosen}}})"


def grafana(dashboard: Dashboard) -> dict[str, Any]:
    """The dashboard as Grafana imports it."""
    panels: list[dict[str, Any]] = []
    y = 0
    for title, row in dashboard.rows:
        panels.append(_placed({"type": "row", "title": title, "collapsed": False}, 0, y, WIDTH, 1))
        x, y = 0, y + 1
        for panel in row:
            if x + panel.width > WIDTH:
                x, y = 0, y + 8
            panels.append(_placed(_panel(panel), x, y, panel.width, 8))
            x += panel.width
        y += 8
    for number, each in enumerate(panels, 1):
        each["id"] = number
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.about,
        "tags": ["beleg"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [_source(), *(_choice(*each) for each in dashboard.choices)]},
        "panels": panels,
    }


def _placed(panel: dict[str, Any], x: int, y: int, width: int, height: int) -> dict[str, Any]:
    return {**panel, "gridPos": {"x": x, "y": y, "w": width, "h": height}}


def _panel(panel: Panel) -> dict[str, Any]:
    instant = panel.kind in ("table", "stat")
    targets = [
        {
            "refId": chr(ord("A") + at),
            "datasource": DATASOURCE,
            "expr": expr,
            "legendFormat": legend,
            **({"instant": True, "range": False} if instant else {}),
            **({"format": "table"} if panel.kind == "table" else {}),
        }
        for at, (expr, legend) in enumerate(panel.queries)
    ]
    custom = {"fillOpacity": 20, "stacking": {"mode": "normal"}} if panel.stacked else {}
    return {
        "type": panel.kind,
        "title": panel.title,
        "description": panel.about,
        "datasource": DATASOURCE,
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": panel.unit, "custom": custom}, "overrides": []},
        "options": {} if instant else {"tooltip": {"mode": "multi", "sort": "desc"}},
    }


def _source() -> dict[str, Any]:
    return {
        "name": "datasource",
        "label": "Prometheus",
        "type": "datasource",
        "query": "prometheus",
    }


def _choice(name: str, label: str, query: str) -> dict[str, Any]:
    several = name == "lender"
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": DATASOURCE,
        "query": query,
        "refresh": 2,
        "includeAll": several,
        "multi": several,
        **({"allValue": ".*", "current": {"text": "All", "value": "$__all"}} if several else {}),
    }
