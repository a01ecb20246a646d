"""A build that knows a word and a job more, beside the real one before it, which lacks them.

Build A is 0.2.0 out of the project's history. Build B is this one with a kind of document and a job
planted that A lacks. As long as A may come back, it meets neither; then B says its word.
"""

import json
import shutil
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from core import clients
from core.audit import SYSTEM
from core.clients import Scope
from core.connecting import connected
from tests.builders import application, company, statements
from tests.migrations.accident import eventually
from tests.prove.builds import HERE, SILENT_COMMIT, Build, RunningPart, old_build

PACKAGES = ("bff", "core", "deploy", "migrations", "public_api")
PLANTED = (
    (
        "core/documents/model.py",
        '    OTHER = "other"\n',
        '    OTHER = "other"\n    LEASE = "lease"\n',
    ),
    (
        "core/reading/findings.py",
        "else DocumentKind.BANK_STATEMENT",
        "else DocumentKind.LEASE",
    ),
    (
        "core/documents/commands.py",
        'jobs.job("read_document", "document_id")',
        'jobs.job("read_pictures", "document_id")',
    ),
)


def planted(folder: Path) -> Build:
    """This build with a kind and a job of its own."""
    tree = folder / "b"
    for package in PACKAGES:
        shutil.copytree(HERE / package, tree / package, ignore=shutil.ignore_patterns("web"))
    for name, old, new in PLANTED:
        text = (tree / name).read_text()
        assert text.count(old) == 1, f"{name} does not say {old!r} once"
        (tree / name).write_text(text.replace(old, new))
    return Build("B", tree)


class Partner:
    """Hands in documents at whichever build."""

    def __init__(self, key: str) -> None:
        self._headers = {"Authorization": f"Bearer {key}"}

    async def post(self, part: RunningPart, path: str, **body: Any) -> Any:
        """What is answered to a request that is taken."""
        async with httpx.AsyncClient(headers=self._headers) as http:
            answer = await http.post(f"http://127.0.0.1:{part.port}{path}", **body)
        assert answer.is_success, answer.text
        return answer.json()

    async def get(self, part: RunningPart, path: str) -> Any:
        """What is shown."""
        async with httpx.AsyncClient(headers=self._headers) as http:
            answer = await http.get(f"http://127.0.0.1:{part.port}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def hand_in(self, part: RunningPart, seed: int) -> str:
        """A new case with one statement; where the document is."""
        case = await self.post(part, "/v2/applications", json=application())
        place = f"/v2/applications/{case['id']}/documents"
        file = {"file": ("s.xml", statements(company(seed, months=3))[0], "application/xml")}
        return f"{place}/{(await self.post(part, place, files=file))['id']}"


async def test_an_old_build_meets_no_word_and_no_job_of_the_new_one(
    empty_database: str, tmp_path: Path
) -> None:
    with old_build(SILENT_COMMIT, "A") as old:
        new = planted(tmp_path)
        assert old.command(empty_database, "migrate").returncode == 0
        async with AsyncExitStack() as stack, connected(empty_database, 2) as db:
            enter = stack.enter_async_context
            await enter(old.part("worker", empty_database, tmp_path))
            old_api = await enter(old.part("api", empty_database, tmp_path))
            migrated = new.command(empty_database, "migrate")
            assert migrated.returncode == 0, migrated.stderr
            _, key = await db.write(lambda tx: clients.create(tx, SYSTEM, "M", tuple(Scope)))
            new_api = await enter(new.part("api", empty_database, tmp_path))
            partner = Partner(key)
            by_new, by_old = await partner.hand_in(new_api, 1), await partner.hand_in(old_api, 2)

            async def is_read(place: str, at: RunningPart = old_api) -> bool:
                return str((await partner.get(at, place))["status"]) == "read"

            await eventually(lambda: is_read(by_old), 60)
            assert (await partner.get(old_api, by_new))["status"] == "queued"
            assert await jobs(empty_database) == [("read_pictures", "queued")]

            async with new.part("worker", empty_database, tmp_path):
                await eventually(lambda: is_read(by_new), 60)
                assert (await partner.get(old_api, by_new))["kind"] == "other"
                assert await kinds(empty_database) == ["bank_statement", "other"]
                await stack.aclose()  # A ends; so does B's API, which starts again
                gone = {
                    each["build"]
                    for each in map(
                        json.loads,
                        new.command(empty_database, "builds", "--json").stdout.splitlines(),
                    )
                    if each["state"] == "ended" and not is_own(each, new, empty_database)
                }
                for build in gone:
                    said = new.command(empty_database, "builds", "--gone", build)
                    assert said.returncode == 0, said.stderr
                async with new.part("api", empty_database, tmp_path) as api:
                    late = await partner.hand_in(api, 3)
                    await eventually(lambda: read_at(empty_database, late), 60)
                assert "lease" in await kinds(empty_database)


def is_own(each: dict[str, Any], new: Build, database: str) -> bool:
    """Whether a part on record is the new build's: its worker lives."""
    lines = new.command(database, "builds", "--json").stdout.splitlines()
    live = {row["build"] for row in map(json.loads, lines) if row["state"] == "live"}
    return each["build"] in live


async def rows(database: str, sql: str) -> list[asyncpg.Record]:
    """What a query finds, as an operator would ask."""
    connection = await asyncpg.connect(database)
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


async def jobs(database: str) -> list[tuple[str, str]]:
    """The jobs that wait, and how they stand."""
    found = await rows(database, "SELECT entrypoint, status::text FROM pgqueuer")
    return [(row["entrypoint"], row["status"]) for row in found]


async def kinds(database: str) -> list[str]:
    """The kinds of document on record."""
    found = await rows(database, "SELECT DISTINCT kind FROM document ORDER BY kind")
    return [row["kind"] for row in found if row["kind"]]


async def read_at(database: str, place: str) -> bool:
    """Whether a document was read."""
    document = f"id = '{place.rpartition('/')[2]}' AND status = 'read'"
    return bool(await rows(database, f"SELECT FROM document WHERE {document}"))
