"""Mobile apps in the field: the oldest build that works, the newest, and builds that must not."""

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Column, Table, Text, delete, select
from sqlalchemy.dialects.postgresql import insert

from core import audit
from core.audit import Actor
from core.db import Queryable, Tx
from core.errors import Complaint, Invalid
from core.query import compiled, metadata, param

_NUMBERS = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}\Z")
_PLATFORM = re.compile(r"[a-z]{2,20}\Z")


class Compatibility(StrEnum):
    """What a build is told."""

    OK = "ok"
    UPDATE_RECOMMENDED = "update_recommended"
    UPDATE_REQUIRED = "update_required"


@dataclass(frozen=True, slots=True)
class Floor:
    """What builds of a platform need: below `minimum` an update is required."""

    platform: str
    minimum: str
    latest: str
    message_en: str | None
    message_de: str | None


@dataclass(frozen=True, slots=True)
class SupportedBuilds:
    """Every platform's floor, and the builds that were killed, as (platform, build)."""

    floors: dict[str, Floor]
    killed: frozenset[tuple[str, str]]

    def judge(self, platform: str, build: str) -> Compatibility:
        """What this build is told; what cannot be read is let pass."""
        if (platform, build) in self.killed:
            return Compatibility.UPDATE_REQUIRED
        floor, number = self.floors.get(platform), parsed(build)
        if floor is None or number is None:
            return Compatibility.OK
        if number < (parsed(floor.minimum) or ()):
            return Compatibility.UPDATE_REQUIRED
        if number < (parsed(floor.latest) or ()):
            return Compatibility.UPDATE_RECOMMENDED
        return Compatibility.OK


NO_BUILDS = SupportedBuilds({}, frozenset())

app_floor = Table(
    "app_floor",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("minimum", Text),
    Column("latest", Text),
    Column("message_en", Text),
    Column("message_de", Text),
)
killed_build = Table(
    "killed_build",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("build", Text, primary_key=True),
)
_FLOORS = compiled(select(*app_floor.c))
_KILLED = compiled(select(*killed_build.c))
_VALUES = {column.name: param(column.name, Text) for column in app_floor.c}
_SET_FLOOR = compiled(
    insert(app_floor)
    .values(**_VALUES)
    .on_conflict_do_update(
        index_elements=["platform"],
        set_={name: value for name, value in _VALUES.items() if name != "platform"},
    )
)
_KILL = compiled(
    insert(killed_build)
    .values(platform=param("platform", Text), build=param("build", Text))
    .on_conflict_do_nothing()
)
_REVIVE = compiled(
    delete(killed_build).where(
        killed_build.c.platform == param("platform"), killed_build.c.build == param("build")
    )
)


def parsed(build: str) -> tuple[int, ...] | None:
    """A build such as `3.2.1` as numbers that compare; None where it is no such thing."""
    if not _NUMBERS.match(build):
        return None
    numbers = [int(each) for each in build.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


async def supported_builds(db: Queryable) -> SupportedBuilds:
    """The apps in the field as operators have set them."""
    floors = [Floor(**dict(row)) for row in await db.all(_FLOORS)]
    killed = await db.all(_KILLED)
    return SupportedBuilds(
        {each.platform: each for each in floors},
        frozenset((row["platform"], row["build"]) for row in killed),
    )


async def set_floor(tx: Tx, actor: Actor, floor: Floor) -> None:
    """Set what a platform's builds need."""
    minimum, latest = parsed(floor.minimum), parsed(floor.latest)
    _require_platform(floor.platform)
    if minimum is None or latest is None or latest < minimum:
        raise Invalid(Complaint("/minimum", "minimum and latest: such as 3.2.1, minimum first"))
    await tx.run(
        _SET_FLOOR,
        platform=floor.platform,
        minimum=floor.minimum,
        latest=floor.latest,
        message_en=floor.message_en,
        message_de=floor.message_de,
    )
    detail = {"platform": floor.platform, "minimum": floor.minimum, "latest": floor.latest}
    audit.record(tx, actor, "app.floor_set", "app", audit.NO_RECORD, detail)


async def kill(tx: Tx, actor: Actor, platform: str, build: str) -> None:
    """Refuse one build from now on."""
    _require_platform(platform)
    await tx.run(_KILL, platform=platform, build=build)
    audit.record(
        tx, actor, "app.killed", "app", audit.NO_RECORD, {"platform": platform, "build": build}
    )


async def revive(tx: Tx, actor: Actor, platform: str, build: str) -> None:
    """Let a killed build call again."""
    _require_platform(platform)
    await tx.run(_REVIVE, platform=platform, build=build)
    audit.record(
        tx, actor, "app.revived", "app", audit.NO_RECORD, {"platform": platform, "build": build}
    )


def _require_platform(platform: str) -> None:
    if not _PLATFORM.match(platform):
        raise Invalid(Complaint("/platform", "platform: small letters, such as ios"))
