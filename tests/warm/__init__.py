"""Commands of ours that tests start, forked from a process that has imported all they need.

`python -m deploy.ops.cli ...` takes half a second before it does anything, a part of the product
more than one, and tests start hundreds. A process stands warm instead (`server.py`) and forks what
`subprocess` and `asyncio` are asked for. What it forks is a child of who asked, as any other is:
with the words, environment, folder, group and streams that were said, killed by the same signals,
waited for in the same way. The console script, another checkout, another interpreter, and whatever
is asked for in an unusual way are started as ever.
"""

import ctypes
import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COLD = "BELEG_TEST_COLD"
"""Where this is set, every command is started as an operator starts it."""
FORKED = frozenset(
    (
        "deploy.ops.cli",
        "tests.deploy.release.command",
        "tests.deploy.release.driving",
        "tests.scratch_fleet",
        "tests.warm.seen",
    )
)
"""What `python -m` is asked to run by those who are served."""
COMMAND = (sys.executable, "-m")
SERVER = "tests.warm.server"
ROOM = " " * 4096
"""In the server's own command line, for those of what it forks."""
PR_SET_CHILD_SUBREAPER = 36
PIPES = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
USUAL = {
    "pass_fds": (),
    "close_fds": True,
    "shell": False,
    "executable": None,
    "restore_signals": True,
    "gid": None,
    "gids": None,
    "uid": None,
    "umask": -1,
}
_start_cold = subprocess.Popen._execute_child  # type: ignore[attr-defined]
_SIGNATURE = signature(_start_cold)
_libc = ctypes.CDLL(None)
ENDED = "What commands are forked from has ended; its error is above."


@dataclass(frozen=True, slots=True)
class Order:
    """What a forked process is to become."""

    module: str
    words: tuple[str, ...]
    environ: Mapping[str, str]
    cwd: str
    new_session: bool
    process_group: int
    first: Callable[[], None] | None
    """What it does before it becomes that."""


class WarmProcess:
    """The process that forks, for whoever asks it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._one_at_a_time = threading.Lock()

    def fork(self, order: bytes, streams: list[int]) -> int:
        """Have a child of this process forked; its number."""
        ours, theirs = socket.socketpair()
        with ours, self._one_at_a_time:
            with _adopting():
                with theirs:
                    socket.send_fds(self._connection, [b"1"], [theirs.fileno(), *streams])
                with ours.makefile("rb") as told:
                    pid = int(told.readline() or b"0")
            if not pid:
                raise RuntimeError(ENDED)
            ours.sendall(order)
        return pid


@contextmanager
def _adopting() -> Iterator[None]:
    """A child's child whose parent ends meanwhile is ours: so is what was forked for us."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


@contextmanager
def forking() -> Iterator[Callable[[], WarmProcess | None]]:
    """Have commands forked while the block lasts, where that is possible.

    The first of them waits for that process, unless the block has called what it is given.
    """
    if sys.platform != "linux" or os.environ.get(COLD):
        yield lambda: None
        return
    with ExitStack() as stack:
        warm = cache(lambda: stack.enter_context(_standing()))
        fork_from(warm)
        stack.callback(setattr, subprocess.Popen, "_execute_child", _start_cold)
        yield warm


@contextmanager
def _standing() -> Iterator[WarmProcess]:
    """The process that forks, once it has imported all that it is to."""
    ours, theirs = socket.socketpair()
    with theirs:
        server = subprocess.Popen(
            (sys.executable, "-m", SERVER, ROOM),
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
        )
    with server, ours:
        if not ours.recv(1):
            raise RuntimeError(ENDED)
        yield WarmProcess(ours)


def fork_from(warm: Callable[[], WarmProcess]) -> None:
    """Have this process's commands forked from that one from now on."""

    def execute_child(popen: Any, *given: Any, **named: Any) -> None:
        said = _SIGNATURE.bind(popen, *given, **named).arguments
        if (order := _order(said)) is None:
            _start_cold(popen, *given, **named)
            return
        asked = [said[pipe] for pipe in ("p2cread", "c2pwrite", "errwrite")]
        streams = [own if fd < 0 else fd for own, fd in enumerate(asked)]
        popen.pid = warm().fork(order, streams)
        popen._child_created = True
        popen._close_pipe_fds(*(said[pipe] for pipe in PIPES))

    subprocess.Popen._execute_child = execute_child  # type: ignore[attr-defined]


def _order(said: Mapping[str, Any]) -> bytes | None:
    """The order for a command of ours; None where it has to be started as ever."""
    words = said["args"]
    if (
        isinstance(words, str | bytes | os.PathLike)
        or tuple(words[:2]) != COMMAND
        or words[2] not in FORKED
    ):
        return None
    cwd = os.path.abspath(said["cwd"] or ".")
    environ = {**(os.environ if said["env"] is None else said["env"])}
    if (
        any(said[name] != usual for name, usual in USUAL.items())
        or _of_python(environ) != PYTHON
        or (Path(cwd, "deploy").exists() and Path(cwd) != ROOT)
    ):
        return None
    group, session = said["process_group"], said["start_new_session"]
    order = Order(
        words[2],
        tuple(map(os.fsdecode, words[3:])),
        environ,
        cwd,
        session,
        group,
        said["preexec_fn"],
    )
    try:
        return pickle.dumps(order)
    except (pickle.PicklingError, AttributeError, TypeError):  # of what it is to do first
        return None


def _of_python(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith("PYTHON")}


PYTHON = _of_python(os.environ)
"""What Python itself was told as it started, which no fork of it can be told otherwise."""
