"""What was promised holds after every single revision, for rows of every age.

Both versions were born at the first revision. For each revision at which a build was released, and
in `make prove` for every one, a database is brought to it and filled with the rows of that day
(`ground/`); then it goes on one revision at a time to the newest.
At each step this build answers: where a revision that it requires is missing, every operation says
so by name; from the first at which none is missing, and once the backfills are done, every exchange
is replayed, those about the old rows before and those that write new ones after: for the oldest
rows at each step, for others at the newest. Rows of the first day, and in `make prove` of the last
one too, are read once more when the contracts have dropped what this build has no use for.
"""

import asyncio
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from core.db import REQUIRES
from deploy.ops.migrating.apply import applied, migrate
from deploy.ops.migrating.contracts import Guard, contract
from deploy.ops.migrating.revisions import revisions
from tests.backfills import fill
from tests.builders import House, running
from tests.contracts.exchange import load, place
from tests.contracts.play import GROUND_KEY, Stage
from tests.contracts.record import lay
from tests.contracts.stories import GROUND, STORIES
from tests.every import EVERY

REVISIONS = [each.number for each in revisions() if each.kind == "expand"]
RELEASED = ("0001", "0009", "0016")
"""The newest revisions of the first build, of 0.1.0 and of 0.2.0: the ages that databases have."""
AGES = REVISIONS if EVERY else [*RELEASED, REVISIONS[-1]]
CONTRACTS = [each.number for each in revisions() if each.kind == "contract"]
# Version 1 is in its brownout by then.
AFTERWARDS = [each for each in GROUND if each[0] != "v1"]


async def lift(url: str) -> None:
    """End the brownout that the last story announced, so that all can be told again."""
    connection = await asyncpg.connect(url)
    await connection.execute("DELETE FROM brownout")
    await connection.close()


async def replay(house: House, *stories: tuple[str, str]) -> None:
    """Replay these stories."""
    for version, story in stories:
        stage = Stage(house)
        for exchange in load(place(version, story)):
            try:
                await stage.replay(exchange)
            except AssertionError as problem:
                problem.add_note(f"{version} {story}: {exchange.ask.name}")
                raise


@pytest.mark.parametrize("age", AGES)
async def test_every_exchange_holds_after_every_revision(
    empty_database: str, tmp_path: Path, age: str
) -> None:
    url = empty_database
    await asyncio.to_thread(migrate, url, age)
    for written in (each for each in REVISIONS if each <= age):
        await lay(url, written)
    for revision in REVISIONS if age == REVISIONS[0] else REVISIONS[-1:]:  # step by step once
        await asyncio.to_thread(migrate, url, revision)
        missing = sorted(set(REQUIRES) - await applied(url))
        if missing:
            async with running(url, tmp_path) as house:
                answer = await house.caller(GROUND_KEY).get("/v2/applications")
                assert answer.status_code == 503
                assert missing[0] in answer.text
        elif age == REVISIONS[0] or revision == REVISIONS[-1]:
            await fill(url)
            await replay_all(url, tmp_path)
    if age == REVISIONS[0] or (EVERY and age == REVISIONS[-1]):
        for each in CONTRACTS:
            await asyncio.to_thread(contract, url, each, Guard(window=timedelta()))
        await replay_all(url, tmp_path)


async def replay_all(url: str, folder: Path) -> None:
    """Replay every exchange on an instance of its own."""
    await lift(url)
    async with running(url, folder) as house:
        await replay(house, *GROUND, *STORIES, *AFTERWARDS)


async def test_a_row_that_a_revision_changed_is_noticed(database: str, tmp_path: Path) -> None:
    await lay(database, REVISIONS[0])
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE application SET purpose = 'x' WHERE purpose = 'Dollars'")
    await connection.close()
    async with running(database, tmp_path) as house:
        with pytest.raises(AssertionError):
            await replay(house, *GROUND)
