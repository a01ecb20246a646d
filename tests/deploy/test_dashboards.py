"""What operators import into Grafana: whole, as its source says, about what is really measured."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

import core.pool_metrics
import public_api.limits
from deploy.dashboards.__main__ import DASHBOARDS, FOLDER, text

MEASURED = (core.pool_metrics, public_api.limits)  # loading them makes their instruments
OTHERS = re.compile(r"(envoy_|process_|beleg:|browser_(pages|errors)_total$|up$)")
WORDS = re.compile(r"(?<![\w\"$.])[a-z]+(?:[_:][a-z0-9]+)+(?![\w\"(]|\s*=~?\")|\bup\b")
GROUPED = re.compile(r"\b(?:by|on|group_left|without) \([^)]*\)")


def measured() -> set[str]:
    """Every series that a process of ours has."""
    found = set()
    for family in REGISTRY.collect():
        found |= {family.name, *(sample.name for sample in family.samples)}
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
        found |= {family.name + end for end in ends.get(family.type, ())}
    return found


def unknown(query: str) -> set[str]:
    """The series that a query names and nobody measures."""
    bare = re.sub(r"\{[^}]*\}|\"[^\"]*\"", "", GROUPED.sub("", query))
    functions = {"histogram_quantile", "min_over_time", "avg_over_time", "label_replace"}
    return {
        name for name in WORDS.findall(bare) if not OTHERS.match(name) and name not in functions
    } - measured()


def panels(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))["panels"]
    return found


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_is_what_its_source_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == text(DASHBOARDS[name]), (
        "python -m deploy.dashboards"
    )


@pytest.mark.parametrize("name", DASHBOARDS)
def test_no_panel_lies_over_another_or_beside_the_page(name: str) -> None:
    taken = set()
    for panel in panels(name):
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, panel["title"]
                taken.add((x, y))
    assert len({panel["id"] for panel in panels(name)}) == len(panels(name))


@pytest.mark.parametrize("name", DASHBOARDS)
def test_each_panel_asks_for_what_is_measured(name: str) -> None:
    for panel in panels(name):
        for target in panel.get("targets", ()):
            assert not unknown(target["expr"]), panel["title"]
            assert target["datasource"]["uid"] == "${datasource}"


def test_each_rule_asks_for_what_is_measured() -> None:
    for name in ("recording.yaml", "alerts.yaml"):
        rules = yaml.safe_load((FOLDER.parent / "alerts" / name).read_text())
        for group in rules["groups"]:
            for rule in group["rules"]:
                assert not unknown(rule["expr"]), rule


def test_what_nobody_measures_would_be_noticed() -> None:
    assert unknown('sum by (path) (rate(http_requests_seconds_count{path="x"}[5m]))') == {
        "http_requests_seconds_count"
    }


def test_no_series_says_when_another_was_made() -> None:
    assert not [name for name in measured() if name.endswith("_created")]


def test_the_runbook_lists_what_is_measured() -> None:
    runbook = (Path(FOLDER).parent / "README.md").read_text(encoding="utf-8")
    section = runbook.split("\n## Seeing\n")[1].split("\n## ")[0]
    ours = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in REGISTRY.collect()
        if not family.name.startswith(("process", "python"))
    }
    assert {name for name in ours if f"`{name}`" not in section} == set()
