"""How the releases of a fleet stand: a row an instance, for people and for pipelines."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from deploy.ops.fleet.inspection import Inspection, ReleaseRow
from deploy.ops.fleet.report import table

HEAD = ("INSTANCE", "WAVE", "BUILD", "STATE", "FOR", "GATE", "")


def release_lines(seen: Mapping[str, Inspection]) -> list[str]:
    """For people: where each stands, since when, and what its gate says."""
    return table([HEAD, *((each.name, str(each.wave), *_cells(each)) for each in seen.values())])


def _cells(seen: Inspection) -> tuple[str, str, str, str, str]:
    if seen.failure:
        return "-", "-", "-", "-", str(seen.failure)
    last = seen.release
    if last is None:
        return "-", "none yet", "-", "-", ""
    minutes = int(last.age.total_seconds()) // 60
    age = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    if not last.open:
        return last.b, _state(last), age, "-", ""
    said = f"held: {last.held}" if last.held else last.said
    return last.b, _state(last), age, last.verdict or "-", said


def _state(last: ReleaseRow) -> str:
    return f"ab at {last.weight:g} %" if last.state == "ab" else last.state


def releases_json(seen: Mapping[str, Inspection]) -> list[dict[str, Any]]:
    """For a pipeline."""
    return [_json(each) for each in seen.values()]


def _json(seen: Inspection) -> dict[str, Any]:
    last = seen.release
    found: dict[str, Any] = {
        "name": seen.name,
        "wave": seen.wave,
        "why": seen.failure.why if seen.failure else None,
        "release": None,
    }
    if last is not None:
        found["release"] = {
            "b": last.b,
            "state": last.state,
            "weight": last.weight,
            "held": last.held,
            "open": last.open,
            "since": last.since.astimezone(UTC).isoformat(),
            "verdict": last.verdict or None,
            "said": last.said or None,
        }
    return found
