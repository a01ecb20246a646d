"""Where a call comes from: what so many proxies of ours have seen, and never what a caller says."""

from typing import Any

import pytest

from core.access_log import AccessLog

pytestmark = pytest.mark.unit


async def client_of(hops: int, *said: str) -> str:
    """Whom a face takes the caller to be."""
    seen: list[Any] = []

    async def face(scope: Any, _receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def nothing(*_: Any) -> Any:
        return None

    scope = {
        "type": "http",
        "method": "GET",
        "client": ("10.0.0.1", 4711),
        "headers": [(b"x-forwarded-for", each.encode()) for each in said],
    }
    await AccessLog(face, "public_api", hops)(scope, nothing, nothing)
    return str(seen[0])


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
