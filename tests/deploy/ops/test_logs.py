"""A part's log keeps what it is told, within bounds and for its owner only."""

import os
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from deploy.ops import logs
from deploy.ops.logs import LogFile
from deploy.ops.program import Program, halted
from deploy.ops.supervisor import Supervisor

pytestmark = pytest.mark.unit

BUSY = "i=0; while [ $i -lt 50000 ]; do echo $i; i=$((i+1)); done"


def test_log_and_its_folder_are_their_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "api.log"
    LogFile(path).begin().close()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    LogFile(path).begin().close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_runs_follow_each_other_and_the_last_lines_are_the_last_runs(tmp_path: Path) -> None:
    for number in (1, 2):
        log = LogFile(tmp_path / "api.log")
        with log.begin() as out:
            out.write(b"a line\nrun %d\n" % number)
    assert log.last(10) == ["a line", "run 2"]
    assert log.last(1) == ["run 2"]
    assert log.path.read_text() == "a line\nrun 1\na line\nrun 2\n"


def test_lines_are_read_once_they_are_whole(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "api.log")
    with log.begin() as out:
        out.write("one\ntw\u2028".encode())
        out.flush()
        assert log.fresh() == ["one"]
        out.write(b"o\n")
        out.flush()
        assert log.fresh() == ["tw\u2028o"]
        assert log.fresh() == []


def test_long_log_is_put_aside_while_it_is_written_and_the_oldest_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LIMIT_BYTES", 20)
    monkeypatch.setattr(logs, "OLDER", 2)
    log, read = LogFile(tmp_path / "api.log"), list[str]()
    with log.begin() as out:
        for number in range(12):
            out.write(b"line %04d\n" % number)
            out.flush()
            read += log.fresh()
            log.bound()
    assert read == [f"line {number:04}" for number in range(12)]
    files = [tmp_path / name for name in ("api.log.2", "api.log.1", "api.log")]
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    left = "".join(each.read_text() for each in files).splitlines()
    assert left == read[-len(left) :]
    assert len(left) >= 6


def test_log_is_kept_whole_where_the_disk_is_too_full_to_put_it_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LIMIT_BYTES", 20)
    monkeypatch.setattr("shutil.copyfileobj", _full)
    log = LogFile(tmp_path / "api.log")
    with log.begin() as out:
        out.write(b"line\n" * 10)
    older = tmp_path / "api.log.1"
    older.write_text("older\n")
    log.bound()
    assert log.path.read_text() == "line\n" * 10
    assert older.read_text() == "older\n"
    assert sorted(tmp_path.iterdir()) == [log.path, older]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when a child stands still")
def test_nothing_is_lost_while_a_busy_parts_log_is_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LIMIT_BYTES", 2000)
    monkeypatch.setattr(logs, "OLDER", 200)
    log, read = LogFile(tmp_path / "api.log"), list[str]()
    with log.begin() as out, subprocess.Popen(("sh", "-c", BUSY), stdout=out) as part:
        log.halted = partial(halted, part)
        while part.poll() is None:
            read += log.fresh()
            log.bound()
    read += log.fresh()
    files = sorted(tmp_path.iterdir(), key=lambda each: -int(each.suffix[1:].replace("log", "0")))
    assert len(files) > 2
    assert "".join(each.read_text() for each in files).split() == [str(n) for n in range(50_000)]
    assert read == [str(n) for n in range(50_000)]


@pytest.mark.thorough
def test_log_that_is_too_long_already_is_put_aside_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LIMIT_BYTES", 20)
    (tmp_path / "settings.log").write_text("line\n" * 10)
    program = Program("settings", environ=os.environ, log=LogFile(tmp_path / "settings.log"))
    Supervisor().finish(program)
    assert (tmp_path / "settings.log.1").read_text() == "line\n" * 10
    assert "BELEG_DATABASE_URL" in (tmp_path / "settings.log").read_text()


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")
