"""Who starts processes, who sends callers, who compares: what a release is driven with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.release import commands
from deploy.release.config import Command, ReleaseConfig, load
from deploy.release.edge import FileEdge
from deploy.release.metrics import PageCounters, build_name
from deploy.release.model import (
    Addresses,
    Counters,
    Differ,
    Edge,
    Platform,
    Slot,
)
from deploy.release.platform import platform_of
from deploy.release.shadow import HookDiffer, LocalDiffer

Pages = Callable[[Mapping[Slot, Addresses]], Awaitable[Mapping[str, Counters]]]
BuildName = Callable[[Addresses], Awaitable[str]]


async def no_pages(_: Mapping[Slot, Addresses]) -> Mapping[str, Counters]:
    """Nobody counts pages."""
    return {}


async def nameless(_: Addresses) -> str:
    """Nobody says what a build calls itself."""
    return ""


@dataclass(frozen=True, slots=True)
class Composition:
    """All of them; a differ is made for the two shadows that it asks."""

    platform: Platform
    edge: Edge
    differ: Callable[[Addresses, Addresses], Differ]
    pages: Pages = no_pages
    build_name: BuildName = nameless


@dataclass(frozen=True, slots=True)
class Configured:
    """What `release.toml` says to a command: the plan's settings, and how to get the rest.

    A composition is that of one attempt at a release, by its name: what a shadow found of a B that
    was mended since counts no more.
    """

    plan: Mapping[str, Any]
    compose: Callable[[str], Composition]
    environment: Mapping[str, str] = field(default_factory=dict)
    """What it sets for whoever drives, over what is set already."""


def configured(file: Path, environ: Mapping[str, str]) -> Configured:
    """What a `release.toml` says; raises Invalid with all that is wrong with it at once."""
    config = load(file)

    def compose(attempt: str) -> Composition:
        edge, differ = _edge(config, environ), _differ(config, attempt, environ)
        return Composition(platform_of(config, environ), edge, differ, PageCounters(), build_name)

    return Configured(config.plan, compose, config.environment)


def _edge(config: ReleaseConfig, environ: Mapping[str, str]) -> FileEdge:
    told = config.edge

    def step(words: Command | None) -> Callable[[], Awaitable[object]] | None:
        if words is None:
            return None
        filled = commands.filled(words, {"folder": str(told.folder)})
        return lambda: commands.run(filled, config.environ(environ), told.seconds)

    return FileEdge(
        told.folder,
        *told.admin,
        seconds=told.seconds,
        fetch=step(told.fetch),
        publish=step(told.publish),
    )


def _differ(
    config: ReleaseConfig, attempt: str, environ: Mapping[str, str]
) -> Callable[[Addresses, Addresses], Differ]:
    folder = config.local.data / "shadow" / attempt

    def differ(a: Addresses, b: Addresses) -> Differ:
        if (told := config.differ) is None:
            return LocalDiffer(folder, a.api, b.api, host=config.local.host)
        seconds = config.hooks.seconds if config.hooks else config.local.ready_seconds
        both = (a.api, b.api)
        return HookDiffer(told, folder, attempt, both, config.environ(environ), seconds)

    return differ
