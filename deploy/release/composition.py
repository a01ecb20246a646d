"""Who starts processes, who sends callers, who compares: what a release is driven with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import Complaint, Invalid, Unavailable
from deploy.release.model import (
    Addresses,
    Condition,
    ConditionKind,
    Counters,
    Differ,
    Edge,
    Platform,
    Slot,
)

PageCounters = Callable[[Mapping[Slot, Addresses]], Awaitable[Mapping[str, Counters]]]


async def no_pages(_: Mapping[Slot, Addresses]) -> Mapping[str, Counters]:
    """Nobody counts pages."""
    return {}


@dataclass(frozen=True, slots=True)
class Composition:
    """All of them; a differ is made for the two shadows that it asks."""

    platform: Platform
    edge: Edge
    differ: Callable[[Addresses, Addresses], Differ]
    pages: PageCounters = no_pages


@dataclass(frozen=True, slots=True)
class Configured:
    """What `release.toml` says to a command: the plan's settings, and how to get the rest."""

    plan: Mapping[str, Any]
    compose: Callable[[], Composition]


def configured(file: Path, environ: Mapping[str, str]) -> Configured:
    """What a file says; raises Unavailable while nobody can read one."""
    raise Unavailable(f"This build cannot read {file}: it has neither a platform nor an edge.")


def condition_of(text: str) -> Condition:
    """A condition as it is written: `client:beleg_live_Ab`, `!version:v1`."""
    kind, colon, value = text.removeprefix("!").partition(":")
    if not colon or not value or kind not in {*ConditionKind}:
        kinds = ", ".join(ConditionKind)
        raise Invalid(Complaint("--condition", f"{text!r} is no condition: KIND:VALUE, of {kinds}"))
    return Condition(ConditionKind(kind), value, not text.startswith("!"))
