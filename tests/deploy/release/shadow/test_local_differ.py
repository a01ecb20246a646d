"""The differ as an operator has it: a process that a crash of anybody's does not make forget."""

import os
import signal
from pathlib import Path

import httpx

from deploy.release.shadow.local import LocalDiffer, is_held, written
from public_api.app import PublicApi
from tests.builders import House
from tests.deploy.ops.test_steering import beleg
from tests.deploy.release.shadow.conftest import listening, shadow_settings
from tests.migrations.accident import eventually


async def test_a_differ_that_was_killed_comes_back_to_its_place_with_what_it_had_found(
    house: House, read_only: str, tmp_path: Path
) -> None:
    partner = await house.partner()
    case = await partner.submit()
    await house.api.ready()
    folder = tmp_path / "shadow"
    async with listening(PublicApi(shadow_settings(house, read_only))) as shadow:
        differ = LocalDiffer(folder, [shadow], [shadow])
        address = await differ.start()
        try:
            assert await LocalDiffer(folder, [shadow], [shadow]).start() == address
            await _mirrored(address, partner.key, f"/v2/applications/{case}")

            async def compared() -> bool:
                return (await differ.report()).compared == 1

            await eventually(compared, 60)
            place = written(folder)
            assert place is not None
            os.kill(place.pid, signal.SIGKILL)

            async def let_go() -> bool:
                return not is_held(folder)

            await eventually(let_go, 60)
            assert (await differ.report()).compared == 1
            assert await differ.start() == address
            await _mirrored(address, partner.key, "/v2/applications")

            async def goes_on() -> bool:
                return (await differ.report()).compared == 2

            await eventually(goes_on, 60)
        finally:
            await differ.stop()
    assert not is_held(folder)
    summary = await differ.report()
    assert (summary.mirrored, summary.compared, summary.differences) == (2, 2, ())
    assert "POST /v2/applications: never mirrored" in summary.uncovered
    said = await beleg(house, "release", "shadow-report", "--folder", str(folder))
    assert "# Shadow: no difference" in said.output
    made = await beleg(house, "release", "shadow-role")
    assert "reads all data and can do nothing else" in made.output


async def _mirrored(address: str, key: str, path: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=f"http://{address}", headers=headers) as http:
        assert (await http.get(path)).status_code == 204


async def test_only_the_api_can_be_a_shadow(house: House) -> None:
    for part in ("worker", "bff"):
        said = await beleg(house, part, BELEG_SHADOW="true")
        assert said.exit_code == 1
        assert "only the API can be a shadow" in said.output
