"""The machine as a measurement sees it: its cores, and what processes use of CPU and memory."""

import os
import time
from functools import cache
from pathlib import Path

_PROCESS_CLOCK = 2  # CPUCLOCK_SCHED: user and system time of all threads, in nanoseconds


@cache
def cores() -> tuple[set[int], set[int]]:
    """A core for the servers, and the others for what they are measured with; one is shared.

    They are chosen once, for the measurement then keeps itself to those that are its own.
    """
    first, *others = sorted(os.sched_getaffinity(0))
    return {first}, set(others) or {first}


def cpu(pid: int) -> float:
    """The seconds of CPU, user and system, that a process has used so far.

    Its own clock: /proc/<pid>/stat says the same, but in steps of 10 ms.
    """
    return time.clock_gettime((~pid << 3) | _PROCESS_CLOCK)


def cpu_of_family(pid: int) -> dict[int, float]:
    """The seconds of CPU that a process and each of its children have used so far."""
    used = {}
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in (pid, *map(int, children)):
        try:
            used[each] = cpu(each)
        except OSError:  # it has just ended
            continue
    return used


def resident(pid: int) -> float:
    """The memory of a process, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
