"""The documentation for partners: whole, true to what was published, and without a dead link."""

import ast
import base64
import hashlib
import hmac
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

import pytest
from jsonschema import Draft202012Validator
from lxml import html

from public_api.app import VERSIONS
from public_api.docs import faults, moving
from public_api.docs.page import Page
from public_api.docs.pages import Site
from public_api.docs.samples import sample
from public_api.docs.shapes import fields
from public_api.openapi import published
from public_api.v2 import problems

pytestmark = pytest.mark.unit
ROOT = Path(__file__).parents[2]
# What these refuse is told with the document.
FINDINGS = [
    ROOT / "core" / each for each in ("statements", "formats", "isolation", "reading/archive.py")
]
NOT_SAID = {"refused", "still_called", "not_ready"}  # to the lender's own people alone
DOCUMENTS = {version.name: published(version) for version in VERSIONS}


@cache
def pages() -> dict[str, Page]:
    return dict(Site(VERSIONS).pages())


@cache
def trees() -> dict[str, Any]:
    return {
        address: html.fromstring(page.body.decode())
        for address, page in pages().items()
        if page.media_type.startswith("text/html")
    }


def attributes() -> Iterator[tuple[str, str, str]]:
    """Every address that any page links to or loads."""
    for address, tree in trees().items():
        for name in ("href", "src", "action"):
            yield from ((address, name, str(value)) for value in tree.xpath(f"//@{name}"))


def test_every_link_leads_somewhere() -> None:
    known = {address: set(tree.xpath("//@id")) for address, tree in trees().items()}
    elsewhere = {f"/{version.name}/openapi.json" for version in VERSIONS}
    for address, _, value in attributes():
        path, _, anchor = value.partition("#")
        path = path.partition("?")[0] or address
        assert path in pages() or path in elsewhere, f"{address} links to {value}"
        in_script = path == "/docs/try"  # its anchors are operations, which its script knows
        assert not anchor or in_script or anchor in known[path], f"{address} links to {value}"


def test_nothing_comes_from_elsewhere_or_from_within_the_page() -> None:
    for address, name, value in attributes():
        assert re.match(r"[/#](?!/)", value), f"{address}: {name}={value}"
    for address, tree in trees().items():
        inline = tree.xpath(
            "//style | //script[not(@src)] | //@style | //@*[starts-with(name(),'on')]"
        )
        assert not inline, f"{address} has what its own policy forbids"
    for address, page in pages().items():
        if address.endswith((".css", ".js")):
            assert not re.search(rb"@import|url\(|https?://(?!api\.lender\.example)", page.body)


def test_every_operation_and_object_of_every_version_is_told() -> None:
    for version in VERSIONS:
        known = set(trees()[f"/docs/{version.name}"].xpath("//section/@id"))
        assert known >= {operation.name for operation in version.operations}
        assert known >= set(DOCUMENTS[version.name]["components"]["schemas"])
        assert known >= set(DOCUMENTS[version.name].get("webhooks", {}))


def test_every_field_is_explained() -> None:
    for name, document in DOCUMENTS.items():
        components = document["components"]["schemas"]
        for title, schema in components.items():
            for field in fields(schema, components, deep=False):
                assert field.meaning, f"{name}: say in glossary.py what {title}.{field.name} means"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_example_is_valid_by_its_schema(name: str) -> None:
    components = DOCUMENTS[name]["components"]
    for title, schema in components["schemas"].items():
        example = json.loads(json.dumps(sample(schema, components["schemas"])))
        whole = {"$ref": f"#/components/schemas/{title}", "components": components}
        Draft202012Validator(whole).validate(example)


def test_every_field_of_v1_has_its_place_in_v2() -> None:
    old, new = DOCUMENTS["v1"], DOCUMENTS["v2"]
    told = {
        name: list(schema["properties"]) for name, schema in old["components"]["schemas"].items()
    }
    assert {name: sorted(each) for name, each in moving.OBJECTS.items()} == {
        name: sorted(each) for name, each in told.items()
    }
    tables = list(moving.tables(old, new))  # raises where a place of v2 is none
    assert sum(len(table.steps) for table in tables) == sum(map(len, told.values()))
    assert moving.TITLES.keys() == moving.OBJECTS.keys()
    by_name = {version.name: {each.name for each in version.operations} for version in VERSIONS}
    assert moving.OPERATIONS.keys() == by_name["v1"]
    assert set(moving.OPERATIONS.values()) <= by_name["v2"]


