"""Where a release may go from where it stands, and the world that each state wants; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import Complaint, Conflict, Invalid
from deploy.release.model import (
    Condition,
    Part,
    ReleaseState,
    Routing,
    Slot,
    Standing,
    World,
)

WHOLE = frozenset(Part)
SERVING = frozenset({Part.API, Part.BFF})
ASKED = frozenset({Part.API})
BEFORE_CONTRACT = frozenset(
    {
        ReleaseState.EXPAND,
        ReleaseState.SHADOW,
        ReleaseState.AB,
        ReleaseState.SWITCH,
        ReleaseState.SOAK,
    }
)
"""From here a release can go back; schemas never do."""
ON_A = frozenset({ReleaseState.BACK, ReleaseState.ABORTED})
ENDS = frozenset({ReleaseState.DONE, ReleaseState.ABORTED})


class ReleasePlan(BaseModel):
    """What each gate of a release asks for, settled before it begins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    minimum: int = Field(default=1000, ge=0, le=10_000_000)
    """API requests that B, and A beside it, must have had before a gate lets anything pass."""
    web_minimum: int = Field(default=200, ge=0, le=10_000_000)
    """The same of the web app; 0 where nobody uses it."""
    alpha: float = Field(default=0.01, gt=0, le=0.2)
    """How probable it may be that a B as good as A is sent back, over the whole release."""
    looks: int = Field(default=6, ge=1, le=20)
    """How often a step looks on its way to the minimum."""
    look_minutes: float = Field(default=5.0, gt=0, le=1440)
    """How long at most a step goes without a look, once there is something new to see."""
    weights: tuple[float, ...] = (1.0, 5.0, 25.0, 50.0)
    """Shares of credentials, in percent, that B serves step by step; none is no A/B."""
    settle_seconds: float = Field(default=5.0, ge=0, le=600)
    """How long a step's world stands before it is judged: what has just started is slow."""
    soak_minutes: float = Field(default=60.0, ge=0, le=100_000)
    mirrored: float = Field(default=0.1, ge=0, le=1)
    """The share of API requests that the shadow is given; 0 is no shadow."""
    shadow_minimum: int = Field(default=1000, ge=1, le=10_000_000)
    """Pairs of answers to compare before the shadow lets anything pass."""
    baseline: bool = True
    """Whether A is started a second time, together with B, to compare B with."""
    broken_pages: float = Field(default=0.01, gt=0, lt=1)
    """The share of pages that may break where A does not count them."""
    pages_minimum: int = Field(default=20, ge=0, le=10_000_000)
    """How often B's web app must have been opened, where B counts that; 0 where no browser does."""
    contracts: tuple[str, ...] = ()
    """What is dropped at the end, by name; none is what is usual."""

    @model_validator(mode="after")
    def _makes_sense(self) -> "ReleasePlan":
        weights = self.weights
        if any(not 0 < each <= 50 for each in weights):
            raise ValueError("weights lie between 0 and 50: as many stay on A to compare with")
        if list(weights) != sorted(set(weights)):
            raise ValueError("weights rise from step to step: one that falls would move people")
        if self.minimum == self.web_minimum == 0:
            raise ValueError("minimum or web_minimum must be above 0: nothing passes unseen")
        return self

    @property
    def measured_steps(self) -> int:
        """How many steps are judged by what the edge counts; alpha is shared by them."""
        return len(self.weights) + 2


def planned(*settings: Mapping[str, Any]) -> ReleasePlan:
    """The plan that these settings give, later ones first; raises Invalid saying what is wrong."""
    told = {name: value for each in settings for name, value in each.items() if value is not None}
    try:
        return ReleasePlan.model_validate(told)
    except ValidationError as problem:
        raise Invalid(*map(_said, problem.errors())) from problem


def _said(error: Any) -> Complaint:
    name = ".".join(str(each) for each in error["loc"]) or "plan"
    if error["type"] == "extra_forbidden":
        known = ", ".join(ReleasePlan.model_fields)
        return Complaint(name, f"The plan has no {name}; it has {known}.")
    said = error["ctx"]["error"] if error["type"] == "value_error" else error["msg"]
    return Complaint(name, f"The plan's {name}: {said}.")


