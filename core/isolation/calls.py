"""The system calls that a reader of files, or the program that reads scans, may make: no others.

Measured: what reading every format calls (tests/core/isolation/test_allowed_calls.py), and what
an interpreter, its C library or its allocator call where memory runs short. A call that is listed
with conditions is allowed only with such arguments.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

# By name: the call's number on x86_64 and on aarch64, which lacks the older ones (-1).
NUMBERS: Mapping[str, tuple[int, int]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "stat": (4, -1),
    "fstat": (5, 80),
    "lstat": (6, -1),
    "poll": (7, -1),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "ioctl": (16, 29),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "access": (21, -1),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "dup": (32, 23),
    "getpid": (39, 172),
    "execve": (59, 221),
    "exit": (60, 93),
    "uname": (63, 160),
    "fcntl": (72, 25),
    "getcwd": (79, 17),
    "readlink": (89, -1),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "sigaltstack": (131, 132),
    "arch_prctl": (158, -1),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "getdents64": (217, 61),
    "set_tid_address": (218, 96),
    "fadvise64": (221, 223),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "tgkill": (234, 131),
    "openat": (257, 56),
    "newfstatat": (262, 79),
    "readlinkat": (267, 78),
    "faccessat": (269, 48),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "prlimit64": (302, 261),
    "getrandom": (318, 278),
    "statx": (332, 291),
    "rseq": (334, 293),
    "faccessat2": (439, 439),
}
MACHINES: Mapping[str, tuple[int, int]] = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""By machine: the number by which the kernel audits it, and the column of its calls."""
TO_START = ("execve",)
"""What becoming another program takes besides; never allowed with what starts a process."""
NEWEST = 462
"""The newest call when this was written: to what came later, programs hear that it is not there."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
TERMINAL, CLOSED_AT_EXEC, WAITING = 0x5401, 0x5451, 0x541B
DESCRIPTOR_COMMANDS = (0, 1, 2, 3, 1030)  # to duplicate, and flags; never whom to send signals

FOREIGN_ABI = 0x4000_0000  # x32 numbers its calls anew from here
LOAD, AND, LEAP, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x05, 0x15, 0x35, 0x06
ALLOW, KILL = 0x7FFF_0000, 0x8000_0000
REFUSE, LACKING = 0x0005_0000 | errno.EPERM, 0x0005_0000 | errno.ENOSYS
NUMBER_AT, MACHINE_AT, ARGUMENTS_AT = 0, 4, 16

Step: TypeAlias = tuple[int, int, int, int]
"""Of a filter's program: what to do, how many steps to leap if true and if false, and a number."""


@dataclass(frozen=True, slots=True)
class _Condition:
    """What an argument must be, once it is masked: one of these numbers."""

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFF_FFFF
    high: bool = False

    def steps(self) -> Iterator[Step]:
        """Go on behind these steps where it holds; refuse where it does not."""
        yield LOAD, 0, 0, ARGUMENTS_AT + 8 * self.argument + 4 * self.high
        yield AND, 0, 0, self.mask
        for left, value in zip(range(len(self.values), 0, -1), self.values, strict=True):
            yield EQUAL, left, 0, value
        yield RETURN, 0, 0, REFUSE


def _conditions(process: int) -> dict[str, tuple[_Condition, ...]]:
    """Calls that are allowed only so; `process` is the one that the filter is for."""
    return {
        "openat": (_Condition(2, (0,), WRITING),),
        "ioctl": (_Condition(1, (TERMINAL, CLOSED_AT_EXEC, WAITING)),),
        "fcntl": (_Condition(1, DESCRIPTOR_COMMANDS),),
        "prlimit64": (_Condition(0, (0,)),),  # its own: there is no way up beyond the hard ones
        "tgkill": (_Condition(0, (process,)),),
    }


def filter_for(machine: str, process: int, *, starts: bool = False) -> list[Step]:
    """The filter (seccomp) of a process; with `starts`, of one that becomes another program.

    Empty where the machine's numbers are not known.
    """
    if machine not in MACHINES:
        return []
    audited, column = MACHINES[machine]
    conditions = _conditions(process)
    known = {name: each[column] for name, each in NUMBERS.items() if each[column] >= 0}
    simple = [
        number
        for name, number in known.items()
        if name not in conditions and (starts or name not in TO_START)
    ]
    steps = [
        (LOAD, 0, 0, MACHINE_AT),
        (EQUAL, 1, 0, audited),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        (AT_LEAST, 0, 1, FOREIGN_ABI),
        (RETURN, 0, 0, REFUSE),
        (AT_LEAST, 0, 1, NEWEST + 1),
        (RETURN, 0, 0, LACKING),
        *((EQUAL, len(simple) - at, 0, number) for at, number in enumerate(simple)),
        (LEAP, 0, 0, 1),
        (RETURN, 0, 0, ALLOW),
    ]
    for name, each in conditions.items():
        inner = [step for condition in each for step in condition.steps()]
        steps += [(EQUAL, 0, len(inner) + 1, known[name]), *inner, (RETURN, 0, 0, ALLOW)]
    return [*steps, (RETURN, 0, 0, REFUSE)]
