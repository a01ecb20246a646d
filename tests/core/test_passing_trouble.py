"""What failed on us is tried again: a document is unreadable only for what stands in it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from core import documents, jobs, reading
from core import statements as parsed
from core.audit import SYSTEM
from core.bilingual import Bilingual
from core.db import Tx
from core.documents import DocumentStatus, Finding
from core.errors import NotFound, Unavailable
from core.query import Query
from deploy.ops import trying, worker
from deploy.ops.worker import JobWorker
from tests.builders import House, Partner, company, part, statements
from tests.migrations.accident import eventually

FILE = statements(company(1, months=3))[0]
JOB = Query("SELECT attempts FROM pgqueuer", (), {})


async def shown(partner: Partner, case: str, document: str) -> dict[str, Any]:
    """A document as v2 shows it."""
    found: dict[str, Any] = await partner.get(f"/v2/applications/{case}/documents/{document}")
    return found


@asynccontextmanager
async def working(house: House) -> AsyncIterator[JobWorker]:
    """The real worker in this process, for as long as the block lasts."""
    stopping, worker = asyncio.Event(), JobWorker(house.settings, house.parser_pool)
    task = asyncio.create_task(worker.run(stopping))
    try:
        yield worker
        assert not task.done()
    finally:
        stopping.set()
        async with asyncio.timeout(60):
            await task


async def handed_in_again(partner: Partner, case: str) -> str:
    """The document that the same bytes give once more."""
    answer = await partner.http.post(
        f"/v2/applications/{case}/documents", files={"file": ("s.xml", FILE, "application/xml")}
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def status_becomes(partner: Partner, case: str, document: str, status: str) -> None:
    """Return once a document is shown so."""

    async def is_so() -> bool:
        return bool((await shown(partner, case, document))["status"] == status)

    await eventually(is_so, 60)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that a test can wait for."""
    monkeypatch.setattr(trying, "FIRST_PAUSE", timedelta(seconds=0.2))
    monkeypatch.setattr(trying, "FIRST_PAUSE_OF_OURS", timedelta(seconds=0.2))


async def test_documents_wait_for_their_store_and_are_read_once_it_is_back(house: House) -> None:
    partner = await house.partner()
    case = await partner.submit()
    document = await partner.upload(case, FILE)
    store, away = house.folder / "blobs", house.folder / "away"
    async with part("worker", house.settings.database_url, house.folder) as running:
        await status_becomes(partner, case, document, "read")
        store.rename(away)
        refused = await partner.http.post(
            f"/v2/applications/{case}/documents", files={"file": ("t.xml", b"<more/>")}
        )
        assert refused.status_code == 503
        content = f"/v2/applications/{case}/documents/{document}/content"
        assert (await partner.http.get(content)).status_code == 503
        with pytest.raises(Unavailable, match="is not there: is its disk"):
            await house.api.ready()
        answer = (await asyncio.to_thread(httpx.get, f"{running.internal}/readyz")).json()
        assert answer["checks"]["database"] == "ok"
        assert "is not there" in answer["checks"]["documents"]
        away.rename(store)
        another = await partner.upload(case, statements(company(2, months=3))[0], "2.xml")
        store.rename(away)  # before the worker has read it, or while it does
        await asyncio.sleep(3)
        assert not store.exists()
        assert (await shown(partner, case, another))["status"] != "unreadable"
        away.rename(store)
        await status_becomes(partner, case, another, "read")
        assert "Traceback" not in running.log.read_text()


@contextmanager
def tiny_disk(folder: Path) -> Iterator[Path]:
    """A disk of 8 MiB, which only root can have."""
    folder.mkdir()
    mounted = subprocess.run(
        ("mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)), capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(("umount", "-l", str(folder)), check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")
async def test_a_full_disk_makes_no_document_unreadable(house: House, tmp_path: Path) -> None:
    partner = await house.partner()
    case = await partner.submit()
    with tiny_disk(tmp_path / "tmp") as disk:
        database = house.settings.database_url
        async with part("worker", database, house.folder, TMPDIR=str(disk)) as running:
            first = await partner.upload(case, statements(company(2, months=3))[0], "2.xml")
            await status_becomes(partner, case, first, "read")
            filler = disk / "filler"
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(1 << 12))
            document = await partner.upload(case, FILE)

            async def was_tried() -> bool:
                return "No space left on device" in running.log.read_text()

            await eventually(was_tried, 60)
            assert (await shown(partner, case, document))["status"] in ("queued", "reading")
            filler.unlink()
            await status_becomes(partner, case, document, "read")


@pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")
async def test_a_full_store_takes_no_upload_and_says_so(house: House) -> None:
    partner = await house.partner()
    case = await partner.submit()
    (house.folder / "blobs").rmdir()
    with tiny_disk(house.folder / "blobs") as disk:
        await house.api.ready()
        (disk / "filler").write_bytes(bytes((8 << 20) - (256 << 10)))
        with pytest.raises(Unavailable, match="disk of documents is full"):
            await house.api.ready()
        path = f"/v2/applications/{case}/documents"
        large = {"file": ("t.xml", os.urandom(1 << 20))}
        assert (await partner.http.post(path, files=large)).status_code == 503
        assert list((disk / "documents").iterdir()) == []
        (disk / "filler").unlink()
        await house.api.ready()
        assert (await partner.http.post(path, files=large)).status_code == 202


@pytest.mark.usefixtures("short")
async def test_an_error_of_ours_is_tried_again_and_the_document_waits_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = await house.partner()
    case = await partner.submit()
    document = await partner.upload(case, FILE)
    times = 0
    assemble = parsed.assemble

    def broken(*args: Any) -> Any:
        nonlocal times
        times += 1
        if times < 3:
            raise RuntimeError("a bug")
        return assemble(*args)

    monkeypatch.setattr("core.reading.job.statements.assemble", broken)
    async with working(house):
        await status_becomes(partner, case, document, "read")
    assert times == 3


