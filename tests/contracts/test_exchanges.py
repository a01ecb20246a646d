"""What was answered once is answered for ever: byte by byte, on today's build and database."""

from pathlib import Path

import pytest

from tests.builders import House
from tests.contracts.exchange import FOLDER, load
from tests.contracts.play import Stage
from tests.contracts.stories import GROUND, STORIES

FILES = sorted(file for file in FOLDER.glob("*/*.json") if file.stem != "ground")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
async def test_every_byte_is_as_it_was_recorded(house: House, file: Path) -> None:
    stage = Stage(house)
    for exchange in load(file):
        try:
            await stage.replay(exchange)
        except AssertionError as problem:
            problem.add_note(f"{file.parent.name} {file.stem}: {exchange.ask.name}")
            raise


@pytest.mark.unit
def test_at_least_sixty_are_kept_and_each_version_has_its_refusals() -> None:
    recorded = {file: load(file) for file in FILES}
    assert sum(map(len, recorded.values())) >= 60
    for version in ("v1", "v2"):
        statuses = {
            each.reply.status
            for file, exchanges in recorded.items()
            for each in exchanges
            if file.parent.name == version
        }
        assert {200, 201, 204, 401, 403, 404, 405, 409, 426, 429} <= statuses


@pytest.mark.unit
@pytest.mark.parametrize(("version", "story"), STORIES | GROUND)
def test_what_is_told_is_what_is_kept(version: str, story: str) -> None:
    asks = [each.ask for each in load(FOLDER / version / f"{story}.json")]
    assert asks == list((STORIES | GROUND)[version, story])
