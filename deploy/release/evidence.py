"""What a release has measured, kept in its row so that whoever drives it next goes on counting."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from deploy.release import gate
from deploy.release.machine import Release
from deploy.release.model import Addresses, Comparison, Counters, ReleaseState, Slot

NOTHING = Counters()
BESIDE = frozenset({ReleaseState.EXPAND, ReleaseState.SHADOW, ReleaseState.AB})
"""While a release is in one of these A serves, and how it usually does is learnt."""
MEASURED = frozenset({ReleaseState.AB, ReleaseState.SWITCH, ReleaseState.SOAK})
"""In these B is judged by what is counted."""
NOT_COUNTED = 1_000_000
"""As if so many pages of A were known, where A counts none and a share is taken for granted."""


def plus(one: Counters, other: Counters) -> Counters:
    """Both together."""
    bounds = {*one.slower, *other.slower}
    slower = {each: one.slower.get(each, 0) + other.slower.get(each, 0) for each in bounds}
    requests, failed = one.requests + other.requests, one.failed + other.failed
    return Counters(requests, failed, slower, one.timed + other.timed)


def minus(now: Counters, then: Counters) -> Counters:
    """What came in between."""
    slower = {each: max(0, n - then.slower.get(each, 0)) for each, n in now.slower.items()}
    requests, failed = max(0, now.requests - then.requests), max(0, now.failed - then.failed)
    return Counters(requests, failed, slower, max(0, now.timed - then.timed))


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted since a moment, though whoever counts may begin anew in between."""

    base: Counters = NOTHING
    last: Counters = NOTHING
    carried: Counters = NOTHING

    @classmethod
    def since(cls, now: Counters) -> "Tally":
        """Nothing yet: whatever is counted from here on."""
        return cls(now, now)

    def at(self, now: Counters) -> "Tally":
        """The same, some time later; counters that fell have begun anew."""
        if now.requests < self.last.requests or now.failed < self.last.failed:
            return Tally(NOTHING, now, plus(self.carried, minus(self.last, self.base)))
        return replace(self, last=now)

    @property
    def total(self) -> Counters:
        """All of it."""
        return plus(self.carried, minus(self.last, self.base))


@dataclass(frozen=True, slots=True)
class LastLook:
    """What the last look saw and said."""

    at: datetime
    verdict: str
    reasons: tuple[str, ...]
    comparisons: tuple[dict[str, Any], ...] = ()
    report: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a driver must not forget: where slots listen, what was counted, how often it looked."""

    addresses: Mapping[Slot, Addresses] = field(default_factory=dict)
    usual: Mapping[str, Tally] = field(default_factory=dict)
    """By cluster, since the release began, until A serves no more."""
    window: Mapping[str, Tally] = field(default_factory=dict)
    """By cluster, since the step's world stood."""
    bounds: Mapping[str, float] = field(default_factory=dict)
    """What is slow, in milliseconds, of `api` and `web`."""
    pace: gate.GatePace = gate.GatePace()
    look: LastLook | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """What `a` and `b` call themselves, as far as it is known."""
    trouble: str = ""
    """What keeps the world from being made, or from being looked at."""

    def counted(self, counters: Mapping[str, Counters], release: Release) -> "Measured":
        """The same with what the counters say now."""
        usual = _later(self.usual, counters) if release.state in BESIDE else self.usual
        return replace(self, usual=usual, window=_later(self.window, counters))

    def begun(self, counters: Mapping[str, Counters], release: Release) -> "Measured":
        """The same at the beginning of a step, or of what a step measures."""
        later = self.counted(counters, release)
        usual = later.usual or {name: Tally.since(now) for name, now in counters.items()}
        window = {name: Tally.since(now) for name, now in counters.items()}
        later = replace(
            later, usual=usual, window=window, pace=gate.GatePace(), look=None, trouble=""
        )
        return replace(later, bounds={**later.bounds, **later.bounds_of(release)})

    def bounds_of(self, release: Release) -> dict[str, float]:
        """What is slow to who knows A: nothing, where A has had too little to be known."""
        found = {}
        for kind, needed in (("api", release.plan.minimum), ("web", release.plan.web_minimum)):
            usual = self.usually(release, kind)
            bound = gate.slow_bound(usual.timed, usual.slower)
            if needed and usual.requests >= needed and bound is not None:
                found[kind] = bound
        return found

    def unpaced(self, release: Release) -> list[str]:
        """Of which kinds it can be told only now what is slow."""
        return [each for each in self.bounds_of(release) if each not in self.bounds]

    def usually(self, release: Release, kind: str) -> Counters:
        """What A did while it served."""
        slots = (release.a_slot, Slot.BASELINE)
        totals = [
            self.usual[name].total for each in slots if (name := f"{kind}-{each}") in self.usual
        ]
        return plus(*totals) if len(totals) == 2 else (totals or [NOTHING])[0]

    def comparisons(self, release: Release) -> list[Comparison]:
        """B beside A in this step; where A serves no more, beside what A usually did."""
        found: list[Comparison] = []
        for kind in ("api", "web"):
            b, a = self._of(kind, release.slot), self._a(release, kind)
            found.append(_compared(f"{kind} failed", b.failed, b.requests, a.failed, a.requests))
            if (bound := self.bounds.get(kind)) is not None and bound in {*b.slower, *a.slower}:
                slow_b, slow_a = b.slower.get(bound, 0), a.slower.get(bound, 0)
                found.append(_compared(f"{kind} slow", slow_b, b.timed, slow_a, a.timed))
        return found + self._pages(release)

    def _pages(self, release: Release) -> list[Comparison]:
        b, a = self._of("pages", release.slot), self._a(release, "pages")
        if f"pages-{release.slot}" not in self.window:
            return []  # nobody counts B's
        assumed = not a.requests
        if assumed:
            a = Counters(NOT_COUNTED, round(release.plan.broken_pages * NOT_COUNTED))
        found = _compared("pages broken", b.failed, b.requests, a.failed, a.requests)
        return [replace(found, is_assumed=assumed)]

    def _a(self, release: Release, kind: str) -> Counters:
        if release.state not in BESIDE:
            return self.usually(release, kind)
        return self._of(kind, Slot.BASELINE if release.plan.baseline else release.a_slot)

    def _of(self, kind: str, slot: Slot) -> Counters:
        return self.window.get(f"{kind}-{slot}", Tally()).total


