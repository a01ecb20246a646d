"""A command that was forked from the warm process is what it would be, started as ever."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import warm

SEEN = (sys.executable, "-m", "tests.warm.seen", "a word", "--another")
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or bool(os.environ.get(warm.COLD)), reason="nothing is forked"
)


def started(**how: Any) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen(SEEN, stdin=pipe, stdout=pipe, stderr=pipe, text=True, **how)


def seen(**how: Any) -> dict[str, Any]:
    with started(**how) as process:
        said, problem = process.communicate("to be read")
        return {**json.loads(said), "problem": problem, "code": process.returncode}


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"start_new_session": True},
        {"process_group": 0, "env": {**os.environ, "BELEG_DEMO": "ä", "TZ": "Asia/Tokyo"}},
    ],
    ids=["usual", "of a session", "of a group and told more"],
)
def test_it_sees_what_it_would_see(how: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "LINES"):  # a library tells them to processes, and Python does not know
        monkeypatch.setenv(name, "80")
    forked = seen(cwd=warm.ROOT, **how)
    monkeypatch.setattr(subprocess.Popen, "_execute_child", warm._start_cold)
    assert forked == seen(cwd=warm.ROOT, **how)
    assert forked["code"] == 7
    assert forked["parent"] == os.getpid()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_it_is_killed_however_early(end: signal.Signals) -> None:
    for _ in range(5):
        with started() as process:
            process.send_signal(end)
            assert process.wait() == -end


async def test_a_loop_hears_of_its_end() -> None:
    process = await asyncio.create_subprocess_exec(*SEEN, stdin=-3, stdout=-1, stderr=-3)
    said, _ = await process.communicate()
    assert json.loads(said)["argv"][1:] == list(SEEN[3:])
    assert process.returncode == 7


@pytest.mark.parametrize(
    "how",
    [
        {"env": {**os.environ, "PYTHONUTF8": "1"}},
        {"preexec_fn": lambda: None},
        {"pass_fds": (2,)},
        {"executable": sys.executable},
    ],
    ids=["told of Python itself", "with work to do first", "with more open", "as another"],
)
def test_what_no_fork_can_be_is_started_as_ever(how: dict[str, Any]) -> None:
    assert warm._order(bound(**how)) is None
    assert warm._order(bound()) is not None


def test_another_checkout_is_started_as_ever(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    assert warm._order(bound(cwd=tmp_path)) is None


def bound(**how: Any) -> dict[str, Any]:
    """What `subprocess` hands on for a command that is started so."""
    found: dict[str, Any] = {}

    def look(_: Any, *given: Any) -> None:
        found.update(warm._SIGNATURE.bind(None, *given).arguments)
        raise InterruptedError

    class Looking(subprocess.Popen[bytes]):
        _execute_child: Callable[..., None] = look

    with pytest.raises(InterruptedError):
        Looking(SEEN, **how)
    return found
