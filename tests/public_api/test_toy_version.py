"""A third version is one folder and two lines: core, endpoints and the others stay as they are."""

import ast
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from difflib import ndiff
from pathlib import Path
from types import ModuleType
from uuid import UUID

import httpx
import orjson
import pytest

import public_api
import public_api.app
from core import applications, usage
from core.ids import new_id
from core.webhooks import DueDelivery
from public_api.deliveries import compose
from tests.builders import House, Partner, application, with_lifespan
from tests.public_api import v3
from tests.public_api.v3.version import V3

FOLDER = Path(public_api.__file__).parent
REGISTERED = (
    ("from public_api.versions import Version\n", "from tests.public_api.v3.version import V3\n"),
    ("VERSIONS = (V2, V1)\n", "VERSIONS = (V3, V2, V1)\n"),
)
NAMES_A_VERSION = re.compile(r"\bv\d+\b(?!,)|\bversion \d", re.IGNORECASE)  # "v1," signs webhooks


def with_the_toy() -> ModuleType:
    """`public_api/app.py` with the two lines that a new version takes."""
    source = Path(public_api.app.__file__).read_text()
    (before, line), (was, now) = REGISTERED
    assert before in source
    assert was in source
    changed = source.replace(before, before + line).replace(was, now)
    added = [each for each in ndiff(source.splitlines(), changed.splitlines()) if each[0] == "+"]
    assert len(added) == 2
    module = ModuleType("public_api.app")
    exec(compile(changed, "app.py", "exec"), module.__dict__)
    return module


@asynccontextmanager
async def served(house: House, partner: Partner) -> AsyncIterator[httpx.AsyncClient]:
    """The public API with the toy version, as a partner calls it."""
    api = with_the_toy().build(house.settings)
    headers = {"Authorization": f"Bearer {partner.key}"}
    async with (
        with_lifespan(api) as app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://api.test", headers=headers
        ) as http,
    ):
        yield http


async def test_it_serves_in_its_own_words_what_others_serve_in_theirs(house: House) -> None:
    partner = await house.partner()
    async with served(house, partner) as http:
        payload = {"firm": "Zürcher Käse AG", "rappen": 1234}
        made = await http.post("/v3/applications", json=payload, headers={"Idempotency-Key": "k"})
        key = made.json()["key"]
        assert (made.status_code, made.json()) == (201, {"key": key, **payload, "state": "open"})
        again = await http.post("/v3/applications", json=payload, headers={"Idempotency-Key": "k"})
        assert again.content == made.content
        assert again.headers["idempotent-replayed"] == "true"
        new = (await http.get(f"/v2/applications/{key}")).json()
        assert new["amount"] == {"value": "12.34", "currency": "CHF"}
        assert new["applicant"]["country"] == "CH"
        assert (await http.get(f"/v1/applications/{key}")).status_code == 404
        await http.delete(f"/v2/applications/{new['id']}?reason=test")
        assert (await http.get(f"/v3/applications/{key}")).json()["state"] == "done"
        stolen = await http.post(
            "/v2/applications", json=application(), headers={"Idempotency-Key": "k"}
        )
        assert stolen.status_code == 422


async def test_it_pages_its_own_way_over_what_it_can_say(house: House) -> None:
    partner = await house.partner()
    await partner.submit()  # in euros, which the toy cannot say
    async with served(house, partner) as http:
        for rappen in range(1, 6):
            await http.post("/v3/applications", json={"firm": "A", "rappen": rappen})
        amounts: list[int] = []
        place = "/v3/applications"
        while place:
            page = await http.get(place)
            assert page.headers["x-total"] == "5"
            amounts += [each["rappen"] for each in page.json()]
            place = page.links.get("next", {}).get("url", "")
        assert amounts == [5, 4, 3, 2, 1]


async def test_it_says_no_in_its_own_words_and_stamps_its_dates(house: House) -> None:
    partner = await house.partner()
    async with served(house, partner) as http:
        for path, status in (
            ("/v3/applications/none", 404),
            ("/v3/nothing", 404),
            ("/v3/applications?page=0", 400),
        ):
            refused = await http.get(path)
            assert refused.status_code == status
            assert refused.headers["content-type"] == "application/vnd.toy+json"
            assert set(refused.json()) == {"fault", "why"}
            assert refused.headers["beleg-version"] == "v3"
            assert refused.headers["deprecation"] == "@1893456000"
            assert refused.headers["sunset"] == "Wed, 31 Dec 2031 23:59:59 GMT"
            assert '</docs/v3-to-v4>; rel="deprecation"' in refused.headers.get_list("link")
        assert (await http.put("/v3/applications")).headers["allow"] == "GET, HEAD, POST"


async def test_it_publishes_its_document_and_leaves_those_of_the_others(house: House) -> None:
    partner = await house.partner()
    async with served(house, partner) as http:
        document = (await http.get("/v3/openapi.json")).json()
        assert document["openapi"] == "3.1.0"
        operations = [
            each["operationId"] for path in document["paths"].values() for each in path.values()
        ]
        assert operations == ["lookUp", "leafThrough", "handIn"]
        assert {"Application", "Fault"} <= document["components"]["schemas"].keys()
        for name in ("v1", "v2"):
            published = (FOLDER / name / "openapi.json").read_bytes()
            assert (await http.get(f"/{name}/openapi.json")).content == published
        assert "Rappen, a whole number" in (await http.get("/docs/v3")).text
        assert "Say Rappen instead" in (await http.get("/docs/v2-to-v3")).text


async def test_it_tells_receivers_in_its_own_words(house: House) -> None:
    partner = await house.partner()
    application_id = UUID(await partner.submit())
    found = await applications.get_any(house.db, application_id)
    due = DueDelivery(
        id=new_id(),
        webhook_id=new_id(),
        client_id=partner.client_id,
        version="v3",
        url="https://toy.test",
        secrets=(b"s",),
        application_id=application_id,
        kind="application.received",
        at=found.created_at,
        data={},
        attempts=0,
    )
    headers, body = compose(V3, due, found, 0.0)
    assert ("Beleg-Version", "v3") in headers
    assert orjson.loads(body)["word"] == "application.received"
    assert orjson.loads(body)["of"]["rappen"] == 250_000_00


async def test_its_calls_are_counted_as_its_own(house: House) -> None:
    partner = await house.partner()
    async with served(house, partner) as http:
        await http.get("/v3/applications")
    lines = await usage.since(house.db, 1)
    assert [(each.version, each.operation) for each in lines] == [("v3", "leafThrough")]


@pytest.mark.unit
def test_it_needs_nothing_of_the_other_versions() -> None:
    for file in Path(v3.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            assert not re.match(r"public_api\.v\d|public_api\.app", module), file


@pytest.mark.unit
@pytest.mark.parametrize(
    "file",
    sorted(
        each
        for each in (
            *FOLDER.glob("*.py"),
            *FOLDER.glob("endpoints/*.py"),
            *FOLDER.glob("docs/*.py"),
            *FOLDER.glob("docs/templates/*"),
            *FOLDER.glob("docs/text/*"),
        )
        if each.name != "app.py"
    ),
    ids=lambda file: str(file.relative_to(FOLDER)),
)
def test_what_serves_all_versions_names_none(file: Path) -> None:
    found = NAMES_A_VERSION.search(file.read_text())
    assert found is None, f"{file.name} asks for {found[0] if found else ''}"
