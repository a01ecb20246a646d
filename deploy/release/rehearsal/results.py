"""What partners remember of a rehearsal: every answer's time, every failure, every kept promise."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Phase:
    """What a stretch of time came to."""

    name: str
    began: float
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    """Of the API, in seconds."""
    pages: list[float] = field(default_factory=list)
    """Of the web app and its backend, in seconds."""
    failures: list[str] = field(default_factory=list)

    def percentile(self, percent: float) -> float:
        """The latency in milliseconds that this share of the answers did not exceed."""
        return percentile(self.latencies, percent)


def percentile(latencies: Sequence[float], percent: float) -> float:
    """The latency in milliseconds, of those in seconds, that this share did not exceed."""
    ordered = sorted(latencies) or [0.0]
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


@dataclass
class Case:
    """An application as its partner knows it."""

    id: str
    key: str
    lenders: list[str] | None = None
    old: bool = False
    """It was handed in over version 1."""
    busy: bool = False
    documents: list[str] = field(default_factory=list)
    """The digests of the files handed in."""
    ended: str | None = None
    """The status that it was acknowledged to have for good."""


@dataclass
class Results:
    """All that was acknowledged, by stretches of time."""

    phases: list[Phase] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    acknowledged: int = 0

    def phase(self, name: str) -> Phase:
        """From now on, answers count for this."""
        self.close()
        self.phases.append(Phase(name, time.perf_counter()))
        return self.phases[-1]

    def close(self) -> None:
        """The stretch that is under way has ended."""
        if self.phases and not self.phases[-1].seconds:
            self.phases[-1].seconds = time.perf_counter() - self.phases[-1].began

    @property
    def now(self) -> Phase:
        """The stretch that is under way."""
        return self.phases[-1]

    @property
    def requests(self) -> int:
        """How many were answered."""
        return sum(len(each.latencies) + len(each.pages) for each in self.phases)

    @property
    def failures(self) -> list[str]:
        """Everything that was not as it was promised, and when."""
        return [f"{phase.name}: {each}" for phase in self.phases for each in phase.failures]
