"""What a rehearsal is told: which builds, how much traffic, how much patience."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RELEASE_PLAN: Mapping[str, Any] = {
    "minimum": 400,
    "web_minimum": 40,
    "pages_minimum": 5,
    "looks": 3,
    "look_minutes": 0.2,
    "weights": (25.0, 50.0),
    "soak_minutes": 0.5,
    "mirrored": 0.25,
    "shadow_minimum": 400,
}
"""A release in minutes: little is seen of what is rare, all of what is not."""


@dataclass(frozen=True, slots=True)
class RehearsalPlan:
    """Builds as a platform finds them, and how long and how hard they are tried."""

    a: str
    b: str
    data: Path
    requests: int = 20_000
    rate: float = 50.0
    """API requests a second: a third of two cores, while two builds stand beside each other."""
    visits: float = 2.5
    """Visits of the web app a second."""
    browser_every: float = 3.0
    """Seconds between two visits of a real browser, where there is one."""
    browser: bool = True
    """Whether one is looked for."""
    warm_seconds: float = 5.0
    alone_seconds: float = 30.0
    afterwards_seconds: float = 15.0
    """How long everybody goes on once the release has ended, at least."""
    keys: int = 80
    people: int = 24
    first_port: int = 8100
    release: Mapping[str, Any] = field(default_factory=lambda: dict(RELEASE_PLAN))
    patience_seconds: float = 1500.0
    """How long the way may take, from expand to done."""
    log_level: str = "WARNING"
