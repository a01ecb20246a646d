"""What failed on us: jobs that wait for another try or for a person, and how they are let go on."""

from core import applications, audit, documents, jobs
from core.audit import NO_RECORD, Actor
from core.db import Queryable, Tx
from core.documents import Document
from core.errors import NotFound
from core.jobs import FailedJob


async def list_failed(db: Queryable) -> list[FailedJob]:
    """The jobs that failed on us, and documents without one that earlier builds gave up for it."""
    failed = await jobs.list_failed(db)
    subjects = {each.subject for each in failed}
    given_up = [
        _without_job(each)
        for each in await documents.list_failed_on_us(db)
        if str(each.id) not in subjects and not await _is_closed(db, each)
    ]
    return [*failed, *given_up]


async def retry(tx: Tx, actor: Actor, which: str | None = None) -> list[FailedJob]:
    """Let all that failed on us be done at once, or one: by its number, or what it is about.

    Raises NotFound where there is none of that name.
    """
    chosen = [each for each in await list_failed(tx) if which in (None, str(each.id), each.subject)]
    if which is not None and not chosen:
        raise NotFound("job that failed on us")
    subjects = {each.subject for each in chosen if each.name == documents.READ_JOB}
    for document in await documents.list_failed_on_us(tx):
        if str(document.id) in subjects:
            application = await applications.lock(tx, document.application_id)
            await documents.try_again(tx, actor, application, document)
    await jobs.retry(tx, [each.id for each in chosen if each.id is not None])
    if chosen:
        detail = {"jobs": len(chosen), "names": sorted({each.name for each in chosen})}
        audit.record(tx, actor, "jobs.retried", "job", NO_RECORD, detail)
    return chosen


async def _is_closed(db: Queryable, document: Document) -> bool:
    application = await applications.get_any(db, document.application_id)
    return application.status.final


def _without_job(document: Document) -> FailedJob:
    assert document.read_at is not None  # noqa: S101 - it was given up then
    return FailedJob(
        None,
        documents.READ_JOB,
        str(document.id),
        1,
        document.read_at,
        None,
        documents.FAILED_ON_US,
    )
