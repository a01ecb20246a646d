"""What is done to the fleet: a command of one instance, on all of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from core.db import BACKFILLS
from deploy.ops.fleet import process
from deploy.ops.fleet.doubles import require_apart
from deploy.ops.fleet.file import Fleet, FleetInstance
from deploy.ops.fleet.forgotten import Unnamed, unnamed
from deploy.ops.fleet.inspection import (
    NOT_BEGUN,
    BuildRevisions,
    Inspection,
    inspect,
    inspect_all,
)
from deploy.ops.fleet.journal import Journal
from deploy.ops.fleet.progress import Progress
from deploy.ops.fleet.remedies import Failure, failure, last_words
from deploy.ops.fleet.waves import FleetRun, Outcome, Result, at_once, in_waves
from deploy.ops.migrating.backfill.files import read_backfills
from deploy.ops.migrating.backfill.steering import STEERED
from deploy.ops.migrating.revisions import revisions

NO_RELEASE_FILE = 'its line does not say where its release.toml is: release = "…/release.toml"'


def _never(_: Inspection) -> None:
    return None


def _not_begun(_: Inspection) -> tuple[str, ...] | None:
    return None


@dataclass(frozen=True, slots=True)
class FleetCommand:
    """A command of one instance.

    `settled` says why it need not run on an instance, or None; where `must_settle`, it is asked
    again afterwards, for an exit code alone proves nothing. What is `urgent`, or changes nothing,
    goes to all whoever fails; what is `endless` may take as long as it takes, and
    what is `patient` is told how long to try for locks that others hold. What is `filed` is given
    the instance's release.toml. `begun` says which words go on with what is begun, if it is.
    """

    words: tuple[str, ...]
    settled: Callable[[Inspection], str | None] = _never
    must_settle: bool = False
    urgent: bool = False
    endless: bool = False
    patient: bool = False
    filed: bool = False
    begun: Callable[[Inspection], tuple[str, ...] | None] = _not_begun


def _migrated(seen: Inspection) -> str | None:
    if seen.missing or not seen.registered.issuperset(backfills()):
        return None
    return f"has newer: {', '.join(seen.newer)}" if seen.newer else "nothing to apply"


def _adopted(seen: Inspection) -> str | None:
    return None if seen.adopt_owed else "nothing is owed"


def _backfilled(seen: Inspection) -> str | None:
    if seen.missing or not seen.registered.issuperset(backfills()):
        return None
    return None if seen.unverified else "all verified"


MIGRATE = FleetCommand(("migrate",), _migrated, must_settle=True, patient=True)
PROVE = FleetCommand(("migrate", "prove", "--here"), urgent=True)
ADOPT = FleetCommand(("adopt",), _adopted, must_settle=True)


def backfill(verb: str, name: str | None) -> FleetCommand:
    """A command on backfills: `run` and `resume` go in waves, what stops them goes to all."""
    words = ("backfill", verb, *([name] if name else []))
    if verb == "run":
        return FleetCommand(words, _never if name else _backfilled, endless=True)

    def steered(seen: Inspection) -> str | None:
        stands = next((each.state for each in seen.backfills if each.name == name), NOT_BEGUN)
        acts = stands == NOT_BEGUN or verb not in STEERED or stands in STEERED[verb]
        return None if acts else f"{name} is {stands}"

    return FleetCommand(words, steered, urgent=verb != "resume")


def release_start(b: str, a: str | None) -> FleetCommand:
    """A release of B on each, to its end: one that is open already is gone on with."""
    a_words = ("--a", a) if a else ()

    def released(seen: Inspection) -> str | None:
        last = seen.release
        done = last is not None and last.b == b and last.state == "done" and not last.open
        return f"{b} is released" if done else None

    def begun(seen: Inspection) -> tuple[str, ...] | None:
        last = seen.release
        return ("release", "advance") if last and last.open and last.b == b else None

    return FleetCommand(
        ("release", "start", "--b", b, *a_words),
        released,
        must_settle=True,
        endless=True,
        filed=True,
        begun=begun,
    )


def release_back(reason: str) -> FleetCommand:
    """Everybody to A, on all at once, whoever fails."""

    def nothing(seen: Inspection) -> str | None:
        last = seen.release
        if last is None or not last.open:
            return "no release is open"
        return None

    words = ("release", "back", "--reason", reason)
    return FleetCommand(words, nothing, urgent=True, filed=True)


@cache
def backfills() -> set[str]:
    """The backfills that this build brings."""
    return {each.name for each in read_backfills()}


@cache
def build_revisions() -> BuildRevisions:
    """What this build brings and requires."""
    brought = revisions()
    return BuildRevisions(
        frozenset(each.number for each in brought),
        frozenset(each.number for each in brought if each.kind == "expand"),
        frozenset(BACKFILLS),
    )


class FleetRunner:
    """One command on its way through the fleet."""

    def __init__(
        self, fleet: Fleet, command: FleetCommand, journal: Journal, progress: Progress
    ) -> None:
        self._fleet = fleet
        self._command = command
        self._journal = journal
        self._progress = progress

    async def run(self, only: Sequence[str]) -> tuple[FleetRun, Unnamed]:
        """Do the chosen instances in waves; raises Conflict where two share what is one's."""
        chosen = self._fleet.selected(only)
        self._progress.note("looking at every database")
        seen = await inspect_all(self._fleet, self._fleet.instances, build_revisions())
        require_apart(self._fleet, seen)
        self._journal.note("begun", instances=[each.name for each in chosen])
        self._progress.begin(len(chosen))
        go_through = at_once if self._command.urgent else in_waves
        run = await go_through(self._fleet, chosen, self._work)
        self._journal.note(
            "ended", halted=run.halted, failed=[each.instance for each in run.failed]
        )
        self._progress.note("looking for databases that no line names")
        found = await unnamed(self._fleet, seen)
        self._progress.clear()
        return run, found

    async def _work(self, instance: FleetInstance) -> Outcome:
        wave, started = self._fleet.wave_of(instance), time.monotonic()
        self._progress.running(instance.name, "")
        result, said = await self._one(instance)
        seconds = round(time.monotonic() - started, 2)
        if isinstance(said, Failure):
            told = {"why": said.why, "remedy": said.remedy}
            outcome = Outcome(instance.name, wave, result, seconds, failure=said)
        else:
            told = {"said": said}
            outcome = Outcome(instance.name, wave, result, seconds, said)
        self._journal.note(result.value, instance=instance.name, wave=wave, seconds=seconds, **told)
        self._progress.finished(outcome)
        return outcome

    async def _one(self, instance: FleetInstance) -> tuple[Result, str | Failure]:
        fleet, command = self._fleet, self._command
        seen = await inspect(fleet, instance, build_revisions())
        if seen.failure:
            return Result.FAILED, seen.failure
        if (settled := command.settled(seen)) is not None:
            return Result.SKIPPED, settled
        self._journal.note("started", instance=instance.name, wave=seen.wave)
        if command.filed and instance.release is None:
            return Result.FAILED, failure(NO_RELEASE_FILE, instance)
        seconds = None if command.endless else fleet.defaults.timeout_seconds
        words = command.begun(seen) or command.words
        if command.patient:
            words += ("--patience", f"{fleet.defaults.patience_seconds:g}")
        if command.filed:
            words += ("--file", str(fleet.file.parent / str(instance.release)))
        end = await process.run(
            words,
            fleet.environ(instance),
            seconds,
            lambda line: self._progress.running(instance.name, line),
        )
        if end.code == process.TIMED_OUT:
            last = f"; at last: {end.last_line}" if end.last_line else ""
            return Result.FAILED, failure(f"took longer than {seconds:g} s{last}", instance)
        if end.code:
            return Result.FAILED, failure(last_words(end.errors or end.output), instance)
        after = await inspect(fleet, instance, build_revisions())
        if after.failure:
            return Result.FAILED, after.failure
        if command.must_settle and command.settled(after) is None:
            lacks = ", ".join(after.missing) or "what it was to do"
            return Result.FAILED, failure(f"ended well, but lacks {lacks}", instance)
        return Result.DONE, end.last_line
