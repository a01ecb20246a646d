"""The supervisor restarts what crashes, gives up on what keeps crashing, and stops in order."""

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from core.errors import Unavailable
from deploy.ops import supervisor
from deploy.ops.logs import LogFile
from deploy.ops.program import Program
from deploy.ops.supervisor import Stopped, Supervisor

pytestmark = pytest.mark.unit


class Command:
    """Any command as a part, which notes when it was stopped."""

    def __init__(self, name: str, *words: str, stopped: list[str]) -> None:
        self.name = name
        self.log: LogFile | None = None
        self.starts = 0
        self._words = words
        self._stopped = stopped

    def start(self) -> None:
        self.starts += 1
        self.process = subprocess.Popen(self._words)

    def ended(self) -> int | None:
        return self.process.poll()

    def stop(self) -> None:
        self._stopped.append(self.name)
        self.process.kill()
        self.process.wait()


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.01)


@pytest.fixture
def stoppable_supervisor() -> Iterator[Supervisor]:
    """A supervisor that SIGTERM stops; pytest's own handlers come back afterwards."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    made = Supervisor()
    made.heed_signals()
    yield made
    for each, handler in before.items():
        signal.signal(each, handler)


class Recovering(Command):
    """A part whose second start is also the wish to stop."""

    def start(self) -> None:
        super().start()
        if self.starts == 2:
            os.kill(os.getpid(), signal.SIGTERM)


def test_crashed_part_is_started_again(stoppable_supervisor: Supervisor) -> None:
    part = Recovering("part", "sleep", "60", stopped=[])
    stoppable_supervisor.start(part)
    part.process.kill()
    stoppable_supervisor.watch()
    assert part.starts == 2
    assert part.ended() is None
    stoppable_supervisor.stop()


def test_part_that_keeps_crashing_ends_everything_by_its_name(
    stoppable_supervisor: Supervisor,
) -> None:
    stoppable_supervisor.start(Command("broken", "false", stopped=[]))
    with pytest.raises(Unavailable, match=r"broken ended 5 times .* with 1"):
        stoppable_supervisor.watch()
    stoppable_supervisor.stop()


def test_parts_stop_in_reverse_order(stoppable_supervisor: Supervisor) -> None:
    stopped: list[str] = []
    for name in ("postgresql", "worker", "api"):
        stoppable_supervisor.start(Command(name, "sleep", "60", stopped=stopped))
    os.kill(os.getpid(), signal.SIGTERM)
    stoppable_supervisor.watch()
    stoppable_supervisor.stop()
    assert stopped == ["api", "worker", "postgresql"]


@pytest.mark.thorough
def test_failed_task_is_named(stoppable_supervisor: Supervisor) -> None:
    stoppable_supervisor.finish(Program("settings", environ=os.environ))
    with pytest.raises(Unavailable, match="beleg settings failed"):
        stoppable_supervisor.finish(Program("settings", "--nonsense", environ=os.environ))


def test_task_is_given_up_when_told_to_stop(stoppable_supervisor: Supervisor) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Stopped):
        stoppable_supervisor.finish(Program("settings", environ=os.environ))
