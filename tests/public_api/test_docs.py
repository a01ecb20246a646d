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
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

import pytest
from jsonschema import Draft202012Validator

from public_api.app import VERSIONS
from public_api.docs.faults import faults_of
from public_api.docs.page import Page
from public_api.docs.pages import Site
from public_api.docs.samples import sample
from public_api.docs.shapes import Contract, fields
from public_api.docs.succession import object_tables
from public_api.v1 import applications as applications_1
from public_api.v1 import documents as documents_1
from public_api.v2 import applications as applications_2
from public_api.v2 import documents as documents_2
from public_api.v2 import problems
from public_api.v2.version import V2
from public_api.versions import Version
from tests.public_api.site import attributes, dead_ends, dead_links, mentions, trees
from tests.public_api.v3.version import V3

pytestmark = pytest.mark.unit
ROOT = Path(__file__).parents[2]
# What these refuse is told with the document.
FINDINGS = [
    ROOT / "core" / each for each in ("statements", "formats", "isolation", "reading/archive.py")
]
NEVER_TO_PARTNERS = {"refused", "still_called", "not_ready", "case_changed", "throttled"}
"""What is told to the lender's own people alone."""
CONTRACTS = {version.name: Contract.of(version) for version in VERSIONS}
SITES = {
    "as published": VERSIONS,
    "with a third version": (V3, *VERSIONS),
    "without the oldest": VERSIONS[:-1],
}


@cache
def pages() -> dict[str, Page]:
    return dict(Site(VERSIONS).pages())


@pytest.mark.thorough
@pytest.mark.parametrize("versions", SITES.values(), ids=SITES)
def test_every_link_leads_somewhere(versions: Sequence[Version]) -> None:
    site = dict(Site(versions).pages())
    assert list(dead_links(site, versions)) == []
    assert list(dead_ends(site)) == []


@pytest.mark.thorough
def test_what_is_gone_is_not_spoken_of() -> None:
    site = dict(Site(VERSIONS[:-1]).pages())
    assert list(mentions(site, VERSIONS[-1].name)) == []
    assert len(site) == len(pages()) - 2  # its reference, and the way from it


@pytest.mark.thorough
def test_the_way_to_a_third_version_is_told_too() -> None:
    site = dict(Site((V3, *VERSIONS)).pages())
    for address, page in pages().items():
        if address.startswith(("/docs/v1", "/docs/v2")):
            assert address in site, page.template
    way = trees(site)["/docs/v2-to-v3"]
    text = " ".join(way.text_content().split())
    assert "From v2 to v3" in text
    assert "Say Rappen instead of francs." in text
    assert "/applicant/legal_name" not in text  # fields lead from the old version to the new
    rows = [[cell.text_content().strip() for cell in row] for row in way.xpath("//tbody/tr")]
    assert ["money", V2.promises["money"], V3.promises["money"]] in [
        [row[0].lower(), *row[1:]] for row in rows
    ]
    assert ["open", "received"] in rows
    assert ["amount Money", "Application /rappen integer", "In Rappen, always."] in rows
    assert ["created_at time", "gone", "Nobody asked."] in rows
    assert ["404 /problems/not-found", "404 not_found"] in rows
    assert "From v2 to v3" in trees(site)["/docs"].xpath("string(//nav[@id='menu'])")


def test_nothing_comes_from_elsewhere_or_from_within_the_page() -> None:
    for address, name, value in attributes(pages()):
        assert re.match(r"[/#](?!/)", value), f"{address}: {name}={value}"
    for address, tree in trees(pages()).items():
        inline = tree.xpath(
            "//style | //script[not(@src)] | //@style | //@*[starts-with(name(),'on')]"
        )
        assert not inline, f"{address} has what its own policy forbids"
    for address, page in pages().items():
        if address.endswith((".css", ".js")):
            assert not re.search(rb"@import|url\(|https?://(?!api\.lender\.example)", page.body)


def test_every_operation_and_object_of_every_version_is_told() -> None:
    for version in VERSIONS:
        known = set(trees(pages())[f"/docs/{version.name}"].xpath("//section/@id"))
        assert known >= {operation.name for operation in version.operations}
        assert known >= set(CONTRACTS[version.name].schemas)
        assert known >= set(CONTRACTS[version.name].document.get("webhooks", {}))


