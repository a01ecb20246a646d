"""A step of `make`: what it prints is shown only where it fails.

    python -m deploy.ops.step "Installing the packages" pip install ...

Runs before anything is installed, so it knows nothing but the standard library.
"""

import subprocess
import sys
from collections.abc import Sequence

from deploy.ops.terminal import Terminal


def step(what: str, command: Sequence[str], terminal: Terminal) -> int:
    """Run a command to its end and return its exit code, having shown why it failed."""
    printed: list[str] = []
    try:
        with terminal.step(what):
            _run(command, printed, terminal)
    except subprocess.CalledProcessError as problem:
        terminal.say("".join(printed).rstrip())
        return problem.returncode
    return 0


def _run(command: Sequence[str], printed: list[str], terminal: Terminal) -> None:
    with subprocess.Popen(  # noqa: S603 - the Makefile's own commands, no shell
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            printed.append(line)
            terminal.note(line.strip())
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


if __name__ == "__main__":
    try:
        sys.exit(step(sys.argv[1], sys.argv[2:], Terminal()))
    except KeyboardInterrupt:
        sys.exit(130)
