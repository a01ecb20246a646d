"""Schemathesis finds no way in which the API is not what its documents say, stateful too."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from public_api.app import VERSIONS
from tests.builders import part, running

CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
EXAMPLES, LEAST_CASES = int(os.environ.get("BELEG_TEST_EXAMPLES", "12")), 400
SUMMARY = re.compile(r"^ +(\d+) generated, (\d+) passed", re.MULTILINE)
PHASES = ("Examples", "Coverage", "Fuzzing", "Stateful")


@pytest.mark.long
@pytest.mark.parametrize("name", [version.name for version in VERSIONS])
async def test_hundreds_of_requests_find_nothing_wrong(
    database: str, tmp_path: Path, name: str
) -> None:
    async with running(database, tmp_path) as house:
        partner = await house.partner(per_minute=10**6, per_day=10**8)
    async with part("api", database, tmp_path) as api:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)),
            *("run", f"{api.url}/{name}/openapi.json"),
            *("-H", f"Authorization: Bearer {partner.key}", "--no-color"),
            *("--max-examples", str(EXAMPLES), "--seed", "1", "--generation-deterministic"),
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
    report = output.decode()
    assert process.returncode == 0, report
    assert all(f"✅ {phase}" in report for phase in PHASES), report
    found = SUMMARY.search(report)
    assert found, report
    generated, passed = map(int, found.groups())
    assert generated == passed >= LEAST_CASES
