"""Who waits is told what for, how long it took, and why it failed."""

import io
import re
import subprocess
import sys

import pytest

from deploy.ops.terminal import Terminal

pytestmark = pytest.mark.unit


class Screen(io.StringIO):
    """A terminal of a person's."""

    def isatty(self) -> bool:
        return True


class Gone(io.StringIO):
    """What nobody reads any more."""

    def flush(self) -> None:
        raise BrokenPipeError


def step(*command: str) -> subprocess.CompletedProcess[str]:
    words = (sys.executable, "-m", "deploy.ops.step", "Working", *command)
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_step_says_what_it_does_and_how_long_it_took() -> None:
    stream = io.StringIO()
    with Terminal(stream).step("Working"):
        assert stream.getvalue() == "Working ..."
    assert _timeless(stream) == "Working ... TIME"


def test_step_that_fails_says_so() -> None:
    stream = io.StringIO()
    with pytest.raises(ValueError, match="why"), Terminal(stream).step("Working"):
        raise ValueError("why")
    assert _timeless(stream) == "Working ... failed after TIME"


def test_what_is_said_meanwhile_stands_on_lines_of_its_own() -> None:
    stream = io.StringIO()
    terminal = Terminal(stream)
    with terminal.step("Working"):
        terminal.say("worker warning")
    assert _timeless(stream) == "Working ...\nworker warning\nWorking ... TIME"


def test_how_far_it_is_shows_where_a_line_can_be_written_over() -> None:
    for stream, shows in ((Screen(), True), (io.StringIO(), False)):
        terminal = Terminal(stream)
        with terminal.step("Working"):
            terminal.note("3 of 10")
        assert ("3 of 10" in stream.getvalue()) is shows


def test_terminal_that_is_gone_stops_nothing() -> None:
    terminal = Terminal(Gone())
    with terminal.step("Working"):
        terminal.say("still here")


def test_what_a_command_prints_is_shown_only_where_it_fails() -> None:
    done = step("sh", "-c", "echo installing")
    assert (done.returncode, done.stdout) == (0, "")
    assert "installing" not in done.stderr
    done = step("sh", "-c", "echo installing; echo no space left >&2; exit 3")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.endswith("installing\nno space left\n")


def _timeless(stream: io.StringIO) -> str:
    return re.sub(r"\d+\.\d s\n\Z", "TIME", stream.getvalue())
