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
from collections.abc import Hashable
from contextlib import suppress

from core.bulkhead import Bulkhead
from core.errors import Unavailable
from core.reports.commands import render
from core.reports.model import ReportDocument

FEW_DOCUMENTS = 100
"""A report of more is long."""
MOST_CPU_SECONDS, MOST_SECONDS, MOST_BYTES = 120, 900, 1024 * 1024 * 1024
PRINT = "from core.reports.printing import main; main()"
_REFUSAL = "Too many reports are being printed at this moment; ask again in a few seconds."
_short = Bulkhead("reports", threads=1, most_waiting=64, most_per_owner=16, refusal=_REFUSAL)
_long = Bulkhead("long_reports", threads=1, most_waiting=16, most_per_owner=2, refusal=_REFUSAL)


async def print_report(paper: ReportDocument, owner: Hashable) -> bytes:
    """The report as a PDF, in its owner's turn; raises Unavailable where too many wait."""
    if len(paper.documents) <= FEW_DOCUMENTS:
        return await _short.run(owner, lambda: render(paper))
    return await _long.run(owner, lambda: _printed_apart(paper))


def _printed_apart(paper: ReportDocument) -> bytes:
    printed = subprocess.run(  # noqa: S603 - all of it is ours
        (sys.executable, "-c", PRINT),
        input=pickle.dumps(paper),
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )
    if printed.returncode != 0:
        raise Unavailable("This report took too long to print; ask again later.")
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
    paper = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by the process that began this one
    sys.stdout.buffer.write(render(paper))
