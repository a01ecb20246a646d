"""The breaks are fit to be tried on today's source, and a trial tells what it should."""

import ast
import json
from pathlib import Path

import pytest

from tests.attack import session
from tests.attack.breaks import Break
from tests.attack.copies import ROOT, changed
from tests.attack.table import BREAKS
from tests.attack.trials import HUNG, Verdict, judged

pytestmark = pytest.mark.unit
LEAST, MOST_EXCEPTIONS = 70, 3


@pytest.mark.parametrize("planned", BREAKS, ids=lambda planned: planned.name)
def test_a_break_applies_to_todays_source_and_compiles(planned: Break) -> None:
    for name, text in changed(ROOT, planned).items():
        file = ROOT / name
        assert not file.exists() or file.read_text() != text
        ast.parse(text, name)


def test_there_are_seventy_of_which_no_two_are_the_same() -> None:
    assert len(BREAKS) >= LEAST
    for distinct in ({each.name for each in BREAKS}, {each.edits for each in BREAKS}):
        assert len(distinct) == len(BREAKS)
    assert all(each.notices for each in BREAKS)
    assert sum(bool(each.exception) for each in BREAKS) <= MOST_EXCEPTIONS


def test_the_control_set_is_of_tests_that_there_are() -> None:
    for each in session.CONTROL:
        file, _, name = each.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text()


@pytest.mark.parametrize(
    ("found", "output", "verdict"),
    [
        (None, "ImportError", Verdict.INVALID),
        ({"ran": 5, "control": 5, "control_failed": 3, "failed": ["a"]}, "", Verdict.INVALID),
        ({"ran": 9, "control": 5, "control_failed": 1, "failed": ["a::b"]}, "", Verdict.CAUGHT),
        ({"ran": 9, "control": 5, "control_failed": 0, "failed": []}, "", Verdict.NOT_CAUGHT),
        (
            {"ran": 9, "control": 5, "control_failed": 0, "failed": [], "running": "a::b"},
            HUNG,
            Verdict.CAUGHT,
        ),
    ],
)
def test_a_run_is_judged_by_what_it_found(
    tmp_path: Path, found: object, output: str, verdict: Verdict
) -> None:
    findings = tmp_path / "findings.json"
    if found is not None:
        findings.write_text(json.dumps(found))
    trial = judged(findings, 1.0, output)
    assert trial.verdict is verdict
    assert trial.by == "a::b" or verdict is not Verdict.CAUGHT
