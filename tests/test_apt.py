"""A package manager that is busy is waited for; one that fails says why."""

import io
from pathlib import Path

import pytest

from deploy.ops.terminal import Terminal
from tests import apt

pytestmark = pytest.mark.unit

BUSY = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 42 (apt-get)"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose apt-get does what the file `script` there says."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(apt, "LOOK_SECONDS", 0.01)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def apt_get(machine: Path, script: str) -> str:
    program = machine / "apt-get"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    stream = io.StringIO()
    apt.apt_get(Terminal(stream), "update")
    return stream.getvalue()


def test_lock_of_another_is_waited_for_and_its_holder_named(machine: Path) -> None:
    tries = f'echo x >> tries; [ $(wc -l < tries) = 3 ] || {{ echo "{BUSY}" >&2; exit 100; }}'
    text = apt_get(machine, tries)
    assert (machine / "tries").read_text() == "x\n" * 3
    assert text.count("Waiting for process 42 (apt-get), which holds /var/lib/apt/lists/lock.") == 1


def test_patience_ends(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "PATIENCE_SECONDS", 0.0)
    with pytest.raises(SystemExit, match="update failed with exit code 100"):
        apt_get(machine, f'echo "{BUSY}"; exit 100')


def test_other_failures_are_not_tried_again(machine: Path) -> None:
    with pytest.raises(SystemExit, match="exit code 100"):
        apt_get(machine, "echo x >> tries; echo E: Unable to locate package; exit 100")
    assert (machine / "tries").read_text() == "x\n"
