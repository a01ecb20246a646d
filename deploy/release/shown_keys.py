"""Partners' keys as an edge can know them: by their beginnings alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.db import Queryable
from core.query import Query

_KEYS = Query(
    """SELECT client_key.client_id, client.name, client_key.prefix, client_key.last_four,
        client_key.created_at, NOT client.disabled
            AND (client_key.expires_at IS NULL OR client_key.expires_at > now()) AS counts
    FROM client_key JOIN client ON client.id = client_key.client_id
    ORDER BY client_key.id""",
    (),
    {},
)
_SHOWN = ("prefix", "last_four", "created_at", "counts")


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key as an edge can know it, whose it is, and whether it counts (or has expired)."""

    client_id: UUID
    client: str
    beginning: str
    last_four: str
    created_at: datetime
    counts: bool


async def shown_keys(db: Queryable) -> list[ShownKey]:
    """Every key, oldest first."""
    return [
        ShownKey(row["client_id"], row["name"], *(row[name] for name in _SHOWN))
        for row in await db.all(_KEYS)
    ]
