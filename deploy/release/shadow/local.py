"""The differ as a process of this machine: started, found again after a crash, and ended."""

from collections.abc import Sequence
from pathlib import Path

from deploy.release.model import ShadowSummary


class LocalDiffer:
    """A differ whose state lies in a folder; `a` and `b` are where the shadows' APIs listen."""

    def __init__(
        self, folder: Path, a: Sequence[str], b: Sequence[str], *, rules: Path | None = None
    ) -> None:
        self._folder = folder
        self._a, self._b = tuple(a), tuple(b)
        self._rules = rules

    async def start(self) -> str:
        """Be there; the address that the edge mirrors to, as `host:port`."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Be there no more; what it found stays."""
        raise NotImplementedError

    async def report(self) -> ShadowSummary:
        """What it has found so far."""
        raise NotImplementedError
