"""Each alert speaks when it should and else keeps still, and says where to read what to do."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import prometheus
from tests.deploy.alerts.cases import CASES, INFO, Case

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "alerts"
RULES = (FOLDER / "recording.yaml", FOLDER / "alerts.yaml")
RUNBOOK = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
ALERTS: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(RULES[1].read_text())["groups"] for rule in group["rules"]
]
NAMES = sorted({rule["alert"] for rule in ALERTS})


def run(names: tuple[str, ...], *words: object) -> str:
    """What one of Prometheus' programs says; it must be content."""
    done = subprocess.run(
        (prometheus.program(names), *map(str, words)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def series(name: str, case: Case) -> list[dict[str, str]]:
    """What is measured in a case, as promtool reads it."""
    found = {INFO: "1x300", **case.series} if case.info else case.series
    return [{"series": key.replace("@", name), "values": found[key]} for key in found]


def expected(name: str, case: Case) -> dict[str, Any]:
    """Whether the alert speaks of this case, by whichever label it names it."""
    meant = f'alertname="{case.alert}",alertstate="firing",{case.labels}'
    places = (f'beleg_instance="{name}"', f'instance="{name}:9000"', f'build="{name}"')
    spoken = " or ".join(f"count(ALERTS{{{meant}{place}}})" for place in places)
    return {
        "expr": f"({spoken} or vector(0)) > bool 0",
        "eval_time": case.at,
        "exp_samples": [{"labels": "{}", "value": int(case.fires)}],
    }


def test_prometheus_takes_the_rules_and_the_examples() -> None:
    run(prometheus.PROMTOOL, "check", "rules", *RULES)
    run(prometheus.PROMTOOL, "check", "config", FOLDER / "prometheus.example.yaml")
    run(prometheus.AMTOOL, "check-config", FOLDER / "alertmanager.example.yaml")


def test_each_alert_fires_where_it_should_and_not_where_it_should_not(tmp_path: Path) -> None:
    named = {f"{case.alert}-{number}": case for number, case in enumerate(CASES)}
    cases = tmp_path / "cases.yaml"
    cases.write_text(
        yaml.safe_dump(
            {
                "rule_files": [str(path) for path in RULES],
                "evaluation_interval": "2m",
                "tests": [
                    {
                        "interval": "1m",
                        "input_series": [
                            row for name in named for row in series(name, named[name])
                        ],
                        "promql_expr_test": [expected(name, named[name]) for name in named],
                    }
                ],
            }
        )
    )
    run(prometheus.PROMTOOL, "test", "rules", cases)
    tried = {(case.alert, case.fires) for case in CASES}
    assert tried == {(name, fires) for name in NAMES for fires in (True, False)}


@pytest.mark.parametrize(
    "rule", ALERTS, ids=lambda rule: f"{rule['alert']}-{rule.get('for', '0s')}"
)
def test_each_alert_leads_to_its_paragraph(rule: dict[str, Any]) -> None:
    name = rule["alert"]
    assert rule["annotations"]["runbook_url"] == f"deploy/README.md#{name.lower()}"
    assert rule["labels"]["severity"] in ("page", "ticket")
    paragraph = re.search(rf"^### {name}\n(.+?)(?=^##|\Z)", RUNBOOK, re.M | re.S)
    assert paragraph, f"deploy/README.md has no ### {name}"
    for said in ("**Means:**", "**Look at:**", "**Do:**"):
        assert said in paragraph[1], f"### {name} lacks {said}"


def test_the_runbook_explains_no_alert_that_there_is_not() -> None:
    section = RUNBOOK.split("\n## Alerts\n")[1].split("\n## ")[0]
    assert sorted(re.findall(r"^### (\w+)$", section, re.M)) == NAMES
