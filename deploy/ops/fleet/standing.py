"""How the whole fleet stands: every instance, what they share, and whom no line names."""

from collections.abc import Sequence
from pathlib import Path

from deploy.ops.fleet.doubles import by_database, by_file
from deploy.ops.fleet.file import Fleet
from deploy.ops.fleet.forgotten import Unnamed, unnamed
from deploy.ops.fleet.inspection import Inspection, inspect_all
from deploy.ops.fleet.journal import last_failures
from deploy.ops.fleet.runs import build_revisions


async def standing(
    fleet: Fleet, only: Sequence[str], journal: Path
) -> tuple[dict[str, Inspection], Unnamed, list[str]]:
    """How the chosen instances stand, the databases that no line names, and what is shared."""
    chosen = fleet.selected(only)
    seen = await inspect_all(fleet, fleet.instances, build_revisions())
    found = await unnamed(fleet, seen)
    failures = last_failures(journal)
    for each in seen.values():
        each.last_failure = failures.get(each.name)
    shared = [*by_file(fleet), *by_database(seen)]
    return {each.name: seen[each.name] for each in chosen}, found, shared
