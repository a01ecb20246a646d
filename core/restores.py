"""Whether this database is still the one that it was, or was restored or copied from it.

A row that this database wrote bears the transaction in which it was written (`xmin`), a restored
one that of the restore. So it is seen on managed servers too, and pg_upgrade is no restore.
"""

from core.errors import Unavailable
from core.pool import Connection

ADOPTION = "adoption"
"""What a restored database lacks, beside the names of revisions."""


class NotAdopted(Unavailable):
    """The database was restored or copied, and nobody has said yet which instance it is."""

    def __init__(self) -> None:
        super().__init__("The database was restored or copied: run beleg adopt.")


# The same database of the same cluster is itself, whatever rewrote its rows.
_RESTORED = """
SELECT coalesce(newest.xid >= shifted_xid(pg_snapshot_xmax(pg_current_snapshot())), false)
    OR CASE WHEN identity.id IS NULL THEN NOT coalesce(newest.native, true)
        ELSE identity.database <> database_identifier()
            OR NOT (coalesce(identity.cluster = cluster_identifier(), false)
                OR identity.native AND coalesce(newest.native, true))
        END AS restored
FROM (SELECT) this
LEFT JOIN (
    SELECT *, written_xid::xid = xmin AS native FROM instance_identity) identity ON true
LEFT JOIN (
    SELECT xid, xid::xid = xmin AS native FROM audit_entry
    ORDER BY audit_entry.xid DESC, audit_entry.id DESC LIMIT 1) newest ON true"""


async def is_restored(connection: Connection) -> bool:
    """Whether adopting is owed: this is another database than the one that wrote its rows."""
    return bool(await connection.fetchval(_RESTORED))
