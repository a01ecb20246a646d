"""How many connections an instance needs, against how many its PostgreSQL has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.db import APART
from deploy.ops.turns import PLACES

PARTS = {"api": APART + 2, "bff": APART, "worker": APART + 2 + PLACES}
"""Each part, and how many connections it has beside its pool: probes, listeners, a queue, and what
reads large files, one a place."""
MIGRATOR = 2
OPERATOR = 1  # a command


@dataclass(frozen=True, slots=True)
class Row:
    """What the processes of one kind may hold."""

    name: str
    processes: int
    each: int

    @property
    def total(self) -> int:
        """All of them together."""
        return self.processes * self.each


@dataclass(frozen=True, slots=True)
class Budget:
    """What every part may hold, alone and beside another build, and what the server has."""

    rows: tuple[Row, ...]
    limit: int
    """What the server, the role and the database let this role have at once."""
    others: int
    """What others hold of it just now."""
    held: int
    """What this instance holds just now."""

    @classmethod
    def of(
        cls, processes: Mapping[str, int], pool: int, limit: int, others: int, held: int
    ) -> "Budget":
        """The budget of so many processes a part, each with a pool of this size."""
        rows = [Row(name, processes[name], pool + own) for name, own in PARTS.items()]
        return cls(tuple(rows), limit, others, held)

    @property
    def running(self) -> int:
        """What one build holds."""
        return sum(row.total for row in self.rows)

    @property
    def releasing(self) -> int:
        """What two builds side by side hold, while one migrates and an operator looks on."""
        return 2 * self.running + MIGRATOR + OPERATOR

    @property
    def free(self) -> int:
        """What is left for us."""
        return self.limit - self.others

    @property
    def lines(self) -> list[str]:
        """A table for a person."""
        head = f"{'connections':22}{'processes':>10}{'each':>7}{'running':>9}{'release':>9}"
        body = [
            f"{row.name:22}{row.processes:10}{row.each:7}{row.total:9}{2 * row.total:9}"
            for row in self.rows
        ]
        extra = [
            f"{'migrate':22}{1:10}{MIGRATOR:7}{'-':>9}{MIGRATOR:9}",
            f"{'a command':22}{1:10}{OPERATOR:7}{'-':>9}{OPERATOR:9}",
            f"{'needed':39}{self.running:9}{self.releasing:9}",
            f"{'the server has':39}{self.limit:9}{self.limit:9}",
            f"{'others hold':39}{self.others:9}{self.others:9}",
            f"{'this instance holds now':39}{self.held:9}{self.held:9}",
            f"{'left':39}{self.free - self.running:9}{self.free - self.releasing:9}",
        ]
        return [head, *body, *extra]

    def as_json(self) -> dict[str, Any]:
        """The same for a pipeline."""
        return {
            "parts": [
                {"part": row.name, "processes": row.processes, "each": row.each}
                for row in self.rows
            ],
            "migrate": MIGRATOR,
            "command": OPERATOR,
            "running": self.running,
            "release": self.releasing,
            "limit": self.limit,
            "others": self.others,
            "held": self.held,
        }
