"""Parsers that do what no parser should, as a file asks; anything else is read as usual."""

import ctypes
import os
import random
import socket
import subprocess
from collections.abc import Callable, Iterator
from typing import BinaryIO

from core.bilingual import Bilingual
from core.documents import Finding
from core.formats import parsers
from core.formats.pdf import tesseract
from core.statements.model import Item


def _segfault() -> str:
    ctypes.string_at(0)
    return "lived"


def _abort() -> str:
    os.abort()


def _swell() -> str:
    """Take half of what the tests allow, then end as libraries do to which no more is given."""
    taken = b"x" * (200 * 1024 * 1024)
    os.abort()
    return str(len(taken))


def _loop() -> str:
    while True:
        pass


def _sleep() -> str:
    subprocess.run(("sleep", "60"), check=False)
    return "slept"


def _eat() -> str:
    eaten = []
    while True:
        eaten.append(bytes(16 * 1024 * 1024))


def _connect() -> str:
    socket.create_connection(("127.0.0.1", 1), timeout=60)
    return "connected"


def _look_around() -> str:
    return " ".join(sorted(os.environ))


def _spy() -> str:
    with open(f"/proc/{os.getppid()}/environ", "rb") as environment:
        return repr(environment.read())


def _leave() -> str:
    with open("/tmp/left-behind", "w") as out:
        out.write("I was here")
    return "left"


def _look_long() -> str:
    """Have a picture looked at for longer than the tests allow: there is writing all over it."""
    size = 3_000
    noise = random.Random(1).randbytes(size * size)
    return str(tesseract.run(b"P5 %d %d 255\n" % (size, size) + noise))


def _err() -> str:
    raise KeyError("".join(("Muster", " GmbH")))


ACTIONS: dict[bytes, Callable[[], str]] = {
    b"segfault": _segfault,
    b"abort": _abort,
    b"swell": _swell,
    b"loop": _loop,
    b"sleep": _sleep,
    b"eat": _eat,
    b"connect": _connect,
    b"look around": _look_around,
    b"spy": _spy,
    b"leave": _leave,
    b"look long": _look_long,
    b"err": _err,
}


def read(source: BinaryIO) -> Iterator[Item]:
    """Do what the file asks, and tell as a finding what came of it."""
    action = ACTIONS.get(source.read(64))
    source.seek(0)
    if action is None:
        yield from parsers.read(source)
        return
    try:
        yield Finding("done", Bilingual(action(), "as well"))
    except OSError as refusal:
        yield Finding("refused", Bilingual(type(refusal).__name__, "as well"))
