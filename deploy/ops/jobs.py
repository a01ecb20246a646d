"""How operators see the jobs that failed on us, and let them go on."""

from typing import Any

from core import reading
from core.jobs import FailedJob
from core.settings import Settings
from deploy.ops.instance import OPERATOR, run


def list_failed(settings: Settings) -> list[FailedJob]:
    """The jobs that failed on us and are not done, oldest first."""
    return run(settings, reading.list_failed)


def retry(settings: Settings, which: str | None) -> list[FailedJob]:
    """Let one of them be done at once, or all; those that were let go."""
    return run(settings, lambda db: db.write(lambda tx: reading.retry(tx, OPERATOR, which)))


def described(job: FailedJob) -> dict[str, Any]:
    """A job, for a pipeline."""
    return {
        "id": job.id,
        "job": job.name,
        "subject": job.subject,
        "state": "held" if job.held else "waiting",
        "tries": job.attempts,
        "since": job.since.isoformat(),
        "next_at": job.next_at and job.next_at.isoformat(),
        "reason": job.reason,
    }


def in_words(job: FailedJob) -> str:
    """A job, for a person."""
    number = "-" if job.id is None else str(job.id)
    state = "held" if job.next_at is None else f"next try {job.next_at:%Y-%m-%d %H:%M:%S} UTC"
    since = f"{job.since:%Y-%m-%d %H:%M}"
    return f"{number} {job.name} {job.subject}: {state}, since {since}; {job.reason or 'no reason'}"
