"""`beleg up`: one command brings all of it up, Ctrl-C takes all of it down, nothing is lost."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.ops.plan import Plan, Ports, banner
from deploy.ops.sandbox import CASES
from deploy.release.model import Part, Slot
from deploy.release.slots import SlotFolder
from tests import warm
from tests.ports import free_ports

Where = dict[str, Any]


def command(data: Path, ports: list[int], *options: str) -> list[str]:
    web, api, metrics, *_ = map(str, ports)
    where = ["--data", str(data), "--web-port", web, "--api-port", api, "--metrics-port", metrics]
    return [sys.executable, "-m", "deploy.ops.cli", "up", "--json", *where, *options]


@contextmanager
def up(
    data: Path, ports: list[int], *options: str, as_installed: bool = False
) -> Iterator[tuple[subprocess.Popen[str], Where]]:
    """All of it, from its one line of JSON until it has been stopped as by Ctrl-C."""
    words = command(data, ports, *options)
    if as_installed:  # all that it starts is then started as on an operator's machine
        words = [str(Path(sys.executable).with_name("beleg")), *words[3:]]
    with (
        terminal(data).open("w") as stderr,
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, "it ended without saying where it is"
            yield process, json.loads(line)
        finally:
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()
    assert rest == ""


def terminal(data: Path) -> Path:
    """What its last start has shown on standard error."""
    return data.with_suffix(".terminal")


def log(data: Path, part: str) -> Path:
    return data / "logs" / f"{part}.log"


def children(pid: int) -> list[int]:
    """What it has started, but for the tests' own process that commands are forked from."""
    each = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return [child for child in each if warm.SERVER not in command_line(child)]


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except FileNotFoundError:  # it has ended meanwhile
        return [""]


def child(pid: int, name: str) -> int:
    """The child whose program, or whose command of ours, is called so."""
    command_lines = {each: command_line(each) for each in children(pid)}
    return next(
        each for each, words in command_lines.items() if name in (Path(words[0]).name, *words)
    )


def healthy(where: Where) -> bool:
    try:
        return all(
            httpx.get(f"{url}/readyz").status_code == 200 for url in where["metrics"].values()
        )
    except httpx.TransportError:
        return False


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def submit(where: Where) -> httpx.Response:
    return httpx.post(
        f"{where['api']}/v2/applications",
        headers={"Authorization": f"Bearer {where['demo']['api_key']}"},
        json={
            "product": "loan",
            "applicant": {"legal_name": "Nordlicht Werkzeugbau GmbH", "country": "DE"},
            "amount": {"value": "250000.00", "currency": "EUR"},
            "term_months": 60,
        },
    )


@pytest.mark.long
def test_all_comes_up_once_a_folder_ends_with_ctrl_c_and_comes_back_with_its_data(
    tmp_path: Path,
) -> None:
    ports = free_ports(5)
    with up(tmp_path, ports) as (process, where):
        assert where["metrics"] == {
            part: f"http://127.0.0.1:{ports[2] + offset}"
            for offset, part in enumerate(("api", "bff", "worker"))
        }
        assert healthy(where)
        assert httpx.get(where["web"]).headers["content-type"].startswith("text/html")
        test_key = {"Authorization": f"Bearer {where['demo']['test_key']}"}
        sandbox = httpx.get(f"{where['api']}/v1/applications", headers=test_key).json()
        assert {each["reference"] for each in sandbox["items"]} == set(CASES)
        made = submit(where)
        assert made.status_code == 201, made.text
        assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
        parts = ["api", "backfill", "bff", "migrate", "postgresql", "seed", "up", "worker"]
        assert sorted(Path(where["logs"]).iterdir()) == [log(tmp_path, each) for each in parts]
        assert stat.S_IMODE(Path(where["logs"]).stat().st_mode) == 0o700
        assert {stat.S_IMODE(log(tmp_path, each).stat().st_mode) for each in parts} == {0o600}
        assert made.headers["Request-Id"] in log(tmp_path, "api").read_text()
        assert "Making up the demo lender ... " in terminal(tmp_path).read_text()
        assert '"event"' not in terminal(tmp_path).read_text()
        started = children(process.pid)
        assert len(started) == 4
        before = log(tmp_path, "up").read_text()
        refusal = _refusal(command(tmp_path, free_ports(5), "--no-demo"))
        assert f"{tmp_path / 'postgresql'} is in use by a running PostgreSQL" in refusal
        assert log(tmp_path, "up").read_text() == before
    assert process.returncode == 0
    assert all(gone(each) for each in started)

    with up(tmp_path, ports) as (_, again):
        assert again["demo"] == where["demo"]
        found = httpx.get(
            f"{again['api']}/v2/applications/{made.json()['id']}",
            headers={"Authorization": f"Bearer {again['demo']['api_key']}"},
        )
        assert found.status_code == 200
        assert found.json() == made.json()