def _compared(name: str, bad_b: int, all_b: int, bad_a: int, all_a: int) -> Comparison:
    """No more bad ones than there were: one page may tell of several errors."""
    return Comparison(name, min(bad_b, all_b), all_b, min(bad_a, all_a), all_a)


def _later(tallies: Mapping[str, Tally], counters: Mapping[str, Counters]) -> dict[str, Tally]:
    """Each tally as it is now; a cluster that came later has counted from nothing."""
    names = {**tallies, **counters}
    return {
        name: tallies.get(name, Tally()).at(counters[name]) if name in counters else tallies[name]
        for name in names
    }


def measured_json(measured: Measured) -> dict[str, Any]:
    """All of it as the row keeps it."""
    look = measured.look
    return {
        "addresses": {
            slot.value: {"api": each.api, "bff": each.bff, "health": each.health}
            for slot, each in measured.addresses.items()
        },
        "usual": {name: _tally_json(each) for name, each in measured.usual.items()},
        "window": {name: _tally_json(each) for name, each in measured.window.items()},
        "bounds": dict(measured.bounds),
        "pace": {
            "look": measured.pace.look,
            "last_progress": measured.pace.last_progress,
            "last_minutes": measured.pace.last_minutes,
        },
        "look": look
        and {
            "at": look.at.isoformat(),
            "verdict": look.verdict,
            "reasons": look.reasons,
            "comparisons": look.comparisons,
            "report": look.report,
        },
        "names": dict(measured.names),
        "trouble": measured.trouble,
    }


def measured_of(told: Mapping[str, Any]) -> Measured:
    """What a row keeps."""
    look = told.get("look")
    return Measured(
        addresses={
            Slot(slot): Addresses(*(tuple(each[name]) for name in ("api", "bff", "health")))
            for slot, each in told.get("addresses", {}).items()
        },
        usual={name: _tally_of(each) for name, each in told.get("usual", {}).items()},
        window={name: _tally_of(each) for name, each in told.get("window", {}).items()},
        bounds=dict(told.get("bounds", {})),
        pace=gate.GatePace(**told.get("pace", {})),
        look=look
        and LastLook(
            datetime.fromisoformat(look["at"]),
            look["verdict"],
            tuple(look["reasons"]),
            tuple(look["comparisons"]),
            look["report"],
        ),
        names=dict(told.get("names", {})),
        trouble=told.get("trouble", ""),
    )


def _tally_json(tally: Tally) -> list[Any]:
    return [
        [
            each.requests,
            each.failed,
            {f"{bound:g}": n for bound, n in each.slower.items()},
            each.timed,
        ]
        for each in (tally.base, tally.last, tally.carried)
    ]


def _tally_of(told: list[Any]) -> Tally:
    return Tally(
        *(
            Counters(requests, failed, {float(bound): n for bound, n in slower.items()}, timed)
            for requests, failed, slower, timed in told
        )
    )