def test_every_problem_that_can_be_said_has_its_page_and_prose() -> None:
    told = {fault.refusal.code: fault for fault in faults.FAULTS}
    assert len(told) == len(faults.FAULTS)
    missing = said_in_code() - NOT_SAID - told.keys()
    assert not missing, f"say in public_api/docs/faults.py when {missing} come and what to do"
    assert {kind.code for kind in problems.TABLE} <= told.keys()
    for code, fault in told.items():
        assert len(fault.when) > 20, code
        assert len(fault.remedy) > 10, code
        body = json.loads(problems.problem(fault.refusal).body)
        text = trees()[body["type"]].text_content()
        assert str(body["status"]) in text
        assert code in text


def said_in_code() -> set[str]:
    """Every code that core or the public API gives to a refusal."""
    found: set[str] = set()
    for folder in ("core", "public_api"):
        for file in (ROOT / folder).rglob("*.py"):
            if set(FINDINGS) & {file, *file.parents}:
                continue
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Raise):
                    given = [each for each in ast.walk(node) if isinstance(each, ast.keyword)]
                    found |= {str(_value(each.value)) for each in given if each.arg == "code"}
                elif isinstance(node, ast.ClassDef):
                    found |= {str(_value(each.value)) for each in node.body if _is_code(each)}
    return found


def _is_code(node: ast.stmt) -> TypeGuard[ast.Assign]:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code"


def _value(node: ast.expr) -> object:
    assert isinstance(node, ast.Constant), "a code is written out where it is said"
    return node.value


def test_the_changelog_is_the_contracts_own() -> None:
    text = trees()["/changelog"].text_content()
    for title in re.findall(r"^## (.+)$", (ROOT / "public_api/CHANGELOG.md").read_text(), re.M):
        assert title in text


def examples(language: str) -> list[str]:
    """The code blocks of the text on webhooks, in one language."""
    text = (ROOT / "public_api/docs/text/webhooks.md").read_text()
    return re.findall(rf"^```{language} .*?\n(.*?)^```", text, re.M | re.S)


def delivery(sent_at: float, body: bytes) -> tuple[str, dict[str, str]]:
    """A secret, and the headers of a delivery that was signed with it while it rotated."""
    secret = hashlib.sha256(b"partner").digest()
    message, moment = "019a2f3d-0c1f-7a94-b6d2-7e58f3a90b12", str(int(sent_at))
    signature = hmac.digest(secret, f"{message}.{moment}.".encode() + body, "sha256")
    fits = f"v1,{base64.b64encode(signature).decode()}"
    return f"whsec_{base64.b64encode(secret).decode()}", {
        "webhook-id": message,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(b'an older one').decode()} {fits}",
    }


def test_the_example_in_python_tells_true_deliveries_from_false() -> None:
    known: dict[str, Any] = {}
    for block in examples("python"):
        exec(block, known)
    body = b'{"type":"application.approved"}'
    secret, headers = delivery(time.time(), body)
    assert known["verify"](secret, headers, body)
    assert not known["verify"](secret, headers, body + b" ")
    assert not known["verify"](*delivery(time.time() - 3600, body), body)
    signature = f"sha256={hmac.digest(b'mine', body, 'sha256').hex()}"
    assert known["verify_callback"]("mine", signature, body)
    assert not known["verify_callback"]("another", signature, body)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_the_example_in_javascript_tells_them_too(tmp_path: Path) -> None:
    (block,) = examples("javascript")
    body = b'{"type":"application.approved"}'
    secret, headers = delivery(time.time(), body)
    old_secret, old = delivery(time.time() - 3600, body)
    (tmp_path / "check.mjs").write_text(
        f"{block}\nconst body = Buffer.from({body.decode()!r});"
        f"console.log(JSON.stringify([verify({secret!r}, {headers}, body),"
        f"verify({secret!r}, {headers}, Buffer.from('else')),"
        f"verify({old_secret!r}, {old}, body)]));"
    )
    node = shutil.which("node") or ""
    said = subprocess.run((node, tmp_path / "check.mjs"), capture_output=True, check=True).stdout
    assert json.loads(said) == [True, False, False]
