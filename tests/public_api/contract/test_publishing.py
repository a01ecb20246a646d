"""What was published is extended on purpose, and never by hand."""

import subprocess
from datetime import date
from pathlib import Path

import orjson
import pytest

from core.errors import Invalid, NotFound
from deploy.ops import contracts
from deploy.ops.contracts import check, publish, show
from public_api.app import VERSIONS
from public_api.contract import history
from public_api.openapi import as_file
from public_api.schemas import PROMISES
from public_api.v1.version import V1
from tests.public_api.contract.planting import EXTRA, FOLDER, LIST1, Change, add, drop, put, v1

DAY = date(2026, 6, 1)


def test_what_would_be_served_is_what_was_published() -> None:
    assert check() == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what was published."""
    for version in VERSIONS:
        (tmp_path / version.name).mkdir()
        for name in ("openapi.json", "published.txt"):
            content = (FOLDER / version.name / name).read_bytes()
            (tmp_path / version.name / name).write_bytes(content)
    return tmp_path


def planted(folder: Path, name: str, change: Change) -> Path:
    """The document in which something was changed."""
    file = folder / name / "openapi.json"
    document = orjson.loads(file.read_bytes())
    change(document)
    file.write_bytes(orjson.dumps(document))
    return file


def published_so(file: Path) -> Path:
    """The same document, as if it had been published as it is."""
    entry = history.added("", file.read_bytes(), DAY)
    file.with_name("published.txt").write_text(entry)
    return file


def test_an_addition_waits_until_it_is_published_on_purpose(folder: Path) -> None:
    file = published_so(planted(folder, "v2", drop("paths", "/v2/applications/{id}/decision")))
    assert check(folder=folder) == ["v2 has additions: `beleg contract publish` publishes them."]
    assert publish(folder) == [file]
    assert file.read_bytes() == (FOLDER / "v2/openapi.json").read_bytes()
    assert check(folder=folder) == []
    assert publish(folder) == []


def test_a_break_is_not_published(folder: Path) -> None:
    optional = {**EXTRA, "required": False}
    file = published_so(planted(folder, "v1", add(optional, *LIST1, "parameters")))
    before = file.read_bytes()
    assert "query tenant: clients that send it would break" in check(folder=folder)[0]
    with pytest.raises(Invalid, match="tenant"):
        publish(folder)
    assert file.read_bytes() == before


def test_what_was_published_is_shown() -> None:
    assert orjson.loads(show("v1")) == v1()
    with pytest.raises(NotFound, match="v9"):
        show("v9")


def test_a_document_and_a_history_made_anew_are_held_to_what_was_committed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = published_so(planted(folder, "v1", put("cents", PROMISES, "money")))
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=x", "-c", "user.email=x@y.test", "commit", "-qm", "published")
    file.write_bytes((FOLDER / "v1/openapi.json").read_bytes())
    published_so(file)
    monkeypatch.setattr(contracts, "FOLDER", folder)
    assert check(folder=folder) == []
    (message,) = check("HEAD", folder)
    assert message.startswith("v1 promise money: every client would break: it was 'cents'")
    with pytest.raises(Invalid, match="nowhere"):
        check("nowhere", folder)


def git(folder: Path, *words: str) -> None:
    """Run git in a folder."""
    subprocess.run(("git", *words), cwd=folder, check=True, capture_output=True)


def test_a_version_that_was_never_published_can_be(folder: Path) -> None:
    for name in ("openapi.json", "published.txt"):
        (folder / "v2" / name).unlink()
    assert check(folder=folder) == ["v2 is not published: `beleg contract publish` does it."]
    assert publish(folder) == [folder / "v2/openapi.json"]
    assert check(folder=folder) == []


BY_HAND = "v1 was changed by hand: "


def test_a_document_rewritten_by_hand_is_told_without_git(folder: Path) -> None:
    file = planted(folder, "v1", put("cents", PROMISES, "money"))
    messages = check(folder=folder)
    assert messages[0].startswith(f"{BY_HAND}the document is not the one that was published last")
    with pytest.raises(Invalid, match="changed by hand"):
        publish(folder)
    file.write_bytes(as_file(V1) + b" ")  # a space is enough
    assert check(folder=folder)[0].startswith(BY_HAND)
    file.unlink()
    with pytest.raises(Invalid, match="changed by hand"):
        publish(folder)


def test_a_history_rewritten_by_hand_is_told(folder: Path) -> None:
    file = folder / "v1/published.txt"
    document = (folder / "v1/openapi.json").read_bytes()
    lines = history.added(history.added("", b"first", DAY), document, DAY).splitlines(True)
    file.write_text("".join(lines))
    assert check(folder=folder) == []
    other = history.added("", b"other", DAY).splitlines(True)
    for rewritten in (lines[1:], lines[::-1], [other[0], lines[1]], ["\n", *lines], lines[:1], []):
        file.write_text("".join(rewritten))
        assert check(folder=folder)[0].startswith(BY_HAND), rewritten
    file.unlink()
    assert check(folder=folder)[0].startswith(BY_HAND)
