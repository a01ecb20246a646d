"""Ports that nothing listens on."""

import socket
from contextlib import ExitStack


def free_ports(count: int) -> list[int]:
    """So many ports in a row, each of them free a moment ago."""
    while True:
        with ExitStack() as probes:
            first = _bound(probes, 0)
            try:
                return [first, *(_bound(probes, first + offset) for offset in range(1, count))]
            except (OSError, OverflowError):
                continue


def _bound(probes: ExitStack, port: int) -> int:
    probe = probes.enter_context(socket.socket())
    probe.bind(("127.0.0.1", port))
    bound: int = probe.getsockname()[1]
    return bound
