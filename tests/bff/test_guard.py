"""What holds for every call, whatever it asks for."""

import httpx
import pytest
from starlette.responses import PlainTextResponse

from bff.guard import Guard

pytestmark = pytest.mark.unit

WEB = httpx.AsyncClient(
    transport=httpx.ASGITransport(Guard(PlainTextResponse("fine"), "b2-c1", "c1")),
    base_url="http://web.test",
)
OURS = {"X-Beleg": "1"}


async def test_a_call_without_our_header_is_refused() -> None:
    assert (await WEB.get("/bff/inbox")).status_code == 403
    assert (await WEB.post("/bff/session", headers={"X-Beleg": "2"})).status_code == 403
    assert (await WEB.get("/bff/inbox", headers=OURS)).text == "fine"


async def test_a_page_needs_no_header() -> None:
    assert (await WEB.get("/cases/1")).text == "fine"


async def test_every_response_names_the_build_and_is_hardened() -> None:
    for path, headers in (("/", {}), ("/bff/inbox", {}), ("/bff/inbox", OURS)):
        answer = await WEB.get(path, headers=headers)
        assert answer.headers["Beleg-Build"] == "b2-c1"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self';" in answer.headers["Content-Security-Policy"]


async def test_another_build_of_the_same_contract_is_answered() -> None:
    assert (await WEB.get("/bff/inbox", headers={**OURS, "Beleg-Build": "b1-c1"})).text == "fine"


@pytest.mark.parametrize("build", ["b1-c0", "nonsense", ""])
async def test_a_build_of_another_contract_is_told_to_reload(build: str) -> None:
    answer = await WEB.get("/bff/inbox", headers={**OURS, "Beleg-Build": build})
    assert answer.status_code == 409
    assert answer.json() == {"reload": True}
