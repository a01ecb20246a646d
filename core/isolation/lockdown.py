"""What the process that reads a stranger's file may not do, as far as it can be told unprivileged.

Limits on memory and time everywhere; on Linux also no network, no other process's memory, and no
files but those of the programs (Landlock, seccomp). A kernel that lacks one of these goes without.
"""

import ctypes
import errno
import os
import platform
import resource
import sys
from collections.abc import Iterable

PROGRAMS = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
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
# The audit number of an architecture, and the calls that are refused there: socket, connect,
# ptrace, process_vm_readv and _writev, setpgid, setsid, unshare, io_uring_setup.
REFUSED_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 101, 310, 311, 109, 112, 272, 425)),
    "aarch64": (0xC00000B7, (198, 203, 117, 270, 271, 154, 157, 97, 425)),
}
FOREIGN_ABI = 0x4000_0000  # x32 numbers its calls anew from here
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE, KILL = 0x7FFF_0000, 0x0005_0000 | errno.EPERM, 0x8000_0000

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


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


def confine(memory: int, seconds: float) -> None:
    """Bind this process, and all it starts, to so many bytes and seconds, and to itself."""
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, int(seconds) + 1)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    if sys.platform == "linux":
        _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _restrict_files((*PROGRAMS, sys.prefix, sys.base_prefix, *sys.path))
        _refuse_calls()


def end_with_parent(signal: int) -> None:
    """Have this process sent the signal when the one that started it ends."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))


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


def _refuse_calls() -> None:
    """Have the kernel refuse calls that a reader has no use for (seccomp)."""
    architecture, calls = REFUSED_CALLS.get(platform.machine(), (0, ()))
    if not calls:
        return
    program = [
        _Instruction(LOAD, 0, 0, 4),
        _Instruction(EQUAL, 1, 0, architecture),
        _Instruction(RETURN, 0, 0, KILL),
        _Instruction(LOAD, 0, 0, 0),
        _Instruction(AT_LEAST, len(calls) + 1, 0, FOREIGN_ABI),
        *(_Instruction(EQUAL, len(calls) - at, 0, call) for at, call in enumerate(calls)),
        _Instruction(RETURN, 0, 0, ALLOW),
        _Instruction(RETURN, 0, 0, REFUSE),
    ]
    instructions = (_Instruction * len(program))(*program)
    filter_ = _Filter(len(program), instructions)
    _libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(filter_), 0, 0)
