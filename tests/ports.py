"""Ports that nothing listens on, and that no other process of the tests is about to take."""

import fcntl
import random
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

# Below what Linux gives to those who ask for any port: whoever asks for any gets none of these.
LOWEST, HIGHEST, BLOCK = 12_000, 32_000, 100
_claimed: list[TextIO] = []  # a process's blocks are its own until it ends


def free_ports(count: int) -> list[int]:
    """So many ports in a row, each of them free a moment ago and given to nobody before."""
    while True:
        ports = [next(_free) for _ in range(count)]
        if ports[-1] - ports[0] == count - 1:
            return ports


def _ports() -> Iterator[int]:
    """Block after block: even to look whether a port is free takes it from others for a moment."""
    blocks = list(range(LOWEST, HIGHEST, BLOCK))
    random.shuffle(blocks)
    for first in filter(_claim, blocks):
        yield from filter(_is_free, range(first, first + BLOCK))
    raise RuntimeError("Every port for tests is taken: end what other runs of them left.")


def _claim(first: int) -> bool:
    folder = Path(tempfile.gettempdir()) / "beleg-test-ports"
    folder.mkdir(exist_ok=True)
    claim = (folder / str(first)).open("w")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        claim.close()
        return False
    _claimed.append(claim)
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


_free = _ports()
