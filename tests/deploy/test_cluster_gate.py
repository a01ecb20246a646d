"""The gate that Argo Rollouts asks passes, fails and waits as ours does; Prometheus answers."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.manifests import KUBERNETES, run

TEMPLATE = KUBERNETES / "rollouts/analysis.yaml"
MINUTES = 40


def gate() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(TEMPLATE.read_text())["spec"]
    return found


def queries() -> dict[str, str]:
    """What is asked, by name, of the two builds `a` and `b`."""
    values = {each["name"]: each.get("value", "") for each in gate()["args"]}
    values |= {"stable": "a", "canary": "b"}
    found = {}
    for metric in gate()["metrics"]:
        query = metric["provider"]["prometheus"]["query"]
        for name, value in values.items():
            query = query.replace(f"{{{{args.{name}}}}}", value)
        assert "{{" not in query
        found[metric["name"]] = query
    return found


def series(build: str, each_minute: int, failed: int = 0, slow: int = 0) -> list[dict[str, str]]:
    """So many requests of a build in each minute, and how many of them were bad."""
    whose = f'app_name="public_api",rollouts_pod_template_hash="{build}"'
    name = "http_requests_duration_seconds"
    return [
        {"series": f"{name}_{kind}{{{whose},{more}}}", "values": f"0+{count}x{MINUTES}"}
        for kind, more, count in (
            ("count", 'status_code="200"', each_minute - failed),
            ("count", 'status_code="503"', failed),
            ("bucket", 'status_code="200",le="0.5"', each_minute - failed - slow),
            ("bucket", 'status_code="503",le="0.5"', failed),
        )
        if kind == "bucket" or count or more != 'status_code="503"'
    ]


@pytest.mark.parametrize(
    ("given", "verdicts"),
    [
        (series("a", 400) + series("b", 40), {"failed": 0, "slow": 0}),
        (series("a", 400, failed=1) + series("b", 40), {"failed": 0, "slow": 0}),
        (series("a", 400, failed=1) + series("b", 40, failed=2), {"failed": 1, "slow": 0}),
        (series("a", 400, slow=8) + series("b", 40, slow=8), {"failed": 0, "slow": 1}),
        (series("a", 400) + series("b", 4, failed=4), {"failed": None, "slow": None}),
        (series("b", 400, failed=200), {"failed": None, "slow": None}),
    ],
    ids=["alike", "A is worse", "5 % of B fail", "B is slow", "too few of B", "none of A"],
)
def test_it_fails_what_is_worse_and_waits_where_there_is_too_little(
    given: list[dict[str, str]], verdicts: dict[str, int | None], tmp_path: Path
) -> None:
    assert shutil.which("promtool"), "apt-get install prometheus"
    asked = [
        {
            "expr": f"({queries()[name]}) >= bool 3.1",
            "eval_time": f"{MINUTES - 5}m",
            "exp_samples": [] if verdict is None else [{"labels": "{}", "value": verdict}],
        }
        for name, verdict in verdicts.items()
    ]
    case = {"interval": "1m", "input_series": given, "promql_expr_test": asked}
    file = tmp_path / "gate.yaml"
    file.write_text(json.dumps({"rule_files": [], "tests": [case]}))
    run("promtool", "test", "rules", file)


@pytest.mark.unit
def test_no_answer_is_neither_passed_nor_failed_and_is_waited_for() -> None:
    for metric in gate()["metrics"]:
        assert metric["successCondition"] == "len(result) > 0 && result[0] < 3.1"
        assert metric["failureCondition"] == "len(result) > 0 && result[0] >= 3.1"
        assert metric["failureLimit"] == 0
        assert metric["inconclusiveLimit"] > 100, "it would be stuck for want of requests"
