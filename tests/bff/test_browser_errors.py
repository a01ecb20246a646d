"""What browsers say of pages that failed: counted by build, and nothing else is taken."""

from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest

from bff import browser_errors, contract
from tests.bff.conftest import Screen, built, screen
from tests.builders import House

SAID = {"build": "b1-x", "kind": "error", "page": "/cases/{id}"}


def counted(build: str) -> float:
    """How many failures are on the page of measurements for a build."""
    wanted = f'browser_errors_total{{build="{build}"}} '
    for line in generate_latest().decode().splitlines():
        if line.startswith(wanted):
            return float(line.removeprefix(wanted))
    return 0.0


async def test_a_page_that_failed_is_counted_for_its_build_without_a_session(
    house: House, tmp_path: Path
) -> None:
    own = f"b1-{contract.fingerprint()}"
    async with screen(house, built(tmp_path / "web", contract.fingerprint())) as browser:
        before, others = counted(own), counted("other")
        assert (await post(browser, {**SAID, "build": own})).status_code == 204
        assert (await post(browser, {**SAID, "build": "made up"})).status_code == 204
        assert (counted(own), counted("other")) == (before + 1, others + 1)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {**SAID, "kind": "Muster GmbH"},
        {**SAID, "page": "/cases/01a20bcf-68b4-77c5-bab0-03016ef9e8c7"},
        {**SAID, "build": "b" * 101},
        [SAID],
    ],
)
async def test_what_could_tell_of_a_person_is_not_taken(stranger: Screen, said: Any) -> None:
    assert (await post(stranger, said)).status_code == 422


async def test_a_long_report_and_another_sites_are_refused(stranger: Screen) -> None:
    assert (await post(stranger, {**SAID, "stack": "x" * 2000})).status_code == 413
    plain = await stranger.http.post(
        browser_errors.PATH, content=b"{}", headers={"Content-Type": "text/plain"}
    )
    assert plain.status_code == 422


async def test_reports_without_end_are_counted_up_to_a_bound(stranger: Screen) -> None:
    before = counted("other")
    for _ in range(browser_errors.MOST + 5):
        await post(stranger, SAID)
    assert counted("other") == before + browser_errors.MOST


async def post(browser: Screen, said: Any) -> Any:
    """What the server answers to a report."""
    return await browser.http.post(browser_errors.PATH, json=said)
