"""What an instance in production runs with that somebody should look at, though it works."""

from core import audit
from core.db import Queryable
from core.settings import Environment, Settings

UNSEPARATED = "The audit log can be rewritten by the role that this instance runs as"
UNKEYED = "BELEG_AUDIT_KEYS is not set: who owns the database can rewrite the audit log"
UNANCHORED = "BELEG_AUDIT_ANCHORS is not set: who owns the database can cut off the audit log"
UNSEALED = "BELEG_SECRET_KEYS is not set: webhook secrets lie in the database as they are"


async def notices(db: Queryable, settings: Settings, *own: str) -> str | None:
    """What there is of the role, and of the settings that are this part's own.

    None but in production, and none of a shadow, which is a guest there.
    """
    if settings.env is not Environment.PRODUCTION or settings.shadow:
        return None
    lacking = [each for each in of_settings(settings) if each in own]
    return "; ".join([*_of_role(await audit.powers(db)), *lacking]) or None


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
