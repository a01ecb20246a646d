"""How much a processor may work for a file: what the process that reads it is bound to."""

import resource

from core.bilingual import Bilingual
from core.errors import Unreadable

AROUND = 6  # times as much as for other files: what scans may take, and programs that look at them
QUICK = 5  # seconds; who may work less is to be quick

of_programs = 0.0
"""How many seconds programs have worked that another process runs for this one."""


def of_children() -> float:
    """How many seconds the processes have worked that this one has started, and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def take_time_for_scans() -> None:
    """Take the time that scans may take.

    Raises Unreadable where there is none: who is to be quick reads no scan.
    """
    bound, most = resource.getrlimit(resource.RLIMIT_CPU)
    if bound == resource.RLIM_INFINITY:
        return
    if bound < QUICK or of_children() + of_programs > most:
        raise Unreadable(
            Bilingual(
                "Reading this file takes more work than a file of its size may.",
                "Das Lesen dieser Datei braucht mehr Rechenzeit, als eine Datei ihrer Größe darf.",
            ),
            code="too_slow",
        )
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
