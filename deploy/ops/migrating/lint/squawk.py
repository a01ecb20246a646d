"""All that is read of a revision before it may run: our rules, and squawk's."""

import json
import subprocess
import sys
from pathlib import Path

from core.errors import Unavailable
from deploy.ops.migrating.lint.complaints import RevisionComplaint
from deploy.ops.migrating.lint.rules import complaints
from deploy.ops.migrating.lint.shipped import SHIPPED
from deploy.ops.migrating.revisions import Revision

SQUAWK = Path(sys.executable).parent / "squawk"
AS_THE_MIGRATOR_SETS = "SET lock_timeout = '100ms';\n"
LEFT_OUT = {
    "prefer-bigint-over-int",  # integers here count months and calls, never rows
    "require-statement-timeout",  # waiting is what hurts others, and is bounded
    "prefer-robust-stmts",  # a revision is whole or undone; CONCURRENTLY's leftovers are dropped
}
LEFT_TO_CONTRACTS = (
    "ban-drop-",  # which is what contracts are for
    "adding-not-nullable-field",  # our own rule asks who has seen to the rows
)
"""How those of squawk's rules begin that contracts are not asked."""


def lint(revision: Revision) -> list[RevisionComplaint]:
    """What is wrong with a revision, by our rules and then by squawk's."""
    return [*complaints(revision), *squawk(revision)]


def has_squawk() -> bool:
    """Whether squawk is installed here: it comes with what is needed to write revisions."""
    return SQUAWK.exists()


def squawk(revision: Revision) -> list[RevisionComplaint]:
    """What squawk says of a revision."""
    if not has_squawk():
        raise Unavailable("squawk is not installed here: it comes with the extra `dev`.")
    excused = {*LEFT_OUT, *revision.exceptions, *SHIPPED.get(revision.name, ())}
    allowed = LEFT_TO_CONTRACTS if revision.kind == "contract" else ()
    sql = "".join(f"{each.strip().rstrip(';')};\n" for each in revision.statements)
    found = subprocess.run(  # noqa: S603 - our own program
        (
            *(str(SQUAWK), "--pg-version=15.0", "--reporter=json"),
            *(() if revision.is_concurrent else ("--assume-in-transaction",)),
        ),
        input=AS_THE_MIGRATOR_SETS + sql,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        violations = json.loads(found.stdout or "[]")
    except ValueError:
        raise Unavailable(f"squawk failed: {found.stdout}{found.stderr}") from None
    return [
        RevisionComplaint(revision.name, "squawk", f"{each['rule_name']}: {each['message']}")
        for each in violations
        if each["rule_name"] not in excused and not each["rule_name"].startswith(allowed)
    ]
