"""Tesseract, the machine's own program that reads the letters of a picture."""

import shutil
import subprocess
from collections.abc import Callable, Mapping

PROGRAM = "tesseract"
PATIENCE_SECONDS = 60.0
ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}  # on one thread


PAGE, AMOUNT, MARKS = range(3)
"""What a picture is looked at for."""
OPTIONS: Mapping[int, tuple[str, ...]] = {
    PAGE: ("--psm", "6", "tsv"),  # a block of text, as a table of words
    AMOUNT: ("--psm", "7", "-c", "tessedit_char_whitelist=0123456789.,+-SH"),  # only a line
    MARKS: ("--psm", "7", "-c", "tessedit_char_whitelist=SH"),
}


def command(look: int) -> tuple[str, ...]:
    """What is run: a picture comes in by standard input, what is seen in it leaves by output."""
    program = shutil.which(PROGRAM) or PROGRAM
    return (program, "stdin", "stdout", "-l", "deu", "--dpi", "300", *OPTIONS[look])


def _run_here(picture: bytes, look: int) -> bytes | None:
    try:
        done = subprocess.run(  # noqa: S603 - the machine's own program, no shell
            command(look),
            input=picture,
            capture_output=True,
            env=ENVIRONMENT,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


run: Callable[[bytes, int], bytes | None] = _run_here
"""What the program sees in a picture, None where it fails; a confined reader has it run for it."""
