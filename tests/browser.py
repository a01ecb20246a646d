"""The headless browser that the browser tests drive: the machine's own, else installed by apt."""

import os
import shutil
import subprocess
import sys

PACKAGE = "chromium-headless-shell"
NAMES = (PACKAGE, "chromium", "chromium-browser", "google-chrome")


def locate() -> str | None:
    """The path of the machine's browser."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Install the browser; exits naming the package where that takes rights we lack."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"The browser tests need Chromium. Install the package {PACKAGE} or chromium.")
    apt = ("apt-get", "--quiet", "--yes")
    subprocess.run((*apt, "update"), check=True)
    subprocess.run((*apt, "install", "--no-install-recommends", PACKAGE), check=True)


if __name__ == "__main__" and locate() is None:
    install()
