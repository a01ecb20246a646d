"""A difference that is meant is ignored for as long as somebody answers for it, and no longer."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import Invalid
from deploy.release.shadow import rules
from deploy.release.shadow.comparison import Difference, DifferenceKind
from deploy.release.shadow.findings import Findings
from deploy.release.shadow.report import Report, markdown, write

pytestmark = pytest.mark.unit

ROUTE = "GET /v2/applications/{id}"
MEANT = """
[[ignore]]
route = "GET /v2/applications/{id}"
path = "/declared/**"
kind = "type"
reason = "an empty note is said as such"
owner = "Uta"
expires = 2027-01-31
"""
TODAY = date(2027, 1, 31)


def _rules(folder: Path, text: str) -> tuple[rules.IgnoreRule, ...]:
    file = folder / "ignore.toml"
    file.write_text(text)
    return rules.read(file)


def _findings() -> Findings:
    findings = Findings(operations=[ROUTE, "GET /v1/applications"], mirrored=3)
    found = findings.of(ROUTE)
    found.mirrored = found.compared = 3
    found.differ([Difference("/declared/note", DifferenceKind.TYPE, "null", '""')])
    return findings


def test_a_rule_ignores_until_its_last_day_and_then_the_difference_counts_again(
    tmp_path: Path,
) -> None:
    known = _rules(tmp_path, MEANT)
    report = Report.of(_findings(), known, TODAY)
    assert (report.lines(), len(report.ignored), report.unused_rules) == ((), 1, ())
    late = Report.of(_findings(), known, date(2027, 2, 1))
    (line,) = late.lines()
    assert line.startswith(f'{ROUTE} /declared/note is of another type: null → "" (1 of 3)')
    assert "the rule for it has expired" in line
    assert "Uta" in line
    assert len(late.expired_rules) == 1


def test_a_rule_covers_its_route_its_path_and_its_kind_alone(tmp_path: Path) -> None:
    (rule,) = _rules(tmp_path, MEANT)
    assert rule.covers(ROUTE, "/declared/note", "type")
    assert not rule.covers(ROUTE, "/declared/note", "value")
    assert not rule.covers(ROUTE, "/declaredly", "type")
    assert not rule.covers("GET /v2/applications", "/declared/note", "type")


def test_a_rule_that_nothing_needs_is_said(tmp_path: Path) -> None:
    report = Report.of(Findings(), _rules(tmp_path, MEANT), TODAY)
    assert len(report.unused_rules) == 1
    assert "Rules that nothing needs" in markdown(report)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MEANT.replace('owner = "Uta"\n', ""), "rule 1: owner is missing"),
        (MEANT.replace("2027-01-31", '"2027-01-31"'), "rule 1: expires: a day"),
        (MEANT.replace("kind =", "sort ="), "rule 1: sort is not known"),
        (MEANT.replace('"an empty note is said as such"', '" "'), "rule 1: reason: a text"),
        (MEANT.replace(ROUTE, "*").replace("/declared/**", "*"), "would ignore everything"),
        ("[ignore]\nroute = 1", "rules are written [[ignore]]"),
        ("ignore = [", "ignore.toml"),
    ],
)
def test_a_rule_nobody_can_answer_for_is_refused_by_its_number(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        _rules(tmp_path, text)
    assert told in refusal.value.detail


def test_findings_come_back_out_of_their_file_as_they_were() -> None:
    findings = _findings()
    findings.of(ROUTE).cancel(["/at"])
    findings.of(ROUTE).a.note(0.012)
    assert Findings.of_json(findings.as_json()) == findings
    assert Findings.of_json({"format": 0}).routes == {}


def test_the_page_needs_nothing_beside_itself_and_says_what_was_never_mirrored(
    tmp_path: Path,
) -> None:
    page = write(Report.of(_findings(), ()), tmp_path).read_text()
    assert "<script" not in page
    assert "http" not in page
    assert "src=" not in page
    assert "GET /v1/applications: never mirrored" in page
    assert "null" in page
    assert "1 difference" in (tmp_path / "report.md").read_text()


def test_latencies_are_told_to_a_tenth() -> None:
    found = Findings().of(ROUTE)
    for each in range(1, 101):
        found.a.note(each / 1000)
    assert found.a.percentile(50) == pytest.approx(50, rel=0.1)
    assert found.a.percentile(99) == pytest.approx(99, rel=0.1)
    assert found.b.percentile(50) is None
