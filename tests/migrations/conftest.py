"""What tests of migrations share."""

from pathlib import Path

import pytest

from tests.migrations.scratch import Scratch


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """Revisions of the test's own."""
    return Scratch(tmp_path / "versions")
