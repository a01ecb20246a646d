"""What is taken and should not be sent is counted, and nothing else; no document names it."""

import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.irregularities import Irregularity
from public_api.app import VERSIONS
from public_api.irregularities import LARGEST_SEARCHED
from public_api.v1.version import V1
from public_api.v2.version import V2
from public_api.versions import FORM
from tests.builders import House, running
from tests.contracts.bodies import BODIES, VERSION
from tests.contracts.exchange import load, place
from tests.contracts.irregular import counted
from tests.contracts.play import Stage

JSON = "application/json"
ROOT = Path(__file__).parents[2]


async def test_regular_calls_count_nothing_and_each_irregularity_once_a_call(house: House) -> None:
    """What is regular is not counted; a call counts once for each word, refused ones not."""
    partner = await house.partner()
    case = await partner.submit()
    await partner.upload(case, b"<a/>")
    for where in ("", "/documents", "/transactions?limit=5&from=2026-01-01", "/answers"):
        await partner.get(f"/v2/applications/{case}{where}")
    await partner.http.get("/v2/applications", headers=[("accept", "a/b"), ("cookie", "x")])
    assert await counted(house) == []
    await partner.http.get("/v2/applications?a=1&a=1&b=2&b=2", headers={"x-method-override": "x"})
    await house.http.get("/v2/applications?a=1")
    assert [each[2:] for each in await counted(house)] == [
        ("method_override", 1),
        ("repeated_parameter", 1),
        ("unknown_parameter", 1),
    ]
    large = json.dumps({**BODIES["v1"], "x": "y" * LARGEST_SEARCHED}).replace("{", '{"x": 1, ', 1)
    headers = {"content-type": JSON}
    await partner.http.post("/v1/applications", content=large, headers=headers)
    assert len(await counted(house)) == 3


async def test_what_only_a_newer_build_counts_is_left_out(house: House) -> None:
    """A newer build that runs beside this one may count what has no word here."""
    partner = await house.partner()
    await partner.http.get("/v2/applications?x=1")
    expected = [("v2", "listApplications", "unknown_parameter", 1)]
    assert await counted(house) == expected
    connection = await asyncpg.connect(house.settings.database_url)
    await connection.execute(
        "INSERT INTO irregular_call"
        " SELECT day, client_id, version, operation, 'of_tomorrow', 9, now() FROM irregular_call"
    )
    await connection.close()
    assert await counted(house) == expected


async def test_counts_wait_until_the_database_has_a_place_for_them(
    database: str, tmp_path: Path
) -> None:
    """On a database without the table all is answered, and what was counted is written later."""
    connection = await asyncpg.connect(database)
    await connection.execute("ALTER TABLE irregular_call RENAME TO yet_to_come")
    async with running(database, tmp_path) as house:
        await house.api.ready()
        partner = await house.partner()
        assert (await partner.http.get("/v2/applications?x=1")).status_code == 200
        assert await counted(house) == []
        await connection.execute("ALTER TABLE yet_to_come RENAME TO irregular_call")
        await connection.close()
        expected = [("v2", "listApplications", "unknown_parameter", 1)]
        assert await counted(house) == expected
        assert await counted(house) == expected
        await partner.http.get("/v2/applications?x=1")
        assert await counted(house) == [(*expected[0][:3], 2)]


@VERSION
async def test_what_is_documented_is_regular(house: House, version: str) -> None:
    """What was recorded of applications, long before anything was counted, counts as regular."""
    stage = Stage(house)
    for exchange in load(place(version, "applications")):
        await stage.replay(exchange)
    assert await counted(house) == []


@pytest.mark.unit
def test_the_documents_name_what_is_regular() -> None:
    """No document names what is counted: every body has its media types, and no query is open."""
    for version in (V1, V2):
        for operation in version.operations:
            declared = operation.target(version).declared
            assert "*/*" not in declared.media_types
            assert bool(declared.media_types) == bool(operation.body)
            assert (operation.method in ("GET", "DELETE")) <= (not operation.body)
            for parameter in operation.parameters:
                assert parameter.where in ("query", "header")
                assert parameter.schema.get("type") != "array"
            form_schema: Any = operation.body.get(FORM, {})
            assert form_schema.get("additionalProperties") in (None, False)


@pytest.mark.unit
@pytest.mark.parametrize("version", VERSIONS, ids=lambda each: each.name)
def test_the_text_of_a_version_names_every_word(version: Any) -> None:
    """What is taken and should not be sent stands in the documentation, each by its word."""
    folder = ROOT / "public_api" / version.name / "text"
    text = "".join(file.read_text() for file in folder.glob("*.md"))
    for word in Irregularity:
        assert f"`{word}`" in text, word
