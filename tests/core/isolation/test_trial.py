"""What a reader may not is tried: with Landlock, without it, without a filter of system calls."""

import ctypes
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Invalid
from core.isolation import calls, lockdown, trial
from core.isolation.trial import Confinement, confinement
from core.settings import Environment, Settings
from deploy.ops import confinement as production
from deploy.ops.confinement import described, require_confinement

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems confine less")

OLD_KERNEL = """
import runpy
from tests.core.isolation.test_trial import without
without({calls!r})
runpy.run_module("core.isolation.trial", run_name="__main__")
"""
LANDLOCK = (444, 445, 446)
TRIED = {
    "files", "writing", "network", "memory", "processes", "programs", "signals", "limits",
    "permissions", "kernel", "rights",
}  # fmt: skip


def without(numbers: tuple[int, ...]) -> None:
    """Have this process, and all that it starts, told that there are no such system calls."""
    steps = [
        (calls.LOAD, 0, 0, calls.NUMBER_AT),
        *((calls.EQUAL, len(numbers) - at, 0, each) for at, each in enumerate(numbers)),
        (calls.RETURN, 0, 0, calls.ALLOW),
        (calls.RETURN, 0, 0, calls.LACKING),
    ]
    program = (lockdown._Instruction * len(steps))(
        *(lockdown._Instruction(*each) for each in steps)
    )
    filter_ = lockdown._Filter(len(steps), program)
    lockdown._libc.prctl(lockdown.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    assert lockdown._libc.prctl(lockdown.PR_SET_SECCOMP, 2, ctypes.byref(filter_), 0, 0) == 0


def tried_without(numbers: tuple[int, ...]) -> dict[str, bool]:
    """What the trial finds on a kernel that lacks these calls."""
    done = subprocess.run(
        (sys.executable, "-c", OLD_KERNEL.format(calls=numbers)),
        capture_output=True,
        check=True,
        text=True,
    )
    refused: dict[str, bool] = json.loads(done.stdout)["refused"]
    return refused


def has_landlock() -> bool:
    """Whether this machine's kernel has Landlock."""
    return int(lockdown._libc.syscall(lockdown.LANDLOCK_CREATE, None, 0, 1)) >= 1


@pytest.mark.skipif(not has_landlock(), reason="this kernel lacks Landlock")
def test_all_that_a_reader_may_not_is_tried_and_refused() -> None:
    found = confinement()
    assert found.open == ()
    assert found.is_whole
    assert described(found) == "what reads strangers' files is kept from all else"


def test_a_kernel_without_landlock_leaves_files_to_read_and_says_so() -> None:
    refused = tried_without(LANDLOCK)
    assert refused.keys() == TRIED
    assert {name for name, was_refused in refused.items() if not was_refused} == {"files"}


@pytest.mark.parametrize("gone", ["filter", "limits"])
def test_whatever_does_not_hold_is_found_open(gone: str) -> None:
    """Were a part of the confinement lost, the trial would not call it whole."""
    lost = {
        "filter": "lockdown._allow_calls = lambda starts: None",
        "limits": "lockdown._limit = lambda *what: None",
    }[gone]
    code = (
        f"import core.isolation.lockdown as lockdown; {lost}\n"
        "from core.isolation.trial import main; main()"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, check=True)
    refused = json.loads(done.stdout)["refused"]
    left = {name for name, was_refused in refused.items() if not was_refused}
    assert (
        left
        >= {
            "filter": {"network", "limits", "programs", "kernel"},
            "limits": {"memory"},
        }[gone]
    )


def test_production_reads_nothing_that_is_not_confined_unless_it_is_allowed_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(production, "confinement", lambda: Confinement(("files", "limits"), 10001))
    strict = Settings(env=Environment.PRODUCTION, reading_unconfined="files")
    with pytest.raises(Invalid) as refused:
        require_confinement(strict)
    assert "files, limits" in refused.value.detail
    assert 'BELEG_READING_UNCONFINED="files limits"' in refused.value.detail
    allowed = Settings(env=Environment.PRODUCTION, reading_unconfined="limits files")
    assert not require_confinement(allowed).is_whole
    assert not require_confinement(Settings()).is_whole  # a developer's machine is only told


def test_production_reads_nothing_where_no_confined_process_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trial.sys, "executable", "/nowhere/python")  # type: ignore[attr-defined]
    assert confinement() == Confinement((), None)
    with pytest.raises(Invalid, match="no confined process can be started"):
        require_confinement(Settings(env=Environment.PRODUCTION))


