"""What is looked up of a release beside its row: outcomes, and what became of its rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.db import Database
from core.errors import Refused
from deploy.release import comparing, conditions
from deploy.release.evidence import MEASURED
from deploy.release.outcomes import Outcomes
from deploy.release.store import StoredRelease


@dataclass(frozen=True, slots=True)
class Lookup:
    """The outcomes, or why there are none; what an operator should know of the rules."""

    outcomes: Outcomes | None = None
    why: str = ""
    warnings: tuple[str, ...] = ()

    def as_json(self) -> Mapping[str, Any]:
        """The same for a pipeline."""
        return {
            "outcomes": self.outcomes and self.outcomes.as_json(),
            "no_outcomes": self.why or None,
            "warnings": list(self.warnings),
        }


async def lookup(db: Database, found: StoredRelease) -> Lookup:
    """All that is known beside the row; nothing, of a release that has ended."""
    if found.release.ended_at is not None:
        return Lookup()
    warnings = tuple(await conditions.warnings(db, found.release.conditions))
    if found.release.state not in MEASURED:
        return Lookup(warnings=warnings)
    try:
        return Lookup(await comparing.of_release(db, found), warnings=warnings)
    except Refused as refusal:
        return Lookup(why=refusal.detail, warnings=warnings)
