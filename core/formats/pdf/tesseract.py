"""Tesseract, where the machine has it: a second reader of amounts, independent of the first."""

import shutil
import subprocess
from collections.abc import Callable

PROGRAM = "tesseract"
PATIENCE_SECONDS = 60.0
ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}  # on one thread
OPTIONS = ("-l", "deu", "--psm", "6", "-c", "tessedit_char_whitelist=0123456789.,'+-", "tsv")
"""It sees a column of amounts, and tells a table of words."""


def is_here() -> bool:
    """Whether this machine has the program."""
    return shutil.which(PROGRAM) is not None


def command() -> tuple[str, ...]:
    """What is run: a picture comes in by standard input, what is seen in it leaves by output."""
    return (shutil.which(PROGRAM) or PROGRAM, "stdin", "stdout", "--dpi", "300", *OPTIONS)


def _run_here(picture: bytes) -> bytes | None:
    try:
        done = subprocess.run(  # noqa: S603 - the machine's own program, no shell
            command(),
            input=picture,
            capture_output=True,
            env=ENVIRONMENT,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


run: Callable[[bytes], bytes | None] = _run_here
"""What the program sees in a picture, None where it fails; a confined reader has it run for it."""
