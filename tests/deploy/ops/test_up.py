"""`beleg up`: one command brings all of it up, Ctrl-C takes all of it down, nothing is lost."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.ops.sandbox import CASES
from tests.ports import free_ports

Where = dict[str, Any]


def command(data: Path, ports: list[int], *options: str) -> list[str]:
    web, api, metrics, *_ = map(str, ports)
    where = ["--data", str(data), "--web-port", web, "--api-port", api, "--metrics-port", metrics]
    return [sys.executable, "-m", "deploy.ops.cli", "up", "--json", *where, *options]


@contextmanager
def up(
    data: Path, ports: list[int], *options: str
) -> Iterator[tuple[subprocess.Popen[str], Where]]:
    """All of it, from its one line of JSON until it has been stopped as by Ctrl-C."""
    words = command(data, ports, *options)
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, "it ended without saying where it is"
            yield process, json.loads(line)
        finally:
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()
    assert rest == ""


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def child(pid: int, name: str) -> int:
    """The child whose program, or whose command of ours, is called so."""
    said = {each: Path(f"/proc/{each}/cmdline").read_text().split("\0") for each in children(pid)}
    return next(each for each, words in said.items() if name in (Path(words[0]).name, *words))


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
def test_all_comes_up_ends_with_ctrl_c_and_comes_back_with_its_data(tmp_path: Path) -> None:
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
        started = children(process.pid)
        assert len(started) == 4
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
        left = children(process.pid)
        process.kill()
        _eventually(lambda: all(gone(each) for each in left))
    with up(tmp_path, ports, "--no-demo") as (_, again):
        assert healthy(again)
        assert again["demo"] is None


def test_second_start_on_the_same_folder_says_who_holds_it(tmp_path: Path) -> None:
    with up(tmp_path, free_ports(5), "--no-demo"):
        said = _refusal(command(tmp_path, free_ports(5), "--no-demo"))
    assert f"{tmp_path / 'postgresql'} is in use by a running PostgreSQL" in said


def test_port_in_use_is_named_with_its_option(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_DATABASE_URL", database)
    ports = free_ports(5)
    with socket.create_server(("127.0.0.1", ports[1])):
        said = _refusal(command(tmp_path, ports, "--no-demo"))
    assert f"Port {ports[1]}" in said
    assert "--api-port" in said


def _refusal(words: list[str]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    return next(line for line in done.stderr.splitlines() if line.startswith("Error:"))


def _eventually(told: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not told():
        assert time.monotonic() < deadline
        time.sleep(0.05)
