"""Whoever sits at the terminal reads what is wrong in words, and nothing of business as usual."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from deploy.ops import relay
from deploy.ops.logs import LogFile
from deploy.ops.relay import Relay
from deploy.ops.terminal import Terminal

pytestmark = pytest.mark.unit


class Desk:
    """A terminal that a worker's log is passed on to."""

    def __init__(self, folder: Path, *, verbose: bool = False) -> None:
        self.log = LogFile(folder / "worker.log")
        self.log.begin().close()
        self._seen = io.StringIO()
        self.relay = Relay(Terminal(self._seen), verbose=verbose)

    def write(self, line: str) -> None:
        """Let the worker write a line."""
        with self.log.append() as out:
            out.write(f"{line}\n".encode())

    def logs(self, level: str, event: str, **more: Any) -> str:
        """Let the worker log a line; that line."""
        at = "2026-11-26T13:52:06.565134Z"
        line = json.dumps({"event": event, "level": level, "at": at, **more})
        self.write(line)
        return line

    def reads(self) -> str:
        """What has been passed on since the last time."""
        self.relay.look("worker", self.log)
        text = self._seen.getvalue()
        self._seen.seek(0)
        self._seen.truncate()
        return text


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_warning_says_when_who_what_and_where_to_read_on(desk: Desk) -> None:
    desk.logs("info", "swept", deliveries=0)
    desk.logs("warning", "queue_lost", problem="InterfaceError")
    text = desk.reads()
    assert text.count("\n") == 1
    pattern = r"Nov 2[67] \d\d:\d\d:06 worker warning: queue lost \(problem InterfaceError\), see "
    assert re.match(pattern, text), text
    assert text.endswith(f"see {desk.log.path}\n")


def test_error_says_its_kind_and_leaves_the_rest_to_the_log(desk: Desk) -> None:
    desk.logs("error", "request_failed", exception='  File "x.py"\nKeyError')
    text = desk.reads()
    assert "error: request failed, KeyError, see " in text
    assert "x.py" not in text


def test_trace_outside_the_logs_is_told(desk: Desk) -> None:
    desk.write("Applied 0001.")
    desk.write("Exception in thread Thread-1:")
    assert "worker wrote: Exception in thread Thread-1:" in desk.reads()


def test_verbose_shows_all_as_it_was_written_and_whose_it_is(tmp_path: Path) -> None:
    desk = Desk(tmp_path, verbose=True)
    lines = [desk.logs("info", "swept"), desk.logs("warning", "queue_lost")]
    assert desk.reads().splitlines() == [f"worker | {line}" for line in lines]


def test_what_repeats_itself_is_told_once_a_minute(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        desk.logs("warning", "queue_lost")
    assert desk.reads().count("queue lost") == 1
    monkeypatch.setattr(relay, "REPEAT_SECONDS", 0.0)
    desk.logs("warning", "queue_lost")
    assert "4 times more since it was last told" in desk.reads()


def test_log_does_not_steer_the_terminal(desk: Desk) -> None:
    desk.logs("warning", "openid_key_not_taken", kty="\x1b[2J\r\n")
    desk.write("Traceback \x1b[2J")
    assert "\x1b" not in desk.reads()


def test_part_that_ended_shows_its_last_lines_and_names_its_log(desk: Desk) -> None:
    desk.write("Traceback (most recent call last):")
    desk.write("MemoryError")
    why = desk.relay.ended("worker", desk.log, -9, "It is started again in 0.5 s.")
    text = desk.reads()
    assert "worker was ended by SIGKILL. It is started again in 0.5 s.\n" in text
    assert f"Its last lines, out of {desk.log.path}:\n" in text
    assert "| MemoryError\n" in text
    assert text.count("Traceback") == 1
    assert why == "its last lines above say why"


def test_part_that_ended_without_a_word_is_not_said_to_have_said_why(desk: Desk) -> None:
    assert desk.relay.ended("worker", desk.log, 1) == "it wrote nothing"
    text = desk.reads()
    assert "worker ended with exit code 1." in text
    assert str(desk.log.path) in text
