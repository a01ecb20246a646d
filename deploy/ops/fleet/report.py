"""What stands at the end of a fleet command: for people a table, for pipelines JSON."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deploy.ops.fleet.forgotten import Unnamed
from deploy.ops.fleet.inspection import NOT_BEGUN, BackfillRow, Inspection
from deploy.ops.fleet.waves import FleetRun, Outcome


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines, each column as wide as what is in it."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def run_json(command: str, run: FleetRun, found: Unnamed) -> dict[str, Any]:
    """How a command went, for a pipeline."""
    return {
        "command": command,
        "ok": not run.failed and not run.halted,
        "halted": run.halted,
        "counts": dict(Counter(each.result.value for each in run.outcomes)),
        "instances": [_outcome_json(each) for each in run.outcomes],
        "forgotten": found.forgotten,
        "unseen": found.unseen,
    }


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "name": outcome.instance,
        "wave": outcome.wave,
        "result": outcome.result.value,
        "seconds": outcome.seconds,
        "said": outcome.said or None,
        "why": outcome.failure.why if outcome.failure else None,
        "remedy": outcome.failure.remedy if outcome.failure else None,
    }


def run_lines(run: FleetRun, found: Unnamed) -> list[str]:
    """How a command went, for people: what failed, why, and what to do."""
    counts = Counter(each.result.value for each in run.outcomes)
    lines = [", ".join(f"{count} {result}" for result, count in sorted(counts.items())) + "."]
    for each in run.failed:
        if each.failure:
            lines += [f"{each.instance} (wave {each.wave}): {each.failure.why}"]
            lines += [f"    To do: {each.failure.remedy}."]
    if run.halted:
        lines.append(f"Halted: {run.halted}.")
    if run.halted or run.failed:
        lines.append("Mend that and run it again: what is done is skipped.")
    return lines + unnamed_lines(found)


def unnamed_lines(found: Unnamed) -> list[str]:
    """Databases that no line of the file names."""
    lines = []
    if found.forgotten:
        names = ", ".join(found.forgotten)
        lines.append(f"Forgotten, for no line of the file names it: {names}.")
    if found.unseen:
        names = ", ".join(found.unseen)
        lines.append(f"Not looked into, for no credentials of the file may: {names}.")
    return lines


def status_json(
    seen: Mapping[str, Inspection], found: Unnamed, shared: Sequence[str]
) -> dict[str, Any]:
    """How the fleet stands, for a pipeline."""
    return {
        "instances": [_inspection_json(each) for each in seen.values()],
        "forgotten": found.forgotten,
        "unseen": found.unseen,
        "shared": list(shared),
    }


def _inspection_json(seen: Inspection) -> dict[str, Any]:
    return {
        "name": seen.name,
        "wave": seen.wave,
        "state": state(seen),
        "reachable": seen.place is not None,
        "why": seen.failure.why if seen.failure else None,
        "remedy": seen.failure.remedy if seen.failure else None,
        "missing": list(seen.missing),
        "newer": list(seen.newer),
        "backfills": [_backfill_json(each) for each in seen.backfills],
        "live": seen.live,
        "identity": seen.identity,
        "adopt_owed": seen.adopt_owed,
        "drift": list(seen.drift),
        "dropped": list(seen.dropped),
        "last_failure": seen.last_failure,
    }


def _backfill_json(each: BackfillRow) -> dict[str, Any]:
    return {
        "name": each.name,
        "state": each.state,
        "done": each.done,
        "total": each.total,
        "error": each.error,
    }


def backfills_json(seen: Mapping[str, Inspection]) -> list[dict[str, Any]]:
    """How far the backfills are, for a pipeline."""
    return [
        {
            "name": each.name,
            "wave": each.wave,
            "why": each.failure.why if each.failure else None,
            "missing": list(each.missing),
            "backfills": [_backfill_json(row) for row in each.backfills],
        }
        for each in seen.values()
    ]


def backfill_lines(seen: Mapping[str, Inspection]) -> list[str]:
    """How far the backfills are, for people: a row for each on each instance."""
    rows = [("INSTANCE", "WAVE", "BACKFILL", "STATE", "DONE", "OF", "")]
    for each in seen.values():
        for row in each.backfills or (None,):
            rows.append((each.name, str(each.wave), *_backfill_cells(each, row)))
    return table(rows)


def _backfill_cells(seen: Inspection, row: BackfillRow | None) -> tuple[str, str, str, str, str]:
    if row is None:
        return "-", "-", "-", "-", seen.failure.why if seen.failure else ""
    total = "-" if row.total is None else f"{row.total:,}"
    return row.name, row.state, f"{row.done:,}", total, row.error or ""


def state(seen: Inspection) -> str:
    """How an instance stands, in a word or two; the worst that is true of it."""
    if seen.failure:
        return "not to be asked"
    if seen.adopt_owed:
        return "adopt owed"
    if seen.missing:
        return "behind"
    if seen.drift:
        return "drifted"
    if any(each.state in ("failed", "paused", "cancelled") for each in seen.backfills):
        return "backfill halted"
    if seen.unverified:
        return "backfilling"
    return "newer" if seen.newer else "ready"


def status_lines(
    seen: Mapping[str, Inspection], found: Unnamed, shared: Sequence[str]
) -> list[str]:
    """How the fleet stands, for people: a row an instance, then what is odd about any."""
    head = ("INSTANCE", "WAVE", "STATE", "LACKS", "NEWER", "BACKFILLS", "LIVE BUILDS", "IDENTITY")
    lines = table([head, *(_row(each) for each in seen.values())])
    for each in seen.values():
        lines += [f"{each.name}: {odd}" for odd in _odd(each)]
    return [*lines, *shared, *unnamed_lines(found)]


def _row(seen: Inspection) -> tuple[str, ...]:
    return (
        seen.name,
        str(seen.wave),
        state(seen),
        _some(seen.missing),
        _some(seen.newer),
        _some(_how_far(each) for each in seen.unverified) if seen.backfills else "-",
        _some(f"{build} x{count}" for build, count in seen.live.items()),
        (seen.identity or "-")[:8],
    )


def _some(words: Iterable[str]) -> str:
    return " ".join(words) or "-"


def _how_far(each: BackfillRow) -> str:
    share = f" {each.done / each.total:.0%}" if each.total else ""
    return f"{each.name} {each.state}{share}"


def _odd(seen: Inspection) -> list[str]:
    said = [str(seen.failure)] if seen.failure else []
    said += [*(f"drift: {each}" for each in seen.drift), *seen.dropped]
    said += [f"{each.name} {each.state}: {each.error}" for each in seen.backfills if each.error]
    if not seen.missing:
        said += [
            f"{each.name} {NOT_BEGUN}: `beleg fleet migrate` lets its database know it"
            for each in seen.backfills
            if each.state == NOT_BEGUN
        ]
    if seen.adopt_owed:
        said.append("restored, and adopt is owed: `beleg fleet adopt`")
    if seen.last_failure and not seen.failure:
        said.append(f"last time: {seen.last_failure}")
    return said
