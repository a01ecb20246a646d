"""Every condition has the status and the code, or type, that were published for it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

import core
import public_api
from core import errors
from core.bilingual import Bilingual
from core.errors import Complaint, Refused
from core.idempotency import KeyReused
from public_api import refusals
from public_api.docs.faults import FAULTS
from public_api.v1.version import V1
from public_api.v2.version import V2
from public_api.versions import Version
from tests.contracts.exchange import FOLDER, load
from tests.contracts.promised import promised

pytestmark = pytest.mark.unit
SOURCES = [
    *Path(core.__file__).parent.rglob("*.py"),
    *Path(public_api.__file__).parent.glob("*.py"),
]
KINDS = {"cls", "Conflict", "Forbidden", "Unavailable", "Stale"}
PEOPLES = {"still_called", "not_ready", "case_changed", "throttled"}
"""Said to people at the lender only."""
PLAIN: list[Refused] = [
    errors.NotFound(),
    errors.Invalid(Complaint("/x", "x")),
    errors.Unreadable(Bilingual("x", "x")),
    *(
        kind("x")
        for kind in (
            errors.Unauthenticated,
            errors.Forbidden,
            errors.Conflict,
            errors.Stale,
            errors.TooLarge,
            errors.Unavailable,
            KeyReused,
            refusals.Malformed,
            refusals.UpgradeRequired,
            refusals.WrongMediaType,
            refusals.NotAcceptable,
        )
    ),
    refusals.NoSuchMethod(["GET"]),
    refusals.NoPrecondition(),
    refusals.NoSuchRange(1),
    refusals.TooManyCalls(1),
    refusals.VersionGone.for_good("v1"),
    refusals.VersionGone.in_brownout("v1", 1),
    refusals.OurFault("x"),
]
REFUSALS = {each.code: each for each in (*PLAIN, *(fault.refusal for fault in FAULTS))}


def said(version: Version, refusal: Refused) -> tuple[int, str]:
    """The status, and the code or type, with which a version says it."""
    answer = version.problem(refusal)
    body = orjson.loads(answer.body)
    return answer.status, body["type"] if version is V2 else body["error"]["code"]


@pytest.mark.parametrize("version", [V1, V2], ids=lambda it: it.name)
def test_every_condition_is_said_as_it_was_published(version: Version) -> None:
    """Each code that there is, by its published status and name; and none but these."""
    published = {name: tuple(each) for name, each in promised(version.name, "problems").items()}
    assert {code: said(version, refusal) for code, refusal in REFUSALS.items()} == published


def _codes() -> Iterator[str]:
    """What refusals of partners' requests are called in the source."""
    for source in (text for file in SOURCES if "code" in (text := file.read_text())):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                if any(ast.unparse(base) in KINDS for base in node.bases):
                    yield from _own_code(node)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in KINDS:
                for each in node.keywords:
                    if each.arg == "code" and isinstance(each.value, ast.Constant):
                        yield str(each.value.value)


def _own_code(kind: ast.ClassDef) -> Iterator[str]:
    """What a kind of refusal of a kind is called."""
    for each in kind.body:
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "code":
            yield str(ast.literal_eval(each.value))


@pytest.mark.thorough
def test_no_condition_is_left_out_of_what_is_published() -> None:
    """A code that the source gives to a refusal is published, and each published one is there."""
    assert set(_codes()) - PEOPLES == set(refusals.NARROWER)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_what_was_recorded_as_refused_is_what_was_published(version: str) -> None:
    """Every refusal in the golden exchanges has a published status and name."""
    published = {tuple(each) for each in promised(version, "problems").values()}
    recorded = (each for file in FOLDER.glob("*/*.json") for each in load(file))
    for exchange in recorded:
        if exchange.reply.status >= 400 and f" /{version}/" in exchange.ask.line:
            body = orjson.loads(exchange.reply.body)
            name = body["type"] if version == "v2" else body["error"]["code"]
            assert (exchange.reply.status, name) in published, exchange.ask.name
