"""The documents that partners generate their clients from."""

from pathlib import Path

import orjson
import pytest
from openapi_pydantic import OpenAPI

import public_api
from public_api.app import VERSIONS
from public_api.openapi import as_file, published
from public_api.versions import Version
from tests.builders import House

FOLDER = Path(public_api.__file__).parent
VERSION = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)


@VERSION
async def test_what_is_served_is_what_is_committed(house: House, version: Version) -> None:
    answer = await house.http.get(f"/{version.name}/openapi.json")
    assert answer.content == (FOLDER / version.name / "openapi.json").read_bytes()


@pytest.mark.unit
@VERSION
def test_the_document_says_whose_it_is(version: Version) -> None:
    document = published(version)
    assert document["openapi"] == "3.1.0"
    operations = [each for place in document["paths"].values() for each in place.values()]
    names = [each["operationId"] for each in operations]
    assert len(set(names)) == len(names) == len(version.operations)
    assert all(("deprecated" in each) == (version.name == "v1") for each in operations)
    assert orjson.loads(as_file(version)) == document
    OpenAPI.model_validate(document)
