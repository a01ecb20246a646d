"""Ports that nothing listens on, and that no other process of the tests is about to take."""

import os
import socket

# Below what Linux gives to those who ask for any port: whoever asks for any gets none of these.
LOWEST, HIGHEST = 12_000, 32_000
_next = LOWEST + os.getpid() * 101 % (HIGHEST - LOWEST)  # workers begin far from each other


def free_ports(count: int) -> list[int]:
    """So many ports in a row, each of them free a moment ago and given to nobody before."""
    global _next
    while True:
        first = _next if _next + count <= HIGHEST else LOWEST
        _next = first + count
        ports = list(range(first, _next))
        if all(map(_is_free, ports)):
            return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
