"""A step of the image: what a lock names and our wheel, in a virtual environment without pip.

`python3 deploy/image/install.py LOCK FOLDER`, with pip and cyclonedx-py on the path. Nothing in the
folder depends on when it was made.
"""

import shutil
import subprocess
import sys
from pathlib import Path

WHEELS = Path("/srv/wheels")
LEFT_OUT = ("tests", "test", "testing", "pycountry/locales")
"""Folders that nobody asks for: how packages test themselves, countries' names in all languages."""
KEPT = ("beleg", "python", "python3", "python3.11")
"""Of all the commands that packages bring."""


def main(lock: str, target: Path) -> None:
    """Make the environment, say what is in it, and compile it."""
    python = target / "bin" / "python"
    _run(sys.executable, "-m", "venv", "--without-pip", target)
    _pip(python, "--require-hashes", "--only-binary", ":all:", "-r", lock)
    _pip(python, "--no-deps", *WHEELS.glob("*.whl"))
    said = target / "share" / "sbom" / "python.cdx.json"
    said.parent.mkdir(parents=True)
    _run("cyclonedx-py", "environment", "--output-reproducible", "-o", said, python)
    _thin(target)
    # Checked by nobody at run time: files are as they were when they were compiled.
    _run(python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", target / "lib")


def _pip(python: Path, *words: str | Path) -> None:
    _run("pip", "--python", python, "install", "--no-compile", *words)


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True)  # noqa: S603 - the image's own steps


def _thin(target: Path) -> None:
    """Leave out what nobody runs."""
    for packages in target.glob("lib/python*/site-packages"):
        for name in LEFT_OUT:
            for folder in sorted(packages.glob(f"*/**/{name}" if "/" not in name else name)):
                shutil.rmtree(folder, ignore_errors=True)
    for command in (target / "bin").iterdir():
        if command.name not in KEPT:
            command.unlink()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
