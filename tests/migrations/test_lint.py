"""Each revision's SQL is safe to run beside the build before it."""

import pytest

from deploy.ops.migrating.lint.batches import batch_complaints
from deploy.ops.migrating.lint.shipped import SHIPPED
from deploy.ops.migrating.lint.squawk import lint
from deploy.ops.migrating.revisions import Revision, revisions

pytestmark = pytest.mark.unit
REVISIONS = revisions()


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda each: each.name)
def test_a_revision_locks_nobody_out_and_breaks_nobody(revision: Revision) -> None:
    assert revision.statements
    assert lint(revision) == []


def test_a_backfill_goes_by_batches() -> None:
    assert batch_complaints() == []


def test_reasons_are_given_for_what_has_shipped_and_nothing_else() -> None:
    # Newer ones say theirs in their own files, where who reads them looks.
    assert set(SHIPPED) <= {each.name for each in REVISIONS if each.number <= "0009"}
