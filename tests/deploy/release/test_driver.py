"""A release goes its way whoever is killed on it, and back whenever an operator says so."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WAY = [
    ["", "expand", "start"],
    ["expand", "shadow", "pass"],
    ["shadow", "ab at 5 %", "pass"],
    ["ab at 5 %", "ab at 50 %", "pass"],
    ["ab at 50 %", "switch", "pass"],
    ["switch", "soak", "pass"],
    ["soak", "contract", "pass"],
    ["contract", "done", "pass"],
]
DONE = {
    "blue": None,
    "green": {"build": "b", "parts": ["api", "bff", "worker"]},
    "baseline": None,
    "shadow-a": None,
    "shadow-b": None,
    "edge": ["green", None, 0.0, None, 0.0, "", ["green"]],
    "differ": None,
}
ON_A = DONE | {
    "blue": {"build": "a", "parts": ["api", "bff", "worker"]},
    "green": None,
    "edge": ["blue", None, 0.0, None, 0.0, "", ["blue"]],
}


async def killed_at(url: str, folder: Path, broken: str = "", *only: str) -> list[dict[str, Any]]:
    folder.mkdir()
    words = (sys.executable, "-m", "tests.deploy.release.driving", url, str(folder), broken, *only)
    process = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    return [json.loads(line) for line in out.splitlines()]


async def test_a_release_whose_gates_pass_ends_with_b_alone(database: str, tmp_path: Path) -> None:
    [whole] = await killed_at(database, tmp_path / "world", "", "[]")
    assert whole["steps"] == WAY
    assert whole["world"] == DONE