def test_a_worker_of_production_does_not_start_on_a_kernel_that_leaves_files_open() -> None:
    """The command itself, on a kernel without Landlock."""
    code = (
        "from tests.core.isolation.test_trial import without, LANDLOCK; without(LANDLOCK)\n"
        "from deploy.ops.cli import main; main(['worker', '--metrics-port', '8549'])"
    )
    variables = {
        "BELEG_ENV": "production",
        "BELEG_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "BELEG_BLOB_URL": "file:///nowhere",
    }
    done = subprocess.run(
        (sys.executable, "-c", code),
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, **variables},
    )
    assert done.returncode == 1
    assert "is not kept from files" in done.stderr
    assert "Landlock" in done.stderr


ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")


@ROOT
def test_a_reader_that_root_starts_is_not_root_and_cannot_become_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lockdown, "_is_for_all", lambda _: True)
    status = _status_of(lambda: lockdown.confine(1 << 30, 10))
    users = status["Uid"].split()
    assert len(set(users)) == 1
    assert lockdown.FIRST_USER <= int(users[0]) < lockdown.FIRST_USER + lockdown.USERS
    assert status["Gid"].split() == users
    assert status["Groups"] == ""
    assert int(status["CapPrm"], 16) == int(status["CapBnd"], 16) == 0


@ROOT
def test_a_reader_whose_programs_are_roots_alone_keeps_its_name_and_loses_its_rights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lockdown, "_is_for_all", lambda _: False)
    status = _status_of(lambda: lockdown.confine(1 << 30, 10))
    assert status["Uid"].split()[0] == "0"
    assert not int(status["CapEff"], 16) | int(status["CapBnd"], 16)


@ROOT
def test_a_reader_of_another_name_still_ends_with_who_started_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lockdown, "_is_for_all", lambda _: True)
    signal = ctypes.c_int()

    def confined() -> None:
        lockdown.end_with_parent(9)
        lockdown._leave_root()
        lockdown._libc.prctl(lockdown.PR_GET_PDEATHSIG, ctypes.byref(signal), 0, 0, 0)
        os.umask(signal.value)  # what a process can show to who looks from outside

    assert int(_status_of(confined)["Umask"], 8) == 9


def test_programs_are_for_all_only_where_anybody_can_come_to_them(tmp_path: Path) -> None:
    (file := tmp_path / "program").write_text("")
    file.chmod(0o755)
    tmp_path.chmod(0o700)
    assert not lockdown._is_for_all(str(file))
    assert lockdown._is_for_all("/bin/sh")


def _status_of(confine: Callable[[], None]) -> dict[str, str]:
    """What the kernel says of a process that has done this."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            confine()
            os.write(into, b"done")
            time.sleep(60)  # to be looked at
        finally:
            os._exit(0)
    os.close(into)
    try:
        assert os.read(out, 4) == b"done"
        return trial._status(child)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(out)


def test_the_numbers_of_allowed_calls_are_those_of_the_machine() -> None:
    header = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if platform.machine() != "x86_64" or not header.exists():
        pytest.skip("the kernel's header is not here")
    lines = (line.split() for line in header.read_text().splitlines())
    known = {each[1]: int(each[2]) for each in lines if len(each) == 3 and each[2].isdigit()}
    for name, (number, _) in calls.NUMBERS.items():
        assert known[f"__NR_{name}"] == number
