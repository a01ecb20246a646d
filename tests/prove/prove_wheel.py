"""The wheel, as somebody without the repository has it: installed from the lock, and run."""

import json
import os
import signal
import subprocess
import venv
from pathlib import Path

import httpx

from tests import wheel
from tests.ports import free_ports
from tests.wheel import ROOT


def test_an_empty_folder_and_the_wheel_are_all_that_is_needed(tmp_path: Path) -> None:
    built = wheel.build(tmp_path)
    (tmp_path / "again").mkdir()
    assert wheel.build(tmp_path / "again").read_bytes() == built.read_bytes(), "not the same twice"
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    pip = (home / "bin/python", "-m", "pip", "install", "--quiet")
    subprocess.run((*pip, "--require-hashes", "-r", ROOT / "requirements.lock"), check=True)
    subprocess.run((*pip, "--no-deps", built), check=True)
    folder = tmp_path / "empty"
    folder.mkdir()
    web, api, metrics, *_ = free_ports(5)
    places = ("--web-port", str(web), "--api-port", str(api), "--metrics-port", str(metrics))
    with subprocess.Popen(
        (home / "bin/beleg", "up", "--json", *places),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            where = json.loads(process.stdout.readline())
            page = httpx.get(where["web"])
            assert "<script" in page.text, "the web app is not in it"
            assert httpx.get(f"{where['api']}/docs").status_code == 200
            assert httpx.get(f"{where['api']}/v2/openapi.json").status_code == 200
            key = {"Authorization": f"Bearer {where['demo']['api_key']}"}
            listed = httpx.get(f"{where['api']}/v2/applications", headers=key)
            assert listed.json()["data"], "the demo lender's cases"
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 0
