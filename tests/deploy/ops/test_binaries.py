"""PostgreSQL's programs run for an account that may not enter the folder they were installed in."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.ops import binaries
from deploy.ops.account import ServerAccount

NOBODY = ServerAccount(65534, 65534, borrowed=True)


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache that every account can enter, which pytest's own temporary folders are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(binaries, "CACHE", Path(folder) / "cache")
        yield Path(folder) / "cache"


@pytest.mark.unit
def test_folder_that_only_its_owner_may_enter_is_out_of_reach(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.touch(mode=0o755)
    tmp_path.chmod(0o700)
    assert not NOBODY.reaches(program)


@pytest.mark.unit
def test_one_reaches_what_one_installed_oneself(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert ServerAccount(os.geteuid(), os.getegid(), borrowed=False).reaches(tmp_path / "program")


def test_copy_runs_and_is_made_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ServerAccount, "reaches", lambda *_: False)
    programs = binaries.locate(ServerAccount.fit())
    assert cache in programs.parents
    command = (programs / "postgres", "--version")
    printed = subprocess.run(
        command, capture_output=True, text=True, check=True, **ServerAccount.fit().identity()
    )
    assert printed.stdout.startswith("postgres (PostgreSQL)")
    assert binaries.locate(ServerAccount.fit()) == programs
    assert len(list(cache.iterdir())) == 1
