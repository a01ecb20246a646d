"""Whether what is on record, and what is secret, is safe from whoever gets at the database."""

import asyncpg

from core.audit import roles
from core.notices import UNSEPARATED, of_settings
from core.pool import Connection
from core.settings import Settings
from deploy.ops.checking.findings import Finding, attention, ok

ABOUT = "records"
APART = "Let another role own the tables, and migrate as it: BELEG_DATABASE_OWNER_URL."


async def look_at_records(settings: Settings, connection: Connection) -> list[Finding]:
    """What this role could do to the audit log, and what is not sealed with a key."""
    keys = [attention(ABOUT, f"{each}.", "See deploy/README.md.") for each in of_settings(settings)]
    return [await _role(connection), *keys]


async def _role(connection: Connection) -> Finding:
    try:
        powers = [row["power"] for row in await connection.fetch(roles.POWERS.sql)]
    except asyncpg.UndefinedTableError:
        return ok(ABOUT, "none yet; they come with the migrations.")
    if powers:
        return attention(ABOUT, f"{UNSEPARATED}: {', '.join(powers)}.", APART)
    return ok(ABOUT, "the role that runs the product can add to the audit log and not change it.")
