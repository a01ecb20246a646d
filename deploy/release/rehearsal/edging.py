"""A real Envoy of a rehearsal's own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.release.model import Edge


@dataclass(frozen=True, slots=True)
class RunningEdge:
    """How it is told, and where it listens."""

    told: Edge
    api: str
    web: str
    admin: str


@asynccontextmanager
async def running_edge(data: Path, ports: Sequence[int]) -> AsyncIterator[RunningEdge]:
    """Envoy for as long as the block lasts."""
    raise NotImplementedError
    yield
