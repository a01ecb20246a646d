"""Runs in a copy of the source that lacks its oldest version, and prints what it sees there.

Called with the copy, the retired version's name, a database, a folder for blobs, a client and key.
"""

import asyncio
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

import bff
import deploy.ops
import public_api
from core.settings import Environment, Settings, local_blobs
from public_api.app import VERSIONS, build
from public_api.docs.pages import Site
from tests.builders import application, with_lifespan
from tests.public_api.site import dead_ends, dead_links, mentions


async def main(copy: str, gone: str, database: str, blobs: str, client: str, key: str) -> None:
    """Look at everything that is left."""
    assert Path(public_api.__file__).is_relative_to(copy)
    pages = dict(Site(VERSIONS).pages())
    settings = Settings(
        env=Environment.TEST, database_url=database, blob_url=local_blobs(Path(blobs))
    )
    async with (
        with_lifespan(build(settings)) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test") as http,
    ):
        report = {
            "imported": len(list(everything())),
            "versions": [each.name for each in VERSIONS],
            "dead_links": list(dead_links(pages, VERSIONS)),
            "dead_ends": list(dead_ends(pages)),
            "mentions": list(mentions(pages, gone)),
            **await calls(http, gone, client, key),
        }
    print(json.dumps(report))


def everything() -> Iterator[str]:
    """Every module of the faces and of the command line, imported."""
    for package in (bff, public_api, deploy.ops):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(each.name).__name__


async def calls(http: httpx.AsyncClient, gone: str, client: str, key: str) -> dict[str, Any]:
    """What is answered: to a case in the newest version, to the retired one, and beside them."""
    place, headers = f"/{VERSIONS[0].name}/applications", {"Authorization": f"Bearer {key}"}
    made = await http.post(place, json=application(), headers=headers)
    read = await http.get(f"{place}/{made.json()['id']}", headers=headers)
    form = {"grant_type": "client_credentials"}
    answers = {
        "read": read,
        "retired": await http.get(f"/{gone}/applications", headers=headers),
        "token": await http.post("/oauth/token", data=form, auth=(client, key)),
        "app": await http.get("/client-compatibility?platform=ios&version=1.0"),
        "docs": await http.get("/docs"),
        "changelog": await http.get("/changelog"),
        "way": await http.get(f"/docs/{gone}-to-{VERSIONS[0].name}"),
    }
    return {
        "same": read.json() == made.json(),
        "statuses": {name: answer.status_code for name, answer in answers.items()},
        "api_sunset": answers["app"].json()["api_sunset"],
    }


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
