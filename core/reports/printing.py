"""Printing reports beside everything else: each client in its turn, and the long ones apart.

A report of few documents is a fraction of a second of work and printed here. A long one would hold
up whoever is served by this process meanwhile, so that a process of its own prints it.
"""

import os
import pickle
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Hashable
from contextlib import suppress

import structlog

from core.bulkhead import Bulkhead
from core.errors import Unavailable
from core.reports.commands import render
from core.reports.model import ReportDocument

FEW_DOCUMENTS = 100
"""A report of more is long."""
TOO_LARGE = 3
"""The status with which a process ends whose report takes more memory than one may."""
MOST_CPU_SECONDS, MOST_SECONDS, MOST_BYTES = 120, 900, 1024 * 1024 * 1024
PRINT = "from core.reports.printing import main; main()"
_REFUSAL = "Too many reports are being printed at this moment; ask again in a few seconds."
_short = Bulkhead("reports", threads=1, most_waiting=64, most_per_owner=16, refusal=_REFUSAL)
_long = Bulkhead("long_reports", threads=1, most_waiting=16, most_per_owner=2, refusal=_REFUSAL)
log = structlog.get_logger()


class PrintingFailed(Exception):
    """A report cannot be printed for an error of ours."""


async def print_report(paper: ReportDocument, owner: Hashable) -> bytes:
    """The report as a PDF, in its owner's turn; raises Unavailable where too many wait."""
    if len(paper.documents) <= FEW_DOCUMENTS:
        return await _short.run(owner, lambda: render(paper))
    return await _long.run(owner, lambda: _printed_apart(paper))


def _printed_apart(paper: ReportDocument) -> bytes:
    printed = subprocess.run(  # noqa: S603 - all of it is ours
        (sys.executable, "-c", PRINT),
        input=pickle.dumps(paper),
        capture_output=True,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )
    if printed.returncode < 0 or printed.returncode == TOO_LARGE:
        raise Unavailable("This report takes more to print than one may; ask again later.")
    if printed.returncode != 0:
        where = printed.stderr.decode(errors="replace").strip()
        log.error("report_not_printed", where=where)
        raise PrintingFailed
    return printed.stdout


def main() -> None:
    """Print the report that comes in, giving way to everything else, and never without end."""
    os.nice(10)
    signal.alarm(MOST_SECONDS)  # also where nobody is left to wait for it
    for bound, most in (
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS),
        (resource.RLIMIT_AS, MOST_BYTES),
    ):
        with suppress(ValueError):  # where less is allowed already
            resource.setrlimit(bound, (most, most))
    try:
        # Written by the process that began this one.
        content = render(pickle.load(sys.stdin.buffer))  # noqa: S301
    except MemoryError:
        sys.exit(TOO_LARGE)
    except Exception as problem:  # its words may be of what was printed
        frames = "".join(traceback.format_tb(problem.__traceback__))
        sys.exit(f"{frames}{type(problem).__qualname__}")
    sys.stdout.buffer.write(content)