async def held(house: House, monkeypatch: pytest.MonkeyPatch) -> tuple[Partner, str, str]:
    """A partner's case, and a document of it whose job is held since its last try failed."""

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    partner = await house.partner()
    case = await partner.submit()
    document = await partner.upload(case, FILE)
    with monkeypatch.context() as patch:
        patch.setattr("core.reading.job.statements.assemble", broken)
        patch.setattr(trying, "TRIES_OF_OURS", 1)
        await house.work()
    return partner, case, document


async def test_after_the_last_try_the_job_is_held_and_its_document_still_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, case, document = await held(house, monkeypatch)
    assert (await shown(partner, case, document))["status"] == "queued"
    assert (await shown(partner, case, document))["findings"] == []
    v1 = await partner.get(f"/v1/applications/{case}/documents/{document}")
    assert v1["status"] == "processing"
    assert (await partner.get(f"/v2/applications/{case}"))["status"] == "reading"
    (failed,) = await jobs.list_failed(house.db)
    assert (failed.name, failed.subject, failed.held) == ("read_document", document, True)
    assert failed.reason == "RuntimeError"


async def test_the_same_bytes_handed_in_again_let_a_held_document_be_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, case, document = await held(house, monkeypatch)
    assert await handed_in_again(partner, case) == document
    await house.work()
    assert (await shown(partner, case, document))["status"] == "read"


async def test_an_operator_lets_a_held_job_go(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, case, document = await held(house, monkeypatch)
    let_go = await house.db.write(lambda tx: reading.retry(tx, SYSTEM, document))
    assert [each.subject for each in let_go] == [document]
    await house.work()
    assert (await shown(partner, case, document))["status"] == "read"
    with pytest.raises(NotFound):
        await house.db.write(lambda tx: reading.retry(tx, SYSTEM, document))


async def given_up(house: House, partner: Partner, case: str) -> str:
    """A document that a build before this one gave up over an error of ours."""
    document = await partner.upload(case, FILE)
    ours = Finding(documents.FAILED_ON_US, Bilingual("An error of ours.", "Ein Fehler von uns."))

    async def work(tx: Tx) -> None:
        found = await documents.get_any(tx, UUID(case), UUID(document))
        status = DocumentStatus.UNREADABLE
        await documents.finish(tx, partner.client_id, found, status, None, (ours,))

    await house.db.write(work)
    await house.work()  # its job finds nothing to do and is gone
    return document


async def test_what_earlier_builds_gave_up_is_read_once_its_bytes_come_again(house: House) -> None:
    partner = await house.partner()
    case = await partner.submit()
    document = await given_up(house, partner, case)
    assert (await shown(partner, case, document))["status"] == "unreadable"
    assert await handed_in_again(partner, case) == document
    assert (await shown(partner, case, document))["status"] == "queued"
    await house.work()
    assert (await shown(partner, case, document))["status"] == "read"
    assert (await partner.get(f"/v2/applications/{case}"))["status"] == "needs_documents"


async def test_what_earlier_builds_gave_up_is_listed_and_let_go_with_all_else(
    house: House,
) -> None:
    partner = await house.partner()
    case = await partner.submit()
    document = await given_up(house, partner, case)
    (found,) = await reading.list_failed(house.db)
    assert (found.id, found.subject, found.held) == (None, document, True)
    await house.db.write(lambda tx: reading.retry(tx, SYSTEM))
    await house.work()
    assert (await shown(partner, case, document))["status"] == "read"
    assert await reading.list_failed(house.db) == []


@pytest.mark.usefixtures("short")
async def test_a_case_that_another_holds_locked_for_long_makes_no_document_unreadable(
    house: House, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.reading.settling.PATIENCE_SECONDS", 0.3)
    partner = await house.partner()
    case = await partner.submit()
    document = await partner.upload(case, FILE)
    holding = await asyncpg.connect(database)
    await holding.execute("BEGIN")
    await holding.execute("SELECT FROM application FOR UPDATE")
    async with working(house):

        async def was_tried() -> bool:
            row = await house.db.one(JOB)
            return row is not None and row["attempts"] >= 1

        await eventually(was_tried, 60)
        assert (await shown(partner, case, document))["status"] in ("queued", "reading")
        await holding.close()
        await status_becomes(partner, case, document, "read")


@pytest.mark.usefixtures("short")
async def test_a_job_for_which_no_other_try_can_be_asked_is_not_held_for_that(
    house: House, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk of the database fills up while the queue takes down that a job failed."""
    monkeypatch.setattr(worker, "KILLED_AFTER", timedelta(seconds=1))
    partner = await house.partner()
    case = await partner.submit()
    document = await partner.upload(case, FILE)
    administration = await asyncpg.connect(database)
    await administration.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'no room'; END $$;"
        "CREATE TRIGGER refuse BEFORE UPDATE ON document EXECUTE FUNCTION refuse();"
        "CREATE TRIGGER refuse BEFORE INSERT ON pgqueuer_log EXECUTE FUNCTION refuse()"
    )
    async with working(house):
        await asyncio.sleep(2)
        await administration.execute("DROP FUNCTION refuse CASCADE")
        await status_becomes(partner, case, document, "read")
    await administration.close()


async def test_an_error_in_one_chore_ends_neither_the_worker_nor_its_reading(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(worker, "_sweep", broken)
    partner = await house.partner()
    case = await partner.submit()
    async with working(house):
        await asyncio.sleep(1)
        document = await partner.upload(case, FILE)
        await status_becomes(partner, case, document, "read")
