"""`beleg release` as people and pipelines use it: what it says, and what it refuses with advice."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from deploy.ops.cli import main
from deploy.ops.migrating.apply import migrate
from deploy.release import composition, session
from tests.deploy.release.command import configured
from tests.deploy.release.driving import QUICK

CONFIG = """platform = "local"
edge = {folder = "edge", admin = "127.0.0.1:21199"}
"""


@dataclass(frozen=True, slots=True)
class Terminal:
    """An operator's terminal in a folder of their own."""

    folder: Path

    def say(self, *words: str, code: int = 0) -> str:
        """What `beleg release` prints, ending so."""
        done = CliRunner().invoke(main, ["release", *words])
        assert done.exit_code == code, done.output
        return done.output

    def json(self, *words: str, code: int = 0) -> Any:
        """The last line of it, as a pipeline reads it."""
        return json.loads(self.say(*words, "--json", code=code).splitlines()[-1])

    def refused(self, *words: str) -> str:
        """Why not, in words."""
        said = self.say(*words, code=1)
        assert said.startswith("Error: ")
        assert "Traceback" not in said
        return said


@pytest.fixture
def terminal(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of an instance on which nothing was released yet; its world is one of files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELEG_DATABASE_URL", database)
    monkeypatch.setenv("BELEG_LOG_LEVEL", "ERROR")
    monkeypatch.setattr(composition, "configured", configured)
    assert session.drive.__kwdefaults__
    monkeypatch.setitem(session.drive.__kwdefaults__, "times", QUICK)
    (tmp_path / "release.toml").write_text("{}")
    return Terminal(tmp_path)


def test_before_during_and_after_a_release_each_command_says_what_there_is_to_do(
    terminal: Terminal,
) -> None:
    assert "no release yet: `beleg release start --b`" in terminal.say("status")
    assert terminal.json("status") is None
    assert "no release yet" in terminal.say("log")
    assert terminal.say("log", "--json") == ""
    for words in (("back",), ("abort",), ("advance",), ("hold", "lunch")):
        assert "`beleg release start --b` begins one" in terminal.refused(*words)
    assert "name it with --a" in terminal.refused("start", "--b", "b")

    start = ("start", "--a", "a", "--b", "b", "--by-hand", "--once")
    assert terminal.json(*start, "--condition", "version:v1", code=3)["rules"] == ["version:v1"]
    assert "Another release is open" in terminal.refused(*start)
    assert terminal.json("hold", "lunch")["held"] == "lunch"
    screen = terminal.say("status", "--check", code=3)
    assert "held: lunch" in screen
    assert "version:v1: sent to B" in screen
    assert "`beleg release back` sends everybody to A at once" in screen
    found = terminal.json("status")
    assert (found["state"], found["held"]) == ("expand", "lunch")
    assert found["back"] == "beleg release back"
    assert (found["outcomes"], found["warnings"]) == (None, [])
    terminal.say("back", "--reason", "odd")
    assert "`beleg release advance` tries again" in terminal.say("status")
    assert "Everybody is on A already" not in terminal.say("back")
    assert terminal.json("abort")["state"] == "aborted"
    assert "it ended as aborted; `beleg release start --b BUILD`" in terminal.say("status")

    assert "done" in terminal.say("start", "--a", "a", "--b", "b")
    assert "nothing: it ended as done" in terminal.say("status", "--check")
    assert terminal.json("status")["waits_for"] is None
    for words in (("advance",), ("back",)):
        assert "`beleg release start --b` begins one" in terminal.refused(*words)
    assert "contract -> done  pass, by gate" in terminal.say("log")
    assert terminal.json("log")["to"] == "done"


def test_what_is_wrong_with_a_start_is_said_before_anything_is_begun(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = ("start", "--a", "a", "--b", "b")
    wrong = {
        "country:DE": "there is no such condition",
        "version:v9": "serves no version v9",
        "client:Makler Ost": "no partner is called so",
        "person:uta@lender.test": "nobody signs in with this address",
    }
    for command in (start, ("plan", "--b", "b")):
        for rule, why in wrong.items():
            assert why in terminal.refused(*command, "--condition", rule)
        both = ("--condition", "version:v1", "--condition", "!version:v1")
        assert "leave one of them out" in terminal.refused(*command, *both)
    shown = terminal.say("plan", "--b", "b", "--condition", "version:v1", "--weights", "5")
    assert "version:v1: sent to B" in shown
    assert terminal.json("plan", "--b", "b", "--condition", "!app:ios")["rules"] == ["!app:ios"]
    assert "plan has no" not in terminal.refused(*start, "--weights", "60")
    assert "--anyway and --reason go together" in terminal.say("advance", "--anyway", code=2)

    monkeypatch.undo()
    monkeypatch.chdir(terminal.folder)
    (terminal.folder / "release.toml").unlink()
    assert "`beleg up --edge` writes one" in terminal.refused("plan", "--b", "b")


def test_a_build_that_is_not_there_is_refused_and_no_release_is_begun(
    terminal: Terminal, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.chdir(terminal.folder)
    monkeypatch.setenv("BELEG_DATABASE_URL", database)
    monkeypatch.setenv("BELEG_LOG_LEVEL", "ERROR")
    (terminal.folder / "release.toml").write_text(CONFIG)
    said = terminal.refused("start", "--a", "no-such", "--b", "neither-this")
    assert "neither a folder" in said
    assert "no release yet" in terminal.say("status")


def test_a_database_that_is_too_old_is_told_which_command_helps(
    empty_database: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(empty_database, "0016")
    monkeypatch.setenv("BELEG_DATABASE_URL", empty_database)
    for words in (("status",), ("log",), ("start", "--a", "a", "--b", "b"), ("hold", "x")):
        said = terminal.refused(*words)
        assert "lacks revision 0020" in said
        assert "`beleg migrate` of this build first" in said
    assert "version:v1" in terminal.say("plan", "--b", "b", "--condition", "version:v1")
