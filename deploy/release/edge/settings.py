"""What an edge is told once, before it starts: where it listens, and within which limits."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificate:
    """The files of a certificate chain and its key; exchanged by renaming, they are read anew."""

    chain: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Limits:
    """What an edge takes from callers, and for how long it waits; times are in seconds."""

    header_kib: int = 60
    headers: int = 200
    connections: int = 10_000
    streams: int = 100
    """How many requests one HTTP/2 connection may have under way."""
    heap_mib: int = 1024
    header_seconds: int = 15
    request_seconds: int = 900
    """For a whole request to come in: fifty MiB over a slow line."""
    idle_seconds: int = 75
    """For a request on which nothing moves, on either side."""
    connection_idle_seconds: int = 300


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """Where an edge listens, and what stands in front of it; `folder` is where it looks for files.

    `trusted_hops` are the proxies in front of the edge; parts behind it trust one more.
    """

    folder: Path
    host: str = "127.0.0.1"
    api_port: int = 8001
    web_port: int = 8000
    admin_host: str = "127.0.0.1"
    admin_port: int = 9005
    seen_port: int | None = None
    """Where what the administration says can be read, and nothing done: on a cluster."""
    certificate: Certificate | None = None
    trusted_hops: int = 0
    access_log: bool = True
    """Whether a line tells of each request that no part of ours has answered."""
    limits: Limits = field(default_factory=Limits)
