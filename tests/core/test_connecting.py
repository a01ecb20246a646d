"""Every connection is made in one place, so that what holds there holds for all."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKES = ("asyncpg.connect(", "create_pool(", "psycopg.connect(")


@pytest.mark.unit
def test_nothing_else_makes_a_connection() -> None:
    makers = {
        str(file.relative_to(ROOT))
        for folder in ("bff", "core", "deploy", "migrations", "public_api")
        for file in (ROOT / folder).rglob("*.py")
        if "node_modules" not in file.parts and any(each in file.read_text() for each in MAKES)
    }
    assert makers == {"core/connector.py"}
