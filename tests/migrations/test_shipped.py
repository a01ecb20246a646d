"""A revision that has shipped stays as it was on the day of its release."""

import hashlib
from importlib import import_module
from pathlib import Path

import pytest

import migrations
from deploy.ops.migrating.revisions import revisions
from migrations.mended import MENDED

pytestmark = pytest.mark.unit
ROOT = Path(migrations.__file__).parent
SHIPPED = {
    name: digest
    for digest, name in (line.split() for line in (ROOT / "shipped.txt").read_text().splitlines())
}
LAST = "0009"
"""What the last release brought; it moves on the day of a release, with lines in shipped.txt."""


@pytest.mark.parametrize("name", SHIPPED)
def test_what_has_shipped_stays_as_it_is(name: str) -> None:
    content = (ROOT / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHIPPED[name], f"{name} has shipped: undo that"


def test_every_shipped_revision_is_listed_once() -> None:
    brought = [each for each in revisions() if each.number <= LAST]
    assert list(SHIPPED) == [f"versions/{each.file.name}" for each in brought]


@pytest.mark.parametrize("number", MENDED)
def test_what_is_mended_is_one_statement_of_its_revision_and_done_by_a_backfill(
    number: str,
) -> None:
    (revision,) = (each for each in revisions() if each.number == number)
    whole = revision.module.STATEMENTS
    for mended in MENDED[number]:
        assert sum(each.startswith(mended.beginning) for each in whole) == 1
        assert mended.reason
        backfill = import_module(f"migrations.backfills.{mended.backfill}")
        assert backfill.TABLE in mended.beginning
    assert len(revision.statements) == len(whole) - len(MENDED[number])
