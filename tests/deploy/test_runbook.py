"""The runbook's table of contents: an operator finds every chapter from it."""

import re
from pathlib import Path

import pytest

RUNBOOK = (Path(__file__).parent.parent.parent / "deploy/README.md").read_text()
LINK = re.compile(r"\[([^\]]+)\]\(#([^)]+)\)")


def _anchor(heading: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.unit
def test_the_contents_lead_to_every_chapter_of_the_runbook() -> None:
    chapters = re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE)
    contents = RUNBOOK.partition("## Contents\n")[2].partition("\n## ")[0]
    linked = dict(LINK.findall(contents))
    assert linked == {each: _anchor(each) for each in chapters if each != "Contents"}


@pytest.mark.unit
def test_a_chapter_that_the_runbook_names_is_there() -> None:
    named = set(re.findall(r'(?:See|see|\() ?"([A-Z][^"]+)"', RUNBOOK))
    headings = set(re.findall(r"^###? (.+)$|^\*\*(.+?)\.?\*\*", RUNBOOK, re.MULTILINE))
    there = {each for pair in headings for each in pair if each}
    assert named
    assert named <= there, named - there
