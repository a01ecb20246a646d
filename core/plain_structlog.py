"""Loads structlog without rich, which it takes up wherever some package has brought it.

Ours are lines of JSON; to draw coloured tracebacks, loading took a sixth of a command's start.
"""

import sys


def _load() -> None:
    if "structlog" in sys.modules or "rich" in sys.modules:
        return
    sys.modules["rich"] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        import structlog  # noqa: F401
    finally:
        del sys.modules["rich"]


_load()