@dataclass(frozen=True, slots=True)
class Release:
    """A build on its way beside another.

    `generation` counts what was decided; `observed_generation` is the one that stands.
    """

    id: UUID
    a: str
    b: str
    slot: Slot
    state: ReleaseState
    weight: float
    conditions: tuple[Condition, ...]
    plan: ReleasePlan
    automatic: bool
    held: str | None
    generation: int
    observed_generation: int
    since: datetime
    started_at: datetime
    ended_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether the world is as the state wants it."""
        return self.observed_generation == self.generation

    @property
    def a_slot(self) -> Slot:
        """The slot that A serves from."""
        return other(self.slot)

    @property
    def where(self) -> str:
        """Its state in words."""
        if self.state is ReleaseState.AB:
            return f"ab at {self.weight:g} %"
        return self.state.value


def other(slot: Slot) -> Slot:
    """The slot that serves while a build comes into this one."""
    return Slot.BLUE if slot is Slot.GREEN else Slot.GREEN


def way(plan: ReleasePlan) -> Iterator[tuple[ReleaseState, float]]:
    """Every step of a release, in order, with the share that B serves."""
    yield ReleaseState.EXPAND, 0.0
    if plan.mirrored:
        yield ReleaseState.SHADOW, 0.0
    for weight in plan.weights:
        yield ReleaseState.AB, weight
    for state in (ReleaseState.SWITCH, ReleaseState.SOAK, ReleaseState.CONTRACT, ReleaseState.DONE):
        yield state, 100.0


def onward(release: Release) -> Release:
    """The same release a step further; from `back` it begins anew."""
    if release.state in ENDS:
        raise Conflict(f"This release has ended: it is {release.state}.")
    steps = [*way(release.plan)]
    if release.state is ReleaseState.BACK:
        return _moved(release, *steps[0])
    at = steps.index((release.state, release.weight))
    return _moved(release, *steps[at + 1])


def back(release: Release) -> Release:
    """The same release on A alone; from every state before contract."""
    if release.state in ON_A:
        raise Conflict(f"Everybody is on A already: this release is {release.state}.")
    _require_way_back(release)
    return _moved(release, ReleaseState.BACK, 0.0)


def abort(release: Release) -> Release:
    """The same release on A alone, and ended."""
    if release.state is not ReleaseState.BACK:
        _require_way_back(release)
    return _moved(release, ReleaseState.ABORTED, 0.0)


def hold(release: Release, reason: str) -> Release:
    """The same release, which stays where it is until somebody lets it go on."""
    if release.state in ENDS:
        raise Conflict(f"This release has ended: it is {release.state}.")
    return replace(release, held=reason)


def _require_way_back(release: Release) -> None:
    if release.state not in BEFORE_CONTRACT:
        raise Conflict(
            f"There is no way back from {release.state}: A's processes have ended. A release of"
            " A's build is a new one: `beleg release start --b`."
        )


def _moved(release: Release, state: ReleaseState, weight: float) -> Release:
    return replace(
        release, state=state, weight=weight, held=None, generation=release.generation + 1
    )


def world(release: Release) -> World:
    """Who stands where and who is sent to whom, as the release's state wants it."""
    a, b = release.a_slot, release.slot
    whole_a = {a: Standing(release.a, WHOLE)}
    match release.state:
        case ReleaseState.SHADOW:
            shadows = {
                Slot.SHADOW_A: Standing(release.a, ASKED),
                Slot.SHADOW_B: Standing(release.b, ASKED),
            }
            return World(whole_a | shadows, Routing(a, mirrored=release.plan.mirrored))
        case ReleaseState.AB:
            return _beside(release)
        case ReleaseState.SWITCH | ReleaseState.SOAK:
            # in this order: A's worker ends once B's is there
            both = {b: Standing(release.b, WHOLE), a: Standing(release.a, SERVING)}
            return World(both, Routing(b))
        case ReleaseState.CONTRACT | ReleaseState.DONE:
            return World({b: Standing(release.b, WHOLE)}, Routing(b))
        case _:
            return World(whole_a, Routing(a))


def _beside(release: Release) -> World:
    """A share on B, the similar group on an A that was started with it."""
    a, b = release.a_slot, release.slot
    standings = {b: Standing(release.b, SERVING), a: Standing(release.a, WHOLE)}
    baseline = Slot.BASELINE if release.plan.baseline else None
    if baseline:
        standings[baseline] = Standing(release.a, SERVING)
    return World(standings, Routing(a, b, release.weight, baseline, release.conditions))
