"""Retiring a version deletes its folder and its lines in `app.py`; the rest goes on."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

from public_api.app import VERSIONS
from tests.builders import House

ROOT = Path(__file__).parents[2]
GONE = VERSIONS[-1].name
LINES = (
    ("from public_api.v1.version import V1\n", ""),
    ("VERSIONS = (V2, V1)\n", "VERSIONS = (V2,)\n"),
)

# An editable installation would find in the original what the copy lacks.
ALONE = (
    "import sys\nsys.meta_path[:] = [it for it in sys.meta_path if 'editable' not in repr(it)]\n"
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The source as it is once the oldest version is retired."""
    left_out = ignore_patterns("__pycache__", GONE)
    copytree(ROOT / "public_api", tmp_path / "public_api", ignore=left_out)
    for each in ("bff", "core", "deploy", "migrations", "tests"):
        (tmp_path / each).symlink_to(ROOT / each)
    composed = tmp_path / "public_api/app.py"
    source = composed.read_text()
    for line, instead in LINES:
        assert line in source
        source = source.replace(line, instead)
    composed.write_text(source)
    (tmp_path / "sitecustomize.py").write_text(ALONE)
    return tmp_path


async def run(copy: Path, *arguments: str, **environment: str) -> str:
    """What a Python prints that finds the copy's modules, and no others of ours."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", *arguments),
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def test_without_its_oldest_version_the_rest_starts_answers_and_documents_itself(
    house: House, copy: Path
) -> None:
    partner = await house.partner()
    printed = await run(
        copy,
        str(Path(__file__).with_name("retired.py")),
        *(str(copy), GONE, house.settings.database_url, str(house.folder / "blobs")),
        *(str(partner.client_id), partner.key),
    )
    report: dict[str, Any] = json.loads(printed.splitlines()[-1])
    assert report.pop("imported") > 100
    assert report == {
        "versions": [each.name for each in VERSIONS[:-1]],
        "dead_links": [],
        "dead_ends": [],
        "mentions": [],
        "same": True,
        "statuses": {
            "read": 200,
            "retired": 404,
            "token": 200,
            "app": 200,
            "docs": 200,
            "changelog": 200,
            "way": 404,
        },
        "api_sunset": None,
    }
    listed = await run(
        copy,
        *("-m", "deploy.ops.cli", "versions", "list"),
        BELEG_DATABASE_URL=house.settings.database_url,
    )
    assert [line.partition(":")[0] for line in listed.splitlines()] == report["versions"]
