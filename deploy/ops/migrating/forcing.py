"""What an operator set aside, noted in the audit log before it is done."""

from collections.abc import Sequence

from core import audit
from core.audit import NO_RECORD
from core.connecting import connected
from core.db import Tx
from core.settings import Settings
from deploy.ops.instance import OPERATOR
from deploy.ops.migrating.contracts import Waived


def noting(settings: Settings, contract: str, reason: str) -> Waived:
    """Notes which objections to a contract were set aside, and why."""

    async def note(objections: Sequence[str]) -> None:
        detail = {"contract": contract, "reason": reason, "objections": list(objections)}

        async def work(tx: Tx) -> None:
            audit.record(tx, OPERATOR, "contract.forced", "revision", NO_RECORD, detail)

        async with connected(settings.database_url, 1, "beleg/migrations") as db:
            await db.write(work)

    return note
