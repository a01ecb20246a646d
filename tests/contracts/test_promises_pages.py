"""What web pages of an origin that the operator named may read."""

from pathlib import Path

import pytest

from tests.builders import running
from tests.contracts.exchange import FOLDER, load

PAGE = "https://app.partner.example"
SAFELISTED = {"cache-control", "content-language", "content-length", "content-type"}
"""A page may read these of any answer (the Fetch standard's safelist)."""
NOT_FOR_PAGES = {"vary", "x-content-type-options"}
"""For caches, and for the browser itself."""


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_page_may_read_every_header_that_was_ever_recorded(
    database: str, tmp_path: Path, version: str
) -> None:
    """Whatever a recorded answer bears beside what any page may read."""
    recorded = {
        line.partition(":")[0]
        for file in (FOLDER / version).glob("*.json")
        for exchange in load(file)
        if not exchange.ask.line.startswith("RECEIVE")
        for line in exchange.reply.headers
    }
    async with running(database, tmp_path, cors_origins=PAGE) as house:
        answer = await house.http.get(f"/{version}/applications", headers={"Origin": PAGE})
    exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
    assert recorded - SAFELISTED - NOT_FOR_PAGES <= set(exposed)
    assert "retry-after" in recorded
