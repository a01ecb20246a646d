"""An edge that is told by files: written beside, renamed, and read back until they are live."""

from collections.abc import Mapping
from pathlib import Path

from deploy.release.model import Addresses, Counters, Routing, Slot


class FileEdge:
    """Envoy, told by files in a folder and asked at its admin address."""

    def __init__(self, folder: Path, admin: str) -> None:
        self._folder = folder
        self._admin = admin

    async def apply(self, routing: Routing, addresses: Mapping[Slot, Addresses]) -> None:
        """Send everybody where this says; raises Unavailable saying why Envoy does not."""
        raise NotImplementedError

    async def counters(self) -> Mapping[str, Counters]:
        """What was counted since Envoy started, by cluster: `api-blue`, `web-green`, …."""
        raise NotImplementedError
