"""Whose job is taken up next: clients take turns, and what is quick waits behind nothing else.

A worker has places for any job and a few beside them for quick ones, so that a small file is read
while large ones are. No client ever has all places, whoever else waits or does not: what comes next
may be another's. It is the turn of the client with the fewest jobs under way here, then of the one
served longest ago, then of the one that has waited longest. A quick job that turns out not to be is
taken up again among the others, and until its client has none of those left, none of its jobs
counts as quick.

It goes by a job's headers; those from a build that writes none share one turn.
"""

from collections import OrderedDict
from datetime import timedelta

from pgqueuer.models import Job
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.types import QueueEntrypoint, QueueManagerId

from core.pool import Connection
from deploy.ops.trying import CarefulQueries

PLACES = 4
PLACES_OF_CLIENT = 3
QUICK_PLACES = 2
QUICK_PLACES_OF_CLIENT = 1
MOST_REMEMBERED = 1_000  # clients of which is known when they were served last

# A job's client, and how long it should take, as the index has them: `quick`, `common`, or `slow`
# of one that was taken for a quick one. Its `place` is where it was taken up.
_CLIENT = "coalesce(headers->>'client', '')"
_LANE = "coalesce(headers->>'lane', 'common')"
_NEXT = f"""WITH RECURSIVE line AS (
    (SELECT {_CLIENT} AS client, {_LANE} AS lane FROM pgqueuer WHERE status = 'queued'
        ORDER BY 1, 2 LIMIT 1)
    UNION ALL
    SELECT after.* FROM line CROSS JOIN LATERAL (
        SELECT {_CLIENT}, {_LANE} FROM pgqueuer
        WHERE status = 'queued' AND ({_CLIENT}, {_LANE}) > (line.client, line.lane)
        ORDER BY 1, 2 LIMIT 1) AS after
), head AS (
    SELECT line.*, job.id FROM line CROSS JOIN LATERAL (
        SELECT id FROM pgqueuer
        WHERE status = 'queued' AND {_CLIENT} = line.client AND {_LANE} = line.lane
            AND entrypoint = ANY($1) AND execute_after < now()
        ORDER BY priority DESC, id LIMIT 1) AS job
), taken AS (
    SELECT {_CLIENT} AS client, count(*) AS jobs, bool_or({_LANE} = 'slow') AS slow,
        count(*) FILTER (WHERE headers->>'place' = 'quick') AS quick
    FROM pgqueuer WHERE queue_manager_id = $2 AND status = 'picked' GROUP BY 1
), places AS (
    SELECT coalesce(sum(jobs - quick), 0) AS common, coalesce(sum(quick), 0) AS quick FROM taken
), candidate AS (
    SELECT head.id, client, coalesce(jobs, 0) AS jobs,
        lane = 'quick' AND places.quick < {QUICK_PLACES}
            AND coalesce(taken.quick, 0) < {QUICK_PLACES_OF_CLIENT}
            AND NOT coalesce(taken.slow, false)
            AND (client, 'slow') NOT IN (SELECT client, lane FROM line) AS quick,
        places.common < {PLACES}
            AND coalesce(jobs - taken.quick, 0) < {PLACES_OF_CLIENT} AS common
    FROM head CROSS JOIN places LEFT JOIN taken USING (client)
), stale AS (
    SELECT id FROM pgqueuer, places
    WHERE status = 'picked' AND entrypoint = ANY($1) AND heartbeat < now() - $3::interval
        AND execute_after < now() AND places.common < {PLACES}
    ORDER BY priority DESC, id LIMIT 1 FOR UPDATE OF pgqueuer SKIP LOCKED
), fresh AS (
    SELECT job.id, candidate.quick FROM candidate JOIN pgqueuer AS job USING (id)
    WHERE (candidate.quick OR candidate.common) AND job.status = 'queued'
        AND NOT EXISTS (SELECT FROM stale)
    ORDER BY candidate.quick DESC, candidate.jobs,
        array_position($4::text[], candidate.client) NULLS FIRST, job.priority DESC, job.id
    LIMIT 1 FOR UPDATE OF job SKIP LOCKED
), next AS (
    SELECT id, 'common' AS place FROM stale UNION ALL
    SELECT id, CASE WHEN quick THEN 'quick' ELSE 'common' END FROM fresh
), claimed AS (
    UPDATE pgqueuer AS job SET status = 'picked', updated = now(), heartbeat = now(),
        queue_manager_id = $2,
        headers = coalesce(headers, '{{}}') || jsonb_build_object('place', next.place)
    FROM next WHERE job.id = next.id RETURNING job.*
), log_pick AS (
    INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority)
    SELECT id, status, entrypoint, priority FROM claimed
)
SELECT * FROM claimed"""  # noqa: S608 - numbers and columns of ours


def is_quick(job: Job) -> bool:
    """Whether the job was taken up in a place for quick ones, which it must leave soon."""
    return (job.headers or {}).get("place") == "quick"


class Turns(CarefulQueries):
    """The queue, of which each look takes up one job at most: whoever's turn it is."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.served: OrderedDict[str, None] = OrderedDict()

    async def dequeue(
        self,
        batch_size: int,
        entrypoints: dict[QueueEntrypoint, EntrypointExecutionParameter],
        queue_manager_id: QueueManagerId,
        global_concurrency_limit: int | None,
        heartbeat_timeout: timedelta,
    ) -> list[Job]:
        """The next job, or none where no place is free for any; how many there are is ours."""
        rows = await self.driver.fetch(
            _NEXT, list(entrypoints), queue_manager_id, heartbeat_timeout, list(self.served)
        )
        jobs = [Job.model_validate(row) for row in rows]
        for each in jobs:
            self._note(str((each.headers or {}).get("client", "")))
        return jobs

    def _note(self, client: str) -> None:
        self.served[client] = None
        self.served.move_to_end(client)
        if len(self.served) > MOST_REMEMBERED:
            self.served.popitem(last=False)
