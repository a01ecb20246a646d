"""A process that confines itself as a reader does, then tries what a reader may not.

`python -m core.isolation.trial` prints a line of JSON: what was tried, and whether it was refused.
What a process cannot tell of itself any more, the one that started it looks up in /proc.
"""

import ctypes
import errno
import json
import os
import platform
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryFile

from core.isolation.calls import MACHINES
from core.isolation.lockdown import confine

MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 10.0
PATIENCE_SECONDS = 20.0
NOWHERE = "/nowhere/at/all"
# Of many that are forbidden, those that reach furthest: keyctl, ptrace, process_vm_readv, bpf,
# unshare, mount, io_uring_setup, perf_event_open, userfaultfd, setuid, memfd_create, pidfd_open.
FAR_REACHING = (
    (250, 101, 310, 321, 272, 165, 425, 298, 323, 105, 319, 434),
    (219, 117, 270, 280, 97, 40, 425, 241, 282, 146, 279, 434),
)


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a reader was not kept from here, by name, and as which user it reads.

    It is None where no confined process could be started.
    """

    open: tuple[str, ...]
    user: int | None

    @property
    def is_whole(self) -> bool:
        """Whether all that was tried was refused."""
        return self.user is not None and not self.open


def confinement() -> Confinement:
    """How readers are confined here, as a process found that tried."""
    try:
        done = subprocess.run(
            (sys.executable, "-m", "core.isolation.trial"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        found = json.loads(done.stdout)
    except (ValueError, OSError, subprocess.TimeoutExpired):
        return Confinement((), None)
    refused: Mapping[str, bool] = found["refused"]
    return Confinement(
        tuple(name for name, was_refused in refused.items() if not was_refused), found["user"]
    )


def _tries() -> dict[str, bool]:
    """What is tried, and whether it was refused; this process is good for nothing else after."""
    column = MACHINES.get(platform.machine(), (0, 0))[1]
    above = os.getppid()
    with TemporaryFile() as file:
        confine(MEMORY_BYTES, SECONDS)
        return {
            "files": _refused(lambda: os.listdir(Path("/").resolve())),
            "writing": _refused(lambda: os.open(NOWHERE, os.O_WRONLY | os.O_CREAT))
            and _refused(lambda: os.write(file.fileno(), b"more")),
            "network": _refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()),
            "memory": _refused(lambda: bytearray(2 * MEMORY_BYTES)),
            "processes": _refused(_fork),
            "programs": _refused(lambda: os.execv(NOWHERE, (NOWHERE,))),  # noqa: S606
            "signals": _refused(lambda: os.kill(above, 0)),
            "limits": _refused(lambda: resource.prlimit(above, resource.RLIMIT_NOFILE)),
            "permissions": _refused(lambda: os.chmod(NOWHERE, 0))
            and _refused(lambda: os.setxattr(NOWHERE, "user.beleg", b"")),
            "kernel": all(_refused(partial(_call, each)) for each in FAR_REACHING[column]),
        }


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _call(number: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, 0, 0, 0, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "")


def _refused(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except MemoryError:
        return True
    except OSError as problem:
        return problem.errno in (errno.EPERM, errno.EACCES, errno.EFBIG)
    except AttributeError:  # this system has no such thing
        return True
    return False


def _status(process: int) -> dict[str, str]:
    """What the kernel says of a process."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _without_rights(status: Mapping[str, str]) -> bool:
    """Whether a process has no right of root, and none to be had."""
    rights = (status.get(each, "1") for each in ("CapPrm", "CapEff", "CapInh", "CapAmb"))
    return not any(int(each, 16) for each in rights) and status.get("NoNewPrivs") == "1"


def main() -> None:
    """Have a process try, look at it from outside, and print what was found."""
    out, into = os.pipe()
    trying = os.fork()
    if trying == 0:
        os.close(out)
        os.write(into, json.dumps(_tries()).encode())
        time.sleep(PATIENCE_SECONDS)  # to be looked at
        os._exit(0)
    os.close(into)
    try:
        refused = json.loads(os.read(out, 1 << 16))
        status = _status(trying)
    finally:
        os.kill(trying, SIGKILL)
    refused["rights"] = _without_rights(status)
    user = int(status["Uid"].split()[0]) if status else os.getuid()
    print(json.dumps({"refused": refused, "user": user}))


if __name__ == "__main__":
    main()
