"""When a job that failed on us is tried again, and when it is held for a person.

What is away or full comes back, however long that takes: such a job is never held. An error of ours
may be mended by the next build, so that it is tried for a day.
"""

from datetime import timedelta

import asyncpg
import structlog
from obstore.exceptions import BaseError
from pgqueuer import AsyncpgDriver
from pgqueuer.models import Job, TracebackRecord
from pgqueuer.queries import Queries

from core.db import NOT_NOW, reason_of
from core.errors import InProgress, Refused, Unavailable
from core.pool import Connection

PASSING = (Unavailable, InProgress, OSError, BaseError, asyncpg.InterfaceError, *NOT_NOW)
"""What passes by itself: something is away, full, or locked by somebody else."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=1)
FIRST_PAUSE_OF_OURS, LONGEST_PAUSE_OF_OURS = timedelta(seconds=5), timedelta(hours=1)
TRIES_OF_OURS = 32  # the last a day after the first
log = structlog.get_logger()


def pause_after(problem: Exception, tries_before: int) -> timedelta | None:
    """How long to wait for the next try; None where there is none, and a person has to look."""
    if isinstance(problem, PASSING):
        return _growing(FIRST_PAUSE, LONGEST_PAUSE, tries_before)
    if tries_before + 1 >= TRIES_OF_OURS:
        return None
    return _growing(FIRST_PAUSE_OF_OURS, LONGEST_PAUSE_OF_OURS, tries_before)


def told(problem: Exception) -> str:
    """Why a job failed; an error of ours by its kind alone, for its message may quote a file."""
    if isinstance(problem, Refused):
        return problem.detail
    if isinstance(problem, PASSING):
        return f"{type(problem).__name__}: {reason_of(problem)}"
    return type(problem).__name__


def tell(job: Job, problem: Exception, pause: timedelta | None) -> None:
    """Log that a job failed: what passes in a line, an error of ours with its trace."""
    words = {"job": job.entrypoint, "job_id": job.id, "tries": job.attempts + 1}
    if pause is None:
        log.error("job_held", reason=told(problem), **words)
        return
    words |= {"reason": told(problem), "again_in": round(pause.total_seconds())}
    ours = not isinstance(problem, PASSING) and not job.attempts
    log.warning("job_failed", exc_info=problem if ours else None, **words)


class CarefulQueries(Queries):
    """The queue's statements; where another try cannot be asked for, its connection is let go of.

    The queue would hold such a job, as soon as it could. Without a connection it cannot, and the
    job is found like one whose worker was killed.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(AsyncpgDriver(connection))
        self._connection = connection

    async def retry_job(
        self, job: Job, delay: timedelta, traceback_record: TracebackRecord | None
    ) -> None:
        """Put a job back into the queue."""
        try:
            await super().retry_job(job, delay, traceback_record)
        except Exception:
            self._connection.terminate()
            raise


def _growing(first: timedelta, longest: timedelta, tries_before: int) -> timedelta:
    doubled: int = 2 ** min(tries_before, 32)
    return min(first * doubled, longest)
