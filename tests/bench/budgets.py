"""How long an operation may take over v1, as a ratio to v2, and over v2 as one to the cheapest.

Ratios, since what a machine can do differs from one to the next. Each leaves room above what was
measured: what exceeds it is a change, not a slow minute.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from tests.bench.latency import Compared
from tests.bench.report import Finding

EXCEEDED = "These take longer than they may: "


@dataclass(frozen=True, slots=True)
class Budget:
    """How many times as long as v2 v1 may take, and v2 as the cheapest of its operations."""

    v1: float
    v2: float


BUDGETS: Mapping[str, Budget] = {
    "create": Budget(v1=1.5, v2=6),
    "get": Budget(v1=1.5, v2=2),
    "list 20": Budget(v1=8, v2=5),
    "withdraw": Budget(v1=1.5, v2=8),
    "hand in a document": Budget(v1=1.5, v2=15),
    "list documents": Budget(v1=1.5, v2=4),
    "show a document": Budget(v1=1.5, v2=4),
    "result, report": Budget(v1=1.5, v2=60),
    "subscribe": Budget(v1=1.5, v2=8),
    "list webhooks": Budget(v1=1.5, v2=2),
    "unsubscribe": Budget(v1=1.5, v2=8),
}


def within_budget(compared: Mapping[str, Compared]) -> Iterator[Finding]:
    """Each operation beside its budget: exceeded where even the interval's low end is beyond it."""
    cheapest = min(median(each.new) for each in compared.values())
    for name, each in compared.items():
        budget, ratio, new = BUDGETS[name], each.ratio, median(each.new)
        yield Finding(
            f"{name}, v1 against v2",
            _shown(median(each.old)),
            _shown(new),
            f"{ratio.middle:.2f} × [{ratio.low:.2f}, {ratio.high:.2f}]",
            f"at most {budget.v1:g} ×",
            ratio.low <= budget.v1,
        )
        yield Finding(
            f"{name}, v2 against the cheapest",
            _shown(new),
            _shown(cheapest),
            f"{new / cheapest:.2f} ×",
            f"at most {budget.v2:g} ×",
            new / cheapest <= budget.v2,
        )


def _shown(seconds: float) -> str:
    return f"{seconds * 1e3:,.2f} ms"
