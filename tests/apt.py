"""Programs that tests need and pip does not bring: the machine's own, else installed by apt."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence

from deploy.ops.terminal import Terminal

LOCKED = re.compile(r"Could not get lock (\S+?)\.? (?:.*held by (process \d+ \(.*?\)))?")
PATIENCE_SECONDS = 900.0
LOOK_SECONDS = 2.0


def locate(names: Sequence[str]) -> str | None:
    """The path of the first of these programs that the machine has."""
    return next((path for name in names if (path := shutil.which(name))), None)


def provide(names: Sequence[str], packages: Sequence[str]) -> None:
    """See that one of the programs is there; exits naming the packages where we may not install."""
    if locate(names):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"The tests need {names[0]}. Install: {' '.join(packages)}")
    terminal = Terminal()
    with terminal.step("Asking which packages there are"):
        apt_get(terminal, "update")
    with terminal.step(f"Installing {' '.join(packages)}"):
        apt_get(terminal, "install", "--no-install-recommends", *packages)


def apt_get(terminal: Terminal, *words: str) -> None:
    """Run apt-get, after whoever else is at the machine's packages; exits with its complaint.

    Its own patience (`DPkg::Lock::Timeout`) does not cover the lists, so it is asked again.
    """
    deadline, announced = time.monotonic() + PATIENCE_SECONDS, False
    while True:
        done = subprocess.run(
            ("apt-get", "--quiet", "--yes", *words),
            env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        busy = LOCKED.search(done.stdout)
        if done.returncode == 0:
            return
        if busy is None or time.monotonic() > deadline:
            terminal.say(done.stdout.rstrip())
            sys.exit(f"apt-get {words[0]} failed with exit code {done.returncode}.")
        if not announced:
            holder = busy[2] or "another process"
            terminal.say(f"  Waiting for {holder}, which holds {busy[1]}.")
            announced = True
        time.sleep(LOOK_SECONDS)
