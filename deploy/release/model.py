"""What a release is made of: values that its machine, its edge and whoever starts processes share.

A state of a release is a world: which processes stand where, and who is sent to whom. Going on,
going back and resuming are one thing: write the state down, then make the world so. All that makes
it so is idempotent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Slot(StrEnum):
    """A place where the processes of one build stand; an edge's cluster bears its name."""

    BLUE = "blue"
    GREEN = "green"
    """One of the two serves; the next build comes into the other."""
    BASELINE = "baseline"
    """Build A, started together with B: whom B is compared with."""
    SHADOW_A = "shadow-a"
    SHADOW_B = "shadow-b"
    """On a role that cannot write; asked by the differ alone."""


class Part(StrEnum):
    """A process of a build."""

    API = "api"
    BFF = "bff"
    WORKER = "worker"


class ReleaseState(StrEnum):
    """Where a release stands; `back` and `aborted` are A alone, from any state before contract."""

    EXPAND = "expand"
    SHADOW = "shadow"
    AB = "ab"
    SWITCH = "switch"
    SOAK = "soak"
    CONTRACT = "contract"
    DONE = "done"
    BACK = "back"
    ABORTED = "aborted"


class Verdict(StrEnum):
    """What a gate says: go on, wait for more, go back."""

    PASS = "pass"  # noqa: S105 - a verdict
    HOLD = "hold"
    FAIL = "fail"


class ConditionKind(StrEnum):
    """By what an edge can tell who asks."""

    CLIENT = "client"
    VERSION = "version"
    APP = "app"
    PERSON = "person"
    HEADER = "header"


@dataclass(frozen=True, slots=True)
class Condition:
    """Who goes to B whatever the weight, or never does: `client:beleg_AbC123`, `version:v1`."""

    kind: ConditionKind
    value: str
    to_b: bool = True
    rule: str = field(default="", compare=False)
    """What an operator wrote that this comes from, where that says more: a partner's name."""


@dataclass(frozen=True, slots=True)
class Routing:
    """Who is sent to which slot.

    `weight` is the share of credentials, in percent, that the candidate serves; where `baseline`
    is set, as many others (the similar group) go there. `mirrored` is the share of API requests,
    from 0 to 1, that the differ is given as well, at the address `differ`.
    """

    serving: Slot
    candidate: Slot | None = None
    weight: float = 0.0
    baseline: Slot | None = None
    conditions: tuple[Condition, ...] = ()
    mirrored: float = 0.0
    differ: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a slot: a build, as a platform finds it, and which of its parts."""

    build: str
    parts: frozenset[Part]


@dataclass(frozen=True, slots=True)
class World:
    """All that a state of a release wants: processes and routes; a slot not named is empty."""

    standings: Mapping[Slot, Standing]
    routing: Routing


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a slot's parts listen, as `host:port`; several of each where it has replicas.

    `health` has where each says whether it is ready: those of `api` first, then those of `bff`, in
    their order, then the worker's.
    """

    api: tuple[str, ...] = ()
    bff: tuple[str, ...] = ()
    health: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counters:
    """What an edge counted of one cluster since it started.

    `failed` are answers of 500 and above and requests that found no connection. `slower` has, by a
    bound in milliseconds, how many of `timed` requests took longer than that: an edge adds up times
    a few seconds after it has counted answers.
    """

    requests: int = 0
    failed: int = 0
    slower: Mapping[float, int] = field(default_factory=dict)
    timed: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Bad among all, of B and of A: what a gate judges.

    Where A counts no such thing, its numbers stand for a share that the plan takes for granted.
    """

    name: str
    bad_b: int
    all_b: int
    bad_a: int
    all_a: int
    is_assumed: bool = False
    """Whether A's are no count."""


class Edge(Protocol):
    """What stands between callers and processes."""

    async def apply(self, routing: Routing, addresses: Mapping[Slot, Addresses]) -> None:
        """Send everybody where this says; returns once it is live, raises Unavailable if not."""

    async def counters(self) -> Mapping[str, Counters]:
        """What was counted, by cluster: `api-blue`, `web-green`, …."""


class Platform(Protocol):
    """Whoever starts and ends a build's processes: this machine, Compose, a cluster."""

    async def locate(self, build: str) -> str:
        """The same build by a name that means it from anywhere; raises Invalid where none is."""

    async def standing(self) -> Mapping[Slot, str]:
        """Which build stands in blue and in green, where it can be told."""

    async def ensure(self, slot: Slot, standing: Standing) -> Addresses:
        """Let exactly this stand there and be ready; raises Unavailable saying why it is not."""

    async def empty(self, slot: Slot) -> None:
        """Let what stands there answer what it has begun, and end."""

    async def command(self, build: str, *words: str) -> str:
        """Run one of a build's own commands, such as `migrate`; what it said, or Unavailable."""


class Differ(Protocol):
    """What compares B's answers with A's."""

    async def start(self) -> str:
        """Be there; the address that the edge mirrors to, as `host:port`."""

    async def stop(self) -> None:
        """Be there no more; what it found stays."""

    async def report(self) -> "ShadowSummary":
        """What it has found so far."""


@dataclass(frozen=True, slots=True)
class ShadowSummary:
    """How much was compared, and what differs that no rule ignores."""

    mirrored: int
    compared: int
    differences: tuple[str, ...]
    uncovered: tuple[str, ...] = ()
    report: str = ""
    """Where the whole of it can be read."""