def test_every_field_is_explained() -> None:
    for name, contract in CONTRACTS.items():
        for title, schema in contract.schemas.items():
            for field in fields(schema, contract, deep=False):
                place = f"public_api/{name}/glossary.py"
                assert field.meaning, f"say in {place} what {title}.{field.name} means"


def test_a_deprecated_field_is_told_to_be_one_and_what_to_use() -> None:
    tree = trees(pages())["/docs/v2"]
    (figure,) = tree.xpath("//section[@id='Figure']")
    told = {
        row.xpath("string(dt/code)"): row
        for row in figure.xpath(".//dl/div")
        if row.xpath("dt/span[text()='deprecated']")
    }
    assert list(told) == ["detail"]
    assert "Use components" in told["detail"].xpath("string(dd)")


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_example_is_valid_by_its_schema(name: str) -> None:
    contract = CONTRACTS[name]
    for title, schema in contract.schemas.items():
        example = json.loads(json.dumps(sample(schema, contract)))
        components = contract.document["components"]
        whole = {"$ref": f"#/components/schemas/{title}", "components": components}
        Draft202012Validator(whole).validate(example)


@pytest.mark.parametrize("version", [V3, V2], ids=lambda version: version.name)
def test_every_field_has_its_place_in_the_next_version(version: Version) -> None:
    data = version.documentation.succession
    assert data is not None
    before = next(each for each in VERSIONS if each.name == data.predecessor)
    old, new = Contract.of(before), Contract.of(version)
    tables = list(object_tables(data, old, new))  # raises where a place is none
    documented = {table.name: [field.old.name for field in table.fields] for table in tables}
    published = {name: list(schema.get("properties", {})) for name, schema in old.schemas.items()}
    assert {name: sorted(fields) for name, fields in documented.items()} == {
        name: sorted(fields) for name, fields in published.items() if name in documented
    }
    if version is V2:
        assert documented.keys() == published.keys()
        assert data.operations.keys() == {each.name for each in before.operations}
    assert data.operations.keys() <= {each.name for each in before.operations}
    assert set(data.operations.values()) <= {each.name for each in version.operations}


def test_the_words_of_the_way_are_those_of_the_versions() -> None:
    data = V2.documentation.succession
    assert data is not None
    assert list(data.statuses["application"].items()) == [
        (applications_2.STATUS[each], word) for each, word in applications_1.STATUS.items()
    ]
    assert list(data.statuses["document"].items()) == [
        (documents_2.STATUS[each], word) for each, word in documents_1.STATUS.items()
    ]


def test_every_problem_that_can_be_said_has_its_page_and_prose() -> None:
    faults = faults_of(VERSIONS, ())
    by_code = {fault.refusal.code: fault for fault in faults}
    assert len(by_code) == len(faults)
    missing = codes_raised() - NEVER_TO_PARTNERS - by_code.keys()
    assert not missing, f"say in public_api/docs/faults.py when {missing} come and what to do"
    assert {kind.code for kind in problems.TABLE} <= by_code.keys()
    for code, fault in by_code.items():
        assert len(fault.when) > 20, code
        assert len(fault.remedy) > 10, code
        body = json.loads(problems.problem(fault.refusal).body)
        text = trees(pages())[body["type"]].text_content()
        assert str(body["status"]) in text
        assert code in text


def codes_raised() -> set[str]:
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
    text = trees(pages())["/changelog"].text_content()
    for title in re.findall(r"^## (.+)$", (ROOT / "public_api/CHANGELOG.md").read_text(), re.M):
        assert title in text


def examples(language: str) -> list[str]:
    """The code blocks of the text on webhooks, in one language."""
    text = "".join(
        (ROOT / "public_api" / each / "text/webhooks.md").read_text() for each in ("v2", "v1")
    )
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
    output = subprocess.run((node, tmp_path / "check.mjs"), capture_output=True, check=True).stdout
    assert json.loads(output) == [True, False, False]
