"""Which versions are served, and what may be done about one: only what is deprecated is taken
down, and never the last that is served. A row that says otherwise does not count, whichever build
wrote it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.errors import Complaint, Conflict, Invalid

NOTICE_DAYS = 14
"""How long before it begins a brownout is announced, as was published."""


@dataclass(frozen=True, slots=True)
class VersionDates:
    """A published version: its name, since when it is deprecated, until when it is served."""

    name: str
    deprecated: datetime | None = None
    sunset: datetime | None = None

    def ending(self, at: datetime) -> bool:
        """Whether clients had been told by then to leave it."""
        return self.deprecated is not None and self.deprecated <= at


@dataclass(frozen=True, slots=True)
class Brownout:
    """A window in which a version answers as if it were gone."""

    version: str
    starts_at: datetime
    ends_at: datetime

    @property
    def interval(self) -> str:
        """The window as ISO 8601 writes one, in UTC."""
        return f"{moment(self.starts_at)}/{moment(self.ends_at)}"

    def overlaps(self, other: "Brownout") -> bool:
        """Whether the two have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The published versions, newest first, and what is on record about them and counts.

    `ignored` are versions about which something is on record that does not count: it is not of the
    time in which they are deprecated. Brownouts are in order of their starts.
    """

    versions: tuple[VersionDates, ...] = ()
    retired: frozenset[str] = frozenset()
    brownouts: tuple[Brownout, ...] = ()
    ignored: frozenset[str] = frozenset()

    def served(self, at: datetime) -> list[str]:
        """The versions that are not gone for good: of those before their sunset at least one."""
        in_time = [each.name for each in self.versions if not (each.sunset and at > each.sunset)]
        return [name for name in in_time if name not in self.retired] or in_time[:1]

    def answering(self, at: datetime) -> list[str]:
        """The versions that are in no brownout either: of those that are served at least one."""
        away = {each.version for each in self.brownouts if each.starts_at <= at < each.ends_at}
        served = self.served(at)
        return [name for name in served if name not in away] or served[:1]

    def back_at(self, version: str, now: datetime) -> datetime | None:
        """When a version that is in a brownout now will have come out of it."""
        end = now
        for each in self.brownouts:  # one may go on where another ends
            if each.version == version and each.starts_at <= end < each.ends_at:
                end = each.ends_at
        return None if end == now or version in self.answering(now) else end

    def announced(self, now: datetime) -> tuple[Brownout, ...]:
        """The brownouts that are to come, or running."""
        return tuple(each for each in self.brownouts if self._takes_down(each, now))

    def _takes_down(self, brownout: Brownout, now: datetime) -> bool:
        begins = max(brownout.starts_at, now)
        return (
            brownout.ends_at > now
            and brownout.version in self.served(begins)
            and brownout.version not in self.answering(begins)
        )

    def dates(self, version: str) -> VersionDates:
        """The dates of a version; raises Invalid where none has this name."""
        for each in self.versions:
            if each.name == version:
                return each
        names = ", ".join(each.name for each in self.versions)
        raise Invalid(Complaint("/version", f"version: one of {names}"))


def require_retirable(lifecycle: Lifecycle, version: str, now: datetime) -> None:
    """Raise Conflict unless the version is deprecated, still there, and not the last."""
    _require_deprecated(lifecycle, version, now)
    if version in lifecycle.retired:
        raise Conflict(f"{version} is retired already; --cancel takes that back.")
    if not set(lifecycle.served(now)) - {version}:
        raise Conflict(f"{version} is the last version that is served.")


def require_announceable(
    lifecycle: Lifecycle, wanted: Brownout, now: datetime, *, anyway: bool
) -> None:
    """Raise Conflict or Invalid unless the brownout may be; `anyway` at short notice too."""
    _require_deprecated(lifecycle, wanted.version, now)
    if wanted.version in lifecycle.retired:
        raise Conflict(f"{wanted.version} is retired: it answers 410 already.")
    _require_window(lifecycle, wanted, now)
    for each in lifecycle.brownouts:
        if each.version == wanted.version and each.overlaps(wanted):
            raise Conflict(f"A brownout is announced for then: {each.interval}.")
    if not _another_answers(lifecycle, wanted):
        raise Conflict(f"No other version is served throughout: {wanted.version} is the last one.")
    if wanted.starts_at - now < timedelta(days=NOTICE_DAYS) and not anyway:
        raise Conflict(
            f"Brownouts are announced {NOTICE_DAYS} days ahead, as was published: this one may"
            f" begin at {moment(now + timedelta(days=NOTICE_DAYS, seconds=59))} or later. To have"
            " it sooner, say --anyway and the --reason."
        )


def _require_deprecated(lifecycle: Lifecycle, version: str, now: datetime) -> None:
    if not lifecycle.dates(version).ending(now):
        raise Conflict(
            f"{version} is not deprecated: nobody has been told to leave it. Only a deprecated"
            " version can be browned out or retired."
        )


def _require_window(lifecycle: Lifecycle, wanted: Brownout, now: datetime) -> None:
    sunset = lifecycle.dates(wanted.version).sunset
    problem = ""
    if wanted.ends_at <= wanted.starts_at:
        problem = "a brownout ends after it starts"
    elif wanted.ends_at <= now:
        problem = f"{moment(wanted.ends_at)} is past; it is {moment(now)} (UTC)"
    elif sunset and wanted.ends_at > sunset:
        problem = f"a brownout ends before the sunset of its version, {moment(sunset)}"
    if problem:
        raise Invalid(Complaint("/until", f"until: {problem}"))


def _another_answers(lifecycle: Lifecycle, wanted: Brownout) -> bool:
    """Whether one other version is there from the start of the window to its end."""
    away = {each.version for each in lifecycle.brownouts if each.overlaps(wanted)}
    there = {*lifecycle.served(wanted.starts_at)} & {*lifecycle.served(wanted.ends_at)}
    return bool(there - away - {wanted.version})


def moment(at: datetime) -> str:
    """A time as it is shown to operators and partners: to the second, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