@pytest.mark.long
def test_what_is_killed_comes_back_and_all_ends_with_a_killed_parent(tmp_path: Path) -> None:
    ports = free_ports(5)
    with up(tmp_path, ports, "--no-demo") as (process, where):
        for part in ("api", "worker", "postgres"):
            killed = child(process.pid, part)
            os.kill(killed, signal.SIGKILL)
            _eventually(partial(gone, killed))
            _eventually(lambda: len(children(process.pid)) == 4 and healthy(where))
        for part in ("api", "worker", "postgresql"):
            crash = terminal(tmp_path).read_text().partition(f" {part} was ended by SIGKILL.")[2]
            assert crash.splitlines()[1] == f"  Its last lines, out of {log(tmp_path, part)}:"
            assert f" {part} was started again.\n" in crash
        assert '"part_crashed"' in log(tmp_path, "up").read_text()
        left = children(process.pid)
        process.kill()
        _eventually(lambda: all(gone(each) for each in left))
    with up(tmp_path, ports, "--no-demo", "--verbose") as (_, again):
        assert healthy(again)
        assert again["demo"] is None
    started = '{"event":"Application startup complete."'
    for part in ("api", "bff"):
        lines = log(tmp_path, part).read_text().splitlines()
        assert next(line for line in lines if started in line), part
        assert lines[-1] in terminal(tmp_path).read_text()


def test_port_in_use_is_named_with_its_option(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_DATABASE_URL", database)
    ports = free_ports(5)
    with socket.create_server(("127.0.0.1", ports[1])):
        refusal = _refusal(command(tmp_path, ports, "--no-demo"))
    assert f"Port {ports[1]}" in refusal
    assert "--api-port" in refusal


def test_part_that_fails_shows_its_last_lines_and_names_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    shown = _failure(command(tmp_path, free_ports(5), "--no-demo"))
    assert f"  Its last lines, out of {log(tmp_path, 'migrate')}:\n" in shown
    assert "  | Error: The database is not reachable" in shown
    assert "Error: beleg migrate failed; its last lines above say why.\n" in shown
    assert '"gave_up"' in log(tmp_path, "up").read_text()


def test_banner_says_where_everything_is_and_how_to_get_in_and_out(tmp_path: Path) -> None:
    plan = Plan(
        tmp_path, "0.0.0.0", Ports(80, 81, 82), demo=True, database_url="", log_level="INFO"
    )
    plan.secrets.write_text(
        '{"user": "dana", "password": "secret", "api_key": "k", "test_key": "t"}'
    )
    text = banner(plan)
    for each in ("http://127.0.0.1:80", "http://127.0.0.1:81", "http://127.0.0.1:81/docs"):
        assert f" {each}\n" in text
    assert "dana with secret" in text
    assert f" {plan.logs}," in text
    assert "Ctrl-C" in text


def _refusal(words: list[str]) -> str:
    return next(line for line in _failure(words).splitlines() if line.startswith("Error:"))


def _failure(words: list[str]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


def _eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.long
def test_behind_an_edge_all_of_it_is_ready_for_a_release(tmp_path: Path) -> None:
    ports = [*free_ports(2), *free_ports(6)]
    slots = SlotFolder(tmp_path / "slots")
    with up(tmp_path, ports, "--no-demo", "--edge", as_installed=True) as (process, where):
        blue = slots.read(Slot.BLUE)
        assert blue is not None
        assert set(blue.parts) == set(Part)
        assert httpx.get(where["web"]).headers["set-cookie"].startswith("beleg-edge=")
        assert httpx.get(f"{where['api']}/v2/applications").status_code == 401
        config = tomllib.loads(Path(where["release"]).read_text())
        assert config["edge"]["admin"] == where["edge"].removeprefix("http://")
        assert config["environment"]["BELEG_TRUSTED_HOPS"] == "1"
        assert stat.S_IMODE(Path(where["release"]).stat().st_mode) == 0o600

        os.kill(blue.parts[Part.API].pid, signal.SIGKILL)
        _eventually(lambda: _pid(slots, Part.API) not in (None, blue.parts[Part.API].pid))
        _eventually(lambda: httpx.get(f"{where['api']}/v2/applications").status_code == 401)
        os.kill(child(process.pid, "envoy"), signal.SIGKILL)
        _eventually(lambda: "edge was started again." in terminal(tmp_path).read_text())
        # A release ends a part: it stays away, and all else goes on.
        os.kill(blue.parts[Part.WORKER].pid, signal.SIGTERM)
        _eventually(lambda: '"part_let_go"' in log(tmp_path, "up").read_text())
        _eventually(lambda: _pid(slots, Part.WORKER) is None)
        started = children(process.pid)
    assert all(gone(each) for each in started)
    assert slots.written(Slot.BLUE) is None


def _pid(slots: SlotFolder, part: Part) -> int | None:
    record = slots.read(Slot.BLUE)
    return record.parts[part].pid if record and part in record.parts else None
