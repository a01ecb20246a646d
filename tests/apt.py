"""Programs that tests need and pip does not bring: the machine's own, else installed by apt."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence


def locate(names: Sequence[str]) -> str | None:
    """The path of the first of these programs that the machine has."""
    return next((path for name in names if (path := shutil.which(name))), None)


def provide(names: Sequence[str], packages: Sequence[str]) -> None:
    """See that one of the programs is there; exits naming the packages where we may not install."""
    if locate(names):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"The tests need {names[0]}. Install: {' '.join(packages)}")
    apt = ("apt-get", "--quiet", "--yes")
    subprocess.run((*apt, "update"), check=True)
    subprocess.run((*apt, "install", "--no-install-recommends", *packages), check=True)
