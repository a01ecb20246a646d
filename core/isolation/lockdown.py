"""What the process that reads a stranger's file may not do, as far as it can be told unprivileged.

Limits on memory, time, files and processes everywhere; on Linux also no rights of root, a user of
its own where root started it, no files but those of the programs (Landlock), and no system calls
but those that reading takes (`calls.py`). A kernel that lacks one of these goes without: whether it
does, `trial.py` tells by trying.
"""

import ctypes
import os
import platform
import resource
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from core.formats.common.work import AROUND
from core.isolation.calls import filter_for

PROGRAMS = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")
FIRST_USER, USERS = 60_578, 600
"""Users that no system gives to anybody (the unused ones below systemd's): one for each reader."""
DESCRIPTORS = 64

PR_SET_PDEATHSIG, PR_GET_PDEATHSIG = 1, 2
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 22, 24, 38
CAPABILITIES_3 = 0x2008_0522
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446  # alike on all architectures
EXECUTE, READ_FILE, READ_DIR = 1 << 0, 1 << 2, 1 << 3
# Every right that the kernel's version of Landlock knows: (first version, files, network, scopes).
KNOWN_RIGHTS = (
    (1, (1 << 13) - 1, 0, 0),
    (2, 1 << 13, 0, 0),
    (3, 1 << 14, 0, 0),
    (4, 0, 0b11, 0),
    (5, 1 << 15, 0, 0),
    (6, 0, 0, 0b11),
)

_libc = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("operand", ctypes.c_uint32),
    )


class _Subject(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("process", ctypes.c_int))


class _Rights(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


def confine(memory: int, seconds: float, *, starts: bool = False) -> None:
    """Bind this process to so many bytes and seconds, and to itself, for good.

    It starts no other; with `starts` it may still become another program.
    """
    if sys.platform == "linux":
        _leave_root()
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, int(seconds) + 1, AROUND * (int(seconds) + 1))
    for what in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        _limit(what, 0)
    _limit(resource.RLIMIT_MEMLOCK, 0)
    _limit(resource.RLIMIT_NOFILE, DESCRIPTORS)
    if sys.platform == "linux":
        _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _restrict_files((*PROGRAMS, sys.prefix, sys.base_prefix, *sys.path))
        _allow_calls(starts)


def end_with_parent(signal: int) -> None:
    """Have this process sent the signal when the one that started it ends."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)


def _limit(what: int, most: int, for_scans: int | None = None) -> None:
    """Bind to so much; what reads scans may take more if it says so."""
    _, hard = resource.getrlimit(what)
    bounds = most, most if for_scans is None else for_scans
    if hard != resource.RLIM_INFINITY:
        bounds = min(bounds[0], hard), min(bounds[1], hard)
    resource.setrlimit(what, bounds)


def _restrict_files(paths: Iterable[str]) -> None:
    """Leave nothing but reading and running what is beneath these paths (Landlock)."""
    version = _libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return
    rights = [0, 0, 0]
    for since, *each in KNOWN_RIGHTS:
        if since <= version:
            rights = [has | more for has, more in zip(rights, each, strict=True)]
    handled = _Ruleset(*rights)
    size = ctypes.sizeof(handled) if version >= 6 else 16 if version >= 4 else 8
    ruleset = _libc.syscall(LANDLOCK_CREATE, ctypes.byref(handled), size, 0)
    for path in {path for path in paths if os.path.exists(path)}:
        parent = os.open(path, os.O_PATH)
        allowed = EXECUTE | READ_FILE | (READ_DIR if os.path.isdir(path) else 0)
        beneath = _Beneath(allowed, parent)
        _libc.syscall(LANDLOCK_ADD, ruleset, 1, ctypes.byref(beneath), 0)
        os.close(parent)
    _libc.syscall(LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _leave_root() -> None:
    """Give up the rights of root, and its name where the programs are anybody's to read."""
    if os.geteuid() != 0:
        return
    signal, user = ctypes.c_int(), FIRST_USER + os.getpid() % USERS
    _libc.prctl(PR_GET_PDEATHSIG, ctypes.byref(signal), 0, 0, 0)
    right = 0
    while _libc.prctl(PR_CAPBSET_DROP, right, 0, 0, 0) == 0:
        right += 1
    if all(map(_is_for_all, (os.__file__, __file__, sys.executable))):
        try:
            os.setgroups(())
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        except OSError:  # not allowed here, or no such user in this container
            pass
    _libc.capset(ctypes.byref(_Subject(CAPABILITIES_3, 0)), (_Rights * 2)())
    _libc.prctl(PR_SET_PDEATHSIG, signal.value, 0, 0, 0)  # is forgotten with the name


def _is_for_all(path: str) -> bool:
    """Whether anybody may read the file, and come to it."""
    file = Path(path).resolve()
    modes = [each.stat().st_mode for each in file.parents]
    return bool(file.stat().st_mode & stat.S_IROTH) and all(each & stat.S_IXOTH for each in modes)


def _allow_calls(starts: bool) -> None:
    """Have the kernel refuse all calls but those that reading takes (seccomp)."""
    steps = filter_for(platform.machine(), os.getpid(), starts=starts)
    if not steps:
        return
    instructions = (_Instruction * len(steps))(*(_Instruction(*each) for each in steps))
    filter_ = _Filter(len(steps), instructions)
    _libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(filter_), 0, 0)
