"""What a real backend's measurements tell a release: its pages, and what its build calls itself."""

import asyncio
import os
import sys
from pathlib import Path

import httpx
import pytest

from bff import browser_errors, contract, static
from core import builds
from deploy.release.metrics import BUILD, PageCounters, build_name
from deploy.release.model import Addresses, Counters, Slot
from tests.ports import free_ports


async def until_ready(http: httpx.AsyncClient, place: str) -> None:
    """Wait until a process says that it is ready."""
    async with asyncio.timeout(60):
        while True:
            try:
                if (await http.get(f"http://{place}/readyz")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


async def test_pages_that_broke_in_browsers_are_read_from_a_backends_own_page(
    database: str, tmp_path: Path
) -> None:
    web, health, nobody = free_ports(3)
    words = (sys.executable, "-m", "deploy.ops.cli", "bff")
    process = await asyncio.create_subprocess_exec(
        *(*words, "--port", str(web), "--metrics-port", str(health)),
        env={
            "PATH": os.environ["PATH"],
            "BELEG_ENV": "test",
            "BELEG_DATABASE_URL": database,
            "BELEG_BLOB_URL": f"file://{tmp_path}",
            "BELEG_LOG_LEVEL": "ERROR",
        },
    )
    page_counters = PageCounters()
    place = Addresses(bff=(f"127.0.0.1:{web}",), health=(f"127.0.0.1:{health}",))
    own = f"{static.build_of(static.DIST, contract.fingerprint())}-{contract.fingerprint()}"
    said = {"kind": "error", "page": "/"}
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            await until_ready(http, place.health[0])
            assert (await page_counters({Slot.GREEN: place})).get("pages-green") is None
            for _ in range(3):
                await http.get(f"http://127.0.0.1:{web}/")
            for build in (own, own, "a tab of the build before"):
                there = f"http://127.0.0.1:{web}{browser_errors.PATH}"
                answer = await http.post(there, json={**said, "build": build})
                assert answer.status_code == 204, answer.text
        shown = 3 if (static.DIST / "index.html").is_file() else 0
        found = await page_counters({Slot.GREEN: place, Slot.BLUE: Addresses()})
        assert found == {"pages-green": Counters(shown, 2)}
        assert await build_name(place) == builds.named()
        gone = Addresses((), place.bff * 2, (*place.health, f"127.0.0.1:{nobody}"))
        assert await page_counters({Slot.GREEN: gone}) == found  # one is silent: that is no fall
        assert await build_name(Addresses(health=(f"127.0.0.1:{nobody}",))) == ""
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.unit
def test_a_builds_name_is_read_whatever_an_instance_is_called() -> None:
    line = 'build_info{beleg_instance="x\\",build=\\"y",build="0.3.0+9f",part="api"} 1.0'
    found = BUILD.search(f"# TYPE build_info gauge\n{line}\n")
    assert found
    assert found[1] == "0.3.0+9f"
