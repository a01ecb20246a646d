"""The process that stands warm: it has imported what commands need, and forks one when asked.

It has one thread, no event loop and no connection but the one that it is asked over. It ends when
nobody can ask any more.
"""

import atexit
import ctypes
import gc
import os
import pickle
import pkgutil
import runpy
import signal
import socket
import sys
import threading
import time
from importlib import import_module
from pathlib import Path

from deploy.ops import commands
from tests.warm import COMMAND, Order, WarmProcess, fork_from

LAZY = (
    "bff.app",
    "core.reading",
    "deploy.ops.adopting",
    "deploy.ops.bounding",
    "deploy.ops.checking",
    "deploy.ops.clients",
    "deploy.ops.confinement",
    "deploy.ops.fleet.runs",
    "deploy.ops.migrating.apply",
    "deploy.ops.migrating.contracts",
    "deploy.ops.seed",
    "deploy.ops.serve",
    "deploy.ops.unread",
    "deploy.ops.up",
    "deploy.ops.users",
    "deploy.ops.versions",
    "deploy.ops.worker",
    "public_api.app",
)
"""What commands import once they know that they need it."""
STARTS_OTHERS = frozenset({"fleet", "tests.scratch_fleet", "up"})
"""Those that start commands: each has a process of its own to have them forked from."""
ENDING = (signal.SIGINT, signal.SIGTERM)
ARGUMENTS_BEGIN, ARGUMENTS_END = 45, 46
"""Where `/proc/self/stat` says where the command line is, counted from the process's state."""


def main() -> None:
    """Fork what is asked for until nobody asks; what was forked goes on from here as that."""
    for each in pkgutil.iter_modules(commands.__path__):
        import_module(f"{commands.__name__}.{each.name}")
    for name in LAZY:
        import_module(name)
    if len(os.listdir("/proc/self/task")) > 1:
        raise RuntimeError("Importing has begun a thread: no fork of this would be whole.")
    gc.collect()
    gc.freeze()
    # They are for the commands, each of which lets them through: none is lost that comes early.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    connection = socket.socket(fileno=os.dup(0))
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    connection.sendall(b"1")
    if forked := serve(connection):
        module = become(*forked)
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        except SystemExit as said:
            end(said.code)


def end(code: object) -> None:
    """End as Python does, but for taking a thousand modules apart, which takes longest of all."""
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # waits for them, as Python does
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code or 0)


def serve(connection: socket.socket) -> list[int] | None:
    """Fork for whoever asks; in what was forked, what it was given. None at the end."""
    while True:
        request, fds, _, _ = socket.recv_fds(connection, 1, 4)
        if not request:
            return None
        if (between := os.fork()) == 0:
            # It ends at once, so that whom it forks becomes the child of who asked.
            if child := os.fork():
                os.write(fds[0], str(child).encode())
                os._exit(0)
            connection.close()
            return fds
        os.waitpid(between, 0)
        os.write(fds[0], b"\n")
        for fd in fds:
            os.close(fd)


def become(asked: int, *streams: int) -> str:
    """Be the process that the command is to run in; the module that it then runs."""
    with socket.socket(fileno=asked) as connection, connection.makefile("rb") as said:
        order: Order = pickle.load(said)
    named = (order.module, *order.words[:1])
    if STARTS_OTHERS.intersection(named) and (forked := _have_own(streams)):
        return become(*forked)
    os.chdir(order.cwd)
    if order.new_session:
        os.setsid()
    elif order.process_group >= 0:
        os.setpgid(0, order.process_group)
    _use(streams)
    os.environ.clear()
    os.environ.update(order.environ)
    time.tzset()
    sys.path[0], sys.argv[1:] = order.cwd, order.words
    _rename((*COMMAND, order.module, *order.words))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    if order.first:
        order.first()
    return order.module


def _have_own(streams: tuple[int, ...]) -> list[int] | None:
    """Have commands of this one forked by a process beside it; in what that forks, as `serve`."""
    ours, theirs = socket.socketpair()
    if os.fork():
        theirs.close()
        process = WarmProcess(ours)
        fork_from(lambda: process)
        return None
    ours.close()
    for fd in streams:
        os.close(fd)
    if (forked := serve(theirs)) is None:
        os._exit(0)
    return forked


def _use(streams: tuple[int, ...]) -> None:
    """Read and write there; nothing was read or written before."""
    for place, fd in enumerate(streams):
        os.dup2(fd, place)
        os.close(fd)


def _rename(words: tuple[str, ...]) -> None:
    """Be listed under these words, as far as there is room for them."""
    told = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    begin, end = int(told[ARGUMENTS_BEGIN]), int(told[ARGUMENTS_END])
    line = "\0".join(words).encode()[: end - begin - 1]
    ctypes.memmove(begin, line.ljust(end - begin, b"\0"), end - begin)


if __name__ == "__main__":
    main()
