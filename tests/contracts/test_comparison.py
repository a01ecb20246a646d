"""What is added to a golden exchange or a document is told from what breaks somebody."""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.contracts import diff, documents
from tests.contracts.comparison import differences
from tests.contracts.diff import ROOT, Base
from tests.contracts.exchange import Ask, Exchange, Reply
from tests.contracts.promised import published
from tests.public_api.contract.planting import drop, field, put, shape, v2

pytestmark = pytest.mark.unit
TYPED = "content-type: application/json"
NEW = Exchange(
    Ask("one", "GET /v2/x/{{id:1}}"),
    Reply(
        200,
        ["beleg-version: v2", TYPED],
        '{"id":"{{id:1}}","list":[{"a":1},{"a":2}],"by":"{{id:2}}","text":"a"}',
    ),
)
OLD = replace(NEW, reply=Reply(200, ["beleg-version: v1", TYPED], '{"amount_eur":1.00}'))
OTHER = replace(NEW, ask=replace(NEW.ask, name="other"))


def body(exchange: Exchange, old: str, new: str) -> Exchange:
    """The exchange with something else in its answer's body."""
    assert old in exchange.reply.body
    text = exchange.reply.body.replace(old, new)
    return replace(exchange, reply=replace(exchange.reply, body=text))


def headers(exchange: Exchange, *lines: str) -> Exchange:
    """The exchange with these headers in its answer."""
    return replace(exchange, reply=replace(exchange.reply, headers=list(lines)))


BREAKS: dict[str, tuple[list[Exchange], list[Exchange], str]] = {
    "an exchange is gone": ([NEW, OTHER], [NEW], "the exchange is gone"),
    "exchanges change places": ([NEW, OTHER], [OTHER, NEW], "the exchange is gone"),
    "another is asked": (
        [NEW],
        [replace(NEW, ask=replace(NEW.ask, line="GET /v2/y/{{id:1}}"))],
        "something else is asked",
    ),
    "another status": (
        [NEW],
        [replace(NEW, reply=replace(NEW.reply, status=202))],
        "the status was 200, now it is 202",
    ),
    "a header is gone": ([NEW], [headers(NEW, "beleg-version: v2")], "content-type is gone"),
    "a header is another": (
        [NEW],
        [headers(NEW, "beleg-version: v2", "content-type: text/plain")],
        "the header content-type was",
    ),
    "a field is gone": ([NEW], [body(NEW, ',"text":"a"', "")], "/text: the field is gone"),
    "a field is renamed": ([NEW], [body(NEW, '"text"', '"name"')], "/text: the field is gone"),
    "a value is another": ([NEW], [body(NEW, '"text":"a"', '"text":"A"')], "it was 'a'"),
    "a number is text": ([NEW], [body(NEW, '"a":1', '"a":"1"')], "it was 1, now it is '1'"),
    "a list is longer": ([NEW], [body(NEW, '{"a":1}', '{"a":1},{}')], "/list: it was"),
    "a list has another order": (
        [NEW],
        [body(NEW, '{"a":1},{"a":2}', '{"a":2},{"a":1}')],
        "/list: its items are in another order",
    ),
    "fields have another order": (
        [NEW],
        [body(NEW, '{"id":"{{id:1}}",', '{"text":"a","id":"{{id:1}}",')],
        "",
    ),
    "two things are one": ([NEW], [body(NEW, "{{id:2}}", "{{id:1}}")], "/by: it was"),
    "v1 has a field more": ([OLD], [body(OLD, "{", '{"x":1,')], "the body was"),
    "v1 has a digit less": ([OLD], [body(OLD, "1.00", "1.0")], "the body was"),
}
ADDITIONS: dict[str, tuple[list[Exchange], list[Exchange], str]] = {
    "an exchange more at the end": ([NEW], [NEW, OTHER], "+ s, 'other': the exchange is new"),
    "an exchange more before": ([NEW], [OTHER, NEW], "+ s, 'other': the exchange is new"),
    "a header more": (
        [OLD],
        [headers(OLD, *OLD.reply.headers, "x-more: 1")],
        "+ s, 'one': the header x-more is new",
    ),
    "a field more": (
        [NEW],
        [body(NEW, '{"a":1}', '{"a":1,"b":2}')],
        "+ s, 'one'/list/0/b: the field is new",
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), BREAKS.values(), ids=BREAKS)
def test_a_break_of_an_exchange_is_told(
    old: list[Exchange], new: list[Exchange], expected: str
) -> None:
    found = [str(each) for each in differences("s", old, new) if each.breaks]
    assert any(expected in each for each in found), found


@pytest.mark.parametrize(("old", "new", "expected"), ADDITIONS.values(), ids=ADDITIONS)
def test_an_addition_to_an_exchange_is_told_and_no_break(
    old: list[Exchange], new: list[Exchange], expected: str
) -> None:
    (only,) = differences("s", old, new)
    assert str(only).startswith(expected)
    assert not only.breaks


def test_what_is_the_same_is_not_told_though_it_is_counted_anew() -> None:
    anew = Exchange(
        replace(NEW.ask, line="GET /v2/x/{{id:7}}"),
        body(body(NEW, "{{id:2}}", "{{id:3}}"), "{{id:1}}", "{{id:7}}").reply,
    )
    assert list(differences("s", [NEW], [anew])) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put({"type": "string"}, *field("colour")), "the field colour of Application is new"),
        (put(1, "x-beleg-promises", "deliveries", "x"), "the promise deliveries x is new"),
        (put({"post": {}}, "webhooks", "toldMore"), "the webhook toldMore is new"),
    ],
)
def test_what_is_added_to_a_document_is_told(change: Callable[[Any], Any], expected: str) -> None:
    now = v2()
    change(now)
    (only,) = documents.differences("v2", published("v2"), now)
    assert str(only) == f"+ v2 openapi.json: {expected}"


def test_what_breaks_in_a_document_is_told_in_the_gates_words() -> None:
    now = v2()
    drop(*shape("Application", "properties", "purpose"))(now)
    found = [str(each) for each in documents.differences("v2", published("v2"), now)]
    assert any("clients that read it would break: the field is gone" in each for each in found)


def test_the_command_fails_where_something_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "public_api").mkdir()
    for place in ("tests/contracts/v1", "public_api/v1", "public_api/v2"):
        shutil.copytree(ROOT / place, tmp_path / place)
    story = tmp_path / "tests/contracts/v1/documents.json"
    exchanges = json.loads(story.read_text())
    story.write_text(json.dumps(exchanges[:-1]))
    assert "tests/contracts/v1/documents.json" in Base(str(tmp_path)).stories()

    monkeypatch.setattr(sys, "argv", ["diff", str(tmp_path)])
    diff.main()
    told = capsys.readouterr().out
    assert "v1 documents, 'too late to withdraw': the exchange is new" in told
    assert "0 breaks" in told
    exchanges[0]["reply"]["status"] = 418
    story.write_text(json.dumps(exchanges))
    with pytest.raises(SystemExit):
        diff.main()
    assert "the status was 418, now it is 201" in capsys.readouterr().out
