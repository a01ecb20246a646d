"""The wheel, built from a copy of what is here: a build leaves things behind."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("bff", "core", "deploy", "migrations", "public_api")
DAY, DAY_OF = "315532800", "1980-01-01"
"""The day that files of a wheel bear where nobody says another: the first that a zip knows."""


def build(folder: Path) -> Path:
    """Build it there."""
    sources = folder / "sources"
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("node_modules", "__pycache__")
        shutil.copytree(ROOT / package, sources / package, ignore=ignored)
    for file in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / file, sources)
    options = ("--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    done = subprocess.run(
        (sys.executable, "-m", "pip", "wheel", "--quiet", *options, sources),
        env={**os.environ, "SOURCE_DATE_EPOCH": DAY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("beleg-*.whl")
    return wheel
