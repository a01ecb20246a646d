"""Drivers killed at their points, by a process that forks them."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any


async def killed_at(url: str, folder: Path, broken: str, how_many: str) -> list[dict[str, Any]]:
    """How a driver ends whom nobody kills, then each who went on where one was killed."""
    await asyncio.to_thread(folder.mkdir)
    words = (
        sys.executable,
        "-m",
        "tests.deploy.release.driving",
        url,
        str(folder),
        broken,
        how_many,
    )
    process = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    return [json.loads(line) for line in out.splitlines()]
