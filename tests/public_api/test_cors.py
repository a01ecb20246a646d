"""Web pages of other origins: those that the operator named may call, all others may not."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from core.errors import Invalid
from core.settings import load
from public_api.app import VERSIONS, PublicApi
from tests.bff.browsing import over_http
from tests.builders import House, running

PAGE = "https://app.partner.example"
OTHER = "https://elsewhere.example"
SENT = "authorization, content-type, idempotency-key, if-match, if-none-match"
ASK = """async ([address, key]) => {
  try {
    const headers = {Authorization: `Bearer ${key}`, "Idempotency-Key": "k"};
    const answer = await fetch(address, {headers});
    const seen = (name) => answer.headers.get(name);
    return [answer.status, seen("Request-Id"), seen("RateLimit-Policy")];
  } catch (problem) {
    return problem.name;
  }
}"""


def preflight(origin: str, method: str) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": SENT,
    }


async def test_a_browser_may_ask_before_every_call_of_both_versions(
    database: str, tmp_path: Path
) -> None:
    async with running(database, tmp_path, cors_origins=f"{PAGE} http://localhost:3000") as house:
        for version in VERSIONS:
            for operation in version.operations:
                place = f"/{version.name}{operation.path}".replace("{id}", str(uuid4()))
                headers = preflight(PAGE, operation.method)
                answer = await house.http.request("OPTIONS", place, headers=headers)
                assert answer.status_code == 200, operation.name
                assert answer.headers["access-control-allow-origin"] == PAGE
                assert operation.method in answer.headers["access-control-allow-methods"]
                assert "Origin" in answer.headers["vary"]
                assert "access-control-allow-credentials" not in answer.headers
        refused = await house.http.request(
            "OPTIONS", "/v2/applications", headers=preflight(OTHER, "GET")
        )
        assert refused.status_code == 400
        assert refused.headers["beleg-version"] == "v2"
        assert "access-control-allow-origin" not in refused.headers


async def test_answers_and_refusals_may_be_read_by_the_pages_that_were_named(
    database: str, tmp_path: Path
) -> None:
    async with running(database, tmp_path, cors_origins=PAGE) as house:
        partner = await house.partner()
        for client, status in ((partner.http, 200), (house.http, 401)):
            answer = await client.get("/v2/applications", headers={"Origin": PAGE})
            assert answer.status_code == status
            assert answer.headers["access-control-allow-origin"] == PAGE
            assert "RateLimit" in answer.headers["access-control-expose-headers"]
        for origin in ({"Origin": OTHER}, {}):
            answer = await partner.http.get("/v2/applications", headers=origin)
            assert "access-control-allow-origin" not in answer.headers
            assert answer.headers["vary"] == "Origin"  # no cache may give it to another's page


async def test_without_a_word_from_the_operator_no_other_page_may_call(house: House) -> None:
    partner = await house.partner()
    answer = await partner.http.get("/v2/applications", headers={"Origin": PAGE})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    preflighted = await house.http.request(
        "OPTIONS", "/v2/applications", headers=preflight(PAGE, "GET")
    )
    assert preflighted.status_code == 405


@pytest.mark.unit
@pytest.mark.parametrize(
    "origin", ["*", "app.example", "https://app.example/", "https://App.example", "null"]
)
def test_what_is_no_origin_is_refused_at_the_start(origin: str) -> None:
    with pytest.raises(Invalid, match="BELEG_CORS_ORIGINS"):
        load({"BELEG_CORS_ORIGINS": f"https://app.example {origin}"})


@pytest.mark.browser
async def test_a_page_of_another_origin_calls_from_a_real_browser(
    database: str, tmp_path: Path, browser: Browser
) -> None:
    async def blank(_request: Any) -> HTMLResponse:
        return HTMLResponse("<title>Elsewhere</title>")

    pages = Starlette(routes=[Route("/", blank)])
    async with (
        over_http(pages) as named,
        over_http(pages) as unnamed,
        running(database, tmp_path, cors_origins=named) as house,
        over_http(PublicApi(house.settings)) as api,
    ):
        partner = await house.partner()
        page = await browser.new_page()
        await page.goto(named)
        result = await page.evaluate(ASK, [f"{api}/v2/applications", partner.key])
        assert result[0] == 200
        assert result[1]
        assert result[2].startswith('"minute"')
        assert (await page.evaluate(ASK, [f"{api}/v2/applications", "wrong"]))[0] == 401
        await page.goto(unnamed)
        assert await page.evaluate(ASK, [f"{api}/v2/applications", partner.key]) == "TypeError"
        await page.close()
