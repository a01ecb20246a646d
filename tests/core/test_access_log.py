"""Where a call comes from: what so many proxies of ours have seen, and never what a caller says."""

from typing import Any

import pytest

from core.access_log import AccessLog

pytestmark = pytest.mark.unit


async def client_of(hops: int, *said: str) -> str:
    """Whom a face takes the caller to be."""
    headers = [(b"x-forwarded-for", each.encode()) for each in said]
    return str((await seen(hops, headers))["client"][0])


async def seen(hops: int, headers: list[tuple[bytes, bytes]]) -> Any:
    """A request as a face sees it."""
    shown: list[Any] = []

    async def face(scope: Any, _receive: Any, send: Any) -> None:
        shown.append(scope)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def nothing(*_: Any) -> Any:
        return None

    scope = {
        "type": "http",
        "method": "GET",
        "client": ("10.0.0.1", 4711),
        "headers": headers,
    }
    await AccessLog(face, "public_api", hops)(scope, nothing, nothing)
    return shown[0]


@pytest.mark.parametrize(
    ("hops", "said", "client"),
    [
        (0, ["203.0.113.9"], "10.0.0.1"),
        (1, ["203.0.113.9"], "203.0.113.9"),
        (1, ["198.51.100.7, 203.0.113.9"], "203.0.113.9"),
        (2, ["198.51.100.7, 203.0.113.9"], "198.51.100.7"),
        (2, ["192.0.2.1, 198.51.100.7 ", "203.0.113.9"], "198.51.100.7"),
        (1, ["2001:db8::1"], "2001:db8::1"),
        # It did not come by all of them, or what they say is none: nobody is believed.
        (2, ["203.0.113.9"], "10.0.0.1"),
        (1, [], "10.0.0.1"),
        (1, ["unknown"], "10.0.0.1"),
        (1, [""], "10.0.0.1"),
    ],
)
async def test_so_many_proxies_are_believed_and_not_one_more(
    hops: int, said: list[str], client: str
) -> None:
    assert await client_of(hops, *said) == client


async def test_what_the_edge_calls_a_request_its_log_is_found_by_and_so_is_ours() -> None:
    """Without hyphens, as ids of ours are; the caller's own comes first."""
    edges = (b"x-request-id", b"f47d4b07-a473-4faa-ba7c-3d103fe5ead9")
    callers = (b"request-id", b"mine-to-find")
    assert (await seen(1, [edges]))["state"]["request_id"] == "f47d4b07a4734faaba7c3d103fe5ead9"
    assert (await seen(1, [edges, callers]))["state"]["request_id"] == "mine-to-find"
    assert "f47d4b07" not in (await seen(0, [edges]))["state"]["request_id"]
    other = (b"x-request-id", b"a" * 36)
    assert "aaaaaaaa" not in (await seen(1, [other]))["state"]["request_id"]
