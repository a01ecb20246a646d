"""How much is taken from anybody who connects, before it is known who that is."""

import resource
from dataclasses import dataclass, replace
from typing import Self

from core.settings import Settings

OWN_FILES = 256
"""Open files that a process needs beside its connections."""


@dataclass(frozen=True, slots=True)
class WireLimits:
    """What is taken from anybody who connects."""

    head_bytes: int = 64 * 1024
    headers: int = 256
    head_seconds: float = 15.0
    body_bytes_per_second: int = 1024
    connections: int = 5000

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say, and no more connections than this process may open."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = settings.connection_limit + OWN_FILES
        if soft != resource.RLIM_INFINITY and soft < wanted:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            wanted = soft
        return cls(
            settings.head_limit_bytes,
            settings.header_limit,
            settings.head_seconds,
            settings.body_bytes_per_second,
            max(1, wanted - OWN_FILES),
        )

    def apart(self) -> Self:
        """For a port that only machines of the operator's ask."""
        return replace(self, connections=min(self.connections, OWN_FILES // 2))
