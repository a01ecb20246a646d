"""Whether an environment would work: what `beleg check` looks at, and what it says."""

from deploy.ops.checking.budget import PARTS, Budget
from deploy.ops.checking.findings import Finding, Report, State
from deploy.ops.checking.run import check

__all__ = ["PARTS", "Budget", "Finding", "Report", "State", "check"]
