"""What waits in the database, measured beside the heartbeat: jobs, and audit entries not chained.

Every part measures it, so that it is seen also where no worker is left to work it off.
"""

from core import telemetry
from core.db import Queryable
from core.query import Query

MOST_COUNTED = 10_000
STATES = {"queued": "queued", "picked": "running", "failed": "held"}
_JOBS = Query(
    """SELECT entrypoint, status::text AS status, count(*) AS jobs,
        extract(epoch FROM now() - min(created))::float8 AS seconds
    FROM pgqueuer GROUP BY entrypoint, status""",
    (),
    {},
)
_TAIL = Query(
    f"""WITH last AS (
        SELECT entry.xid, entry.id FROM audit_seal AS seal
        JOIN audit_entry AS entry ON entry.id = seal.entry_id ORDER BY seal.number DESC LIMIT 1)
    SELECT count(*) AS entries, extract(epoch FROM now() - min(at))::float8 AS seconds
    FROM (SELECT at FROM audit_entry
        WHERE (xid, id) > (coalesce((SELECT xid FROM last), '0'),
            coalesce((SELECT id FROM last), '00000000-0000-0000-0000-000000000000'))
        ORDER BY xid, id LIMIT {MOST_COUNTED}) AS tail""",  # noqa: S608 - a number of ours
    (),
    {},
)
"""Along the index, from the last seal on: an empty tail costs nothing, however long the log."""

_HAS_RELEASES = Query("SELECT to_regclass('release') IS NOT NULL AS found", (), {})
_RELEASE = Query(
    """SELECT a, b, state, weight, held IS NOT NULL AS held,
        extract(epoch FROM now() - since)::float8 AS seconds FROM release WHERE ended_at IS NULL""",
    (),
    {},
)
"""Asked only where there is such a table: who is not ready for want of it measures all the same."""


async def measure(db: Queryable) -> None:
    """Look once, and set what Prometheus is told."""
    await _measure_jobs(db)
    tail = await db.one(_TAIL)
    telemetry.UNSEALED.set(tail["entries"] if tail else 0)
    telemetry.UNSEALED_AGE.set((tail["seconds"] or 0) if tail else 0)
    await _measure_release(db)


async def _measure_jobs(db: Queryable) -> None:
    rows = await db.all(_JOBS)
    found = {(row["entrypoint"], STATES.get(row["status"], row["status"])): row for row in rows}
    for metric, keys in ((telemetry.JOBS, _known), (telemetry.JOB_AGE, _aged)):
        for key in keys:
            metric.labels(*key).set(0)
    for (entrypoint, state), row in found.items():
        telemetry.JOBS.labels(entrypoint, state).set(row["jobs"])
        _known.add((entrypoint, state))
        if state == "queued" or (entrypoint,) not in _aged:
            seconds = max(0.0, row["seconds"]) if state == "queued" else 0
            telemetry.JOB_AGE.labels(entrypoint).set(seconds)
            _aged.add((entrypoint,))


async def _measure_release(db: Queryable) -> None:
    found = await db.one(_HAS_RELEASES)
    row = await db.one(_RELEASE) if found and found["found"] else None
    telemetry.RELEASE.clear()
    if row:
        telemetry.RELEASE.labels(row["a"], row["b"], row["state"]).set(1)
    telemetry.RELEASE_WEIGHT.set(row["weight"] if row else 0)
    telemetry.RELEASE_AGE.set(row["seconds"] if row else 0)
    telemetry.RELEASE_HELD.set(row["held"] if row else 0)


_known: set[tuple[str, str]] = set()  # what had a number once has none left, rather than the last
_aged: set[tuple[str]] = set()
