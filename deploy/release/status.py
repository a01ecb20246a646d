"""How a release stands, on one screen for a person, or as a pipeline reads it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.release import machine
from deploy.release.conditions import by_rule, written
from deploy.release.conditions import lines as condition_lines
from deploy.release.lookup import Lookup
from deploy.release.machine import BEFORE_CONTRACT, ENDS, Release, ReleasePlan
from deploy.release.model import Condition, ReleaseState
from deploy.release.outcomes import brief
from deploy.release.steering import waits_for
from deploy.release.store import ReleaseStep, StoredRelease

TIME = "%Y-%m-%d %H:%M:%S UTC"
WIDTH = 10
NOTHING = Lookup()


def plan_lines(a: str, b: str, plan: ReleasePlan, conditions: Sequence[Condition]) -> list[str]:
    """What a release would do, a line a step."""
    lines = [f"B {b} beside A {a}"]
    for state, weight in machine.way(plan):
        name = f"ab {weight:g} %" if state is ReleaseState.AB else state.value
        lines.append(f"{name:<{WIDTH}} {_asks(state, plan)}")
    lines += [f"{'always':<{WIDTH}} {each}" for each in condition_lines(conditions)]
    chance = f"a B as good as A is sent back by chance in {plan.alpha:.1%} of releases at most"
    return [*lines, f"{'chance':<{WIDTH}} {chance}"]


def _asks(state: ReleaseState, plan: ReleasePlan) -> str:
    each = f"{plan.minimum:,} API and {plan.web_minimum:,} web requests of B's and of A's"
    match state:
        case ReleaseState.EXPAND:
            return "B's own migrations and backfills; on once B misses nothing"
        case ReleaseState.SHADOW:
            return (
                f"B answers {plan.mirrored:.0%} of API requests unseen; on after"
                f" {plan.shadow_minimum:,} pairs without a difference"
            )
        case ReleaseState.AB:
            beside = "an A started with it" if plan.baseline else "A"
            return f"B beside {beside}; on after {each}"
        case ReleaseState.SWITCH:
            return f"everybody on B, A stays ready; on after {each}"
        case ReleaseState.SOAK:
            return f"the same for {plan.soak_minutes:g} minutes"
        case ReleaseState.CONTRACT:
            named = ", ".join(plan.contracts)
            return f"A ends, no way back; drops {named or 'nothing, none was named'}"
        case _:
            return "B is what serves"


def status_lines(
    found: StoredRelease,
    driven: bool,
    now: datetime,
    file: str = "",
    beside: Lookup = NOTHING,
) -> list[str]:
    """Where it stands, since when, what was measured, what comes next, and how to go back."""
    told = _Screen(found, driven, now, file)
    rows = [
        ("Release", f"B {found.release.b} (into {found.release.slot}) beside A {found.release.a}"),
        ("State", told.state()),
        ("Driver", told.driver()),
        *(("Trouble", each) for each in [found.measured.trouble] if each),
        *told.gate(),
        *told.measured(),
        *_under("Outcomes", _outcome_lines(beside)),
        *_under("Rules", [*told.rules(), *beside.warnings]),
        ("Next", told.onward()),
        ("Back", told.back()),
    ]
    return [f"{name:<{WIDTH}} {text}".rstrip() for name, text in rows]


class _Screen:
    """The lines of the screen, one a question that an operator has."""

    def __init__(self, found: StoredRelease, driven: bool, now: datetime, file: str) -> None:
        self._found, self._driven, self._now = found, driven, now
        self._file = f" --file {file}" if file else ""

    def command(self, *words: str) -> str:
        return f"`beleg release {' '.join(words)}{self._file}`"

    def state(self) -> str:
        release = self._found.release
        made = "is being made" if self._driven else "does not stand yet"
        stands = "" if release.stands else f"; its world {made}"
        held = f"; held: {release.held}" if release.held else ""
        return (
            f"{release.where}, for {duration(self._now - release.since)} (since"
            f" {release.since.astimezone(UTC).strftime(TIME)}){stands}{held}"
        )

    def driver(self) -> str:
        if self._driven:
            return self._found.driver or "somebody, who has not said who"
        if self._found.release.ended_at is not None:
            return "nobody, for it has ended"
        was = f" (last {self._found.driver}, which is gone)" if self._found.driver else ""
        return f"nobody{was}: {self.command('advance')} goes on"

    def gate(self) -> Iterator[tuple[str, str]]:
        look = self._found.measured.look
        if look is None or self._found.release.ended_at is not None:
            return
        age = duration(self._now - look.at)
        yield "Gate", f"{look.verdict}, {age} ago"
        for reason in look.reasons:
            yield "", reason
        if look.report:
            yield "", f"report: {look.report}"

    def measured(self) -> Iterator[tuple[str, str]]:
        look, bounds = self._found.measured.look, self._found.measured.bounds
        for at, each in enumerate(look.comparisons if look else ()):
            kind, _, what = each["name"].partition(" ")
            over = f" (over {bounds[kind]:g} ms)" if what == "slow" and kind in bounds else ""
            chance = "" if each["p"] is None else f"   by chance {each['p']:.2g}"
            a = "counts none, the plan's share instead" if each.get("assumed") else _side(each["a"])
            text = f"{each['name'] + over:<24} B {_side(each['b'])}   A {a}{chance}"
            yield "" if at else "Measured", text

    def rules(self) -> list[str]:
        if self._found.release.ended_at is not None:
            return []
        return condition_lines(self._found.release.conditions)

    def onward(self) -> str:
        release = self._found.release
        if release.state in ENDS:
            return f"nothing: it ended as {release.state}; {self.command('start --b BUILD')}"
        if release.state is ReleaseState.BACK:
            return f"{self.command('advance')} tries again, {self.command('abort')} ends it"
        then = machine.onward(release).where
        if release.held:
            return f"{then}, once {self.command('advance')} lets it go on"
        return f"{then}; waits for: {waits_for(self._found)}"

    def back(self) -> str:
        release = self._found.release
        if release.state in BEFORE_CONTRACT:
            return f"{self.command('back')} sends everybody to A at once"
        if release.state in machine.ON_A:
            return "everybody is on A"
        return f"no way back: A has ended. {self.command('start --b', release.a)} releases it anew"


def _under(name: str, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Lines under one name."""
    for at, text in enumerate(texts):
        yield "" if at else name, text


