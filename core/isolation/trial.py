"""A process that confines itself as a reader does, then tries what a reader may not.

`python -m core.isolation.trial` prints a line of JSON: each thing, and whether it was refused.
"""

import errno
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

from core.isolation.lockdown import confine

MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 10.0


def tries() -> dict[str, bool]:
    """What is tried, and whether it was refused; this process is good for nothing else after."""
    confine(MEMORY_BYTES, SECONDS)
    return {
        "files": _refused(lambda: os.listdir(Path("/").resolve())),
        "network": _refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()),
        "memory": _refused(lambda: bytearray(2 * MEMORY_BYTES)),
    }


def _refused(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except MemoryError:
        return True
    except OSError as problem:
        return problem.errno in (errno.EPERM, errno.EACCES)
    return False


if __name__ == "__main__":
    print(json.dumps(tries()))
