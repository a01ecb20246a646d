"""What an instance in production runs with that somebody should look at, though it works."""

from core import audit
from core.db import Queryable
from core.settings import Environment, Settings

UNSEPARATED = "The audit log can be rewritten by the role that this instance runs as"
UNKEYED = "BELEG_AUDIT_KEYS is not set: who owns the database can rewrite the audit log"
UNANCHORED = "BELEG_AUDIT_ANCHORS is not set: who owns the database can cut off the audit log"
UNSEALED = "BELEG_SECRET_KEYS is not set: webhook secrets lie in the database as they are"


async def notices(db: Queryable, settings: Settings) -> list[str]:
    """What there is; none but in production, and of a shadow, which is a guest there."""
    if settings.env is not Environment.PRODUCTION or settings.shadow:
        return []
    return [*_of_role(await audit.powers(db)), *of_settings(settings)]


def _of_role(powers: list[str]) -> list[str]:
    return [f"{UNSEPARATED}: {', '.join(powers)}"] if powers else []


def of_settings(settings: Settings) -> list[str]:
    """What lacks of what only the operator can give."""
    lacking = {
        UNKEYED: settings.audit_keys,
        UNANCHORED: settings.audit_anchors,
        UNSEALED: settings.secret_keys,
    }
    return [notice for notice, given in lacking.items() if not given]