def _outcome_lines(beside: Lookup) -> list[str]:
    if beside.outcomes is None:
        return [beside.why] if beside.why else []
    names = f"B = {beside.outcomes.b}, A = {beside.outcomes.a}, since this step (95 % each)"
    return [names, *brief(beside.outcomes)]


def _side(told: Mapping[str, Any]) -> str:
    if not told["all"]:
        return "none yet"
    low, high = told["interval"]
    share = told["bad"] / told["all"]
    return f"{told['bad']:,} of {told['all']:,} ({share:.2%}, {low:.2%} to {high:.2%})"


def duration(time: timedelta) -> str:
    """How long, in the two units that matter."""
    seconds = max(0, round(time.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"


def status_json(found: StoredRelease, driven: bool, beside: Lookup = NOTHING) -> dict[str, Any]:
    """How it stands, for a pipeline."""
    release, look = found.release, found.measured.look
    ended = release.state in ENDS
    return {
        "id": str(release.id),
        "a": release.a,
        "b": release.b,
        "slot": release.slot.value,
        "state": release.state.value,
        "weight": release.weight,
        "conditions": [written(each) for each in release.conditions],
        "rules": list(by_rule(release.conditions)),
        "plan": release.plan.model_dump(mode="json"),
        "automatic": release.automatic,
        "held": release.held,
        "stands": release.stands,
        "since": release.since.astimezone(UTC).isoformat(),
        "started_at": release.started_at.astimezone(UTC).isoformat(),
        "ended_at": release.ended_at and release.ended_at.astimezone(UTC).isoformat(),
        "driver": found.driver if driven else None,
        "trouble": found.measured.trouble or None,
        "verdict": look.verdict if look else None,
        "reasons": list(look.reasons) if look else [],
        "comparisons": list(look.comparisons) if look else [],
        "bounds_ms": dict(found.measured.bounds),
        "builds": dict(found.measured.names),
        **beside.as_json(),
        "report": look.report if look else "",
        "next": None if ended else machine.onward(release).where,
        "waits_for": None if ended else waits_for(found),
        "back": "beleg release back" if release.state in BEFORE_CONTRACT else None,
    }


def step_json(step: ReleaseStep) -> dict[str, Any]:
    """A step with all its evidence."""
    return {
        "at": step.at.astimezone(UTC).isoformat(),
        "from": step.from_state,
        "to": step.to_state,
        "verdict": step.verdict,
        "by": step.by,
        "evidence": dict(step.evidence),
    }


def log_lines(release: Release, steps: Sequence[ReleaseStep]) -> list[str]:
    """Every step, who decided it and why."""
    lines = [f"B {release.b} beside A {release.a}"]
    for each in steps:
        at = each.at.astimezone(UTC).strftime(TIME)
        where = (
            each.to_state
            if each.from_state == each.to_state
            else (f"{each.from_state} -> {each.to_state}" if each.from_state else each.to_state)
        )
        lines.append(f"{at}  {where}  {each.verdict}, by {each.by}")
        lines += [f"    {reason}" for reason in each.evidence.get("reasons", ())]
    return lines
