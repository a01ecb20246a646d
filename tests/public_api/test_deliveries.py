"""How a delivery leaves: to the address that was checked, under the name that was given."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

from core.ids import new_id
from core.webhooks import TEST, Attempt, DueDelivery
from public_api import deliveries
from public_api.addresses import Address, LookUp, Reach, look_up
from public_api.deliveries import MOST_RECEIVED_BYTES, sender
from public_api.v2.version import V2
from tests.certificates import self_signed
from tests.receiver import Receiver, receiving

HERE = [ip_address("127.0.0.1")]
ANYWHERE, OUTSIDE = Reach(plain=True, inside=True), Reach(plain=True, inside=False)
REFUSED = Attempt(None, "url: leads to an address that is not public")


def due(url: str) -> DueDelivery:
    """A test for an address."""
    now = datetime.now(UTC)
    return DueDelivery(
        new_id(), new_id(), new_id(), "v2", url, (b"secret",), None, TEST, now, {}, 0
    )


def leading(*answers: Sequence[Address]) -> tuple[LookUp, list[str]]:
    """A resolver that answers in turn, the last for ever; and what it was asked."""
    lookups: list[str] = []

    async def resolve(host: str) -> list[Address]:
        lookups.append(host)
        return list(answers[min(len(lookups), len(answers)) - 1])

    return resolve, lookups


async def attempt(url: str, reach: Reach = ANYWHERE, resolve: LookUp = look_up) -> Attempt:
    """How an attempt at an address goes."""
    async with sender(reach) as post:
        return await replace(post, look_up=resolve).deliver(V2, due(url), None)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "127.1", "localhost"])
async def test_no_spelling_of_an_inner_address_is_called(host: str) -> None:
    async with receiving() as receiver:
        assert await attempt(f"http://{host}:{receiver.port}/hook", OUTSIDE) == REFUSED
    assert receiver.requests == []


async def test_a_name_that_leads_inside_is_not_called() -> None:
    resolve, lookups = leading(HERE)
    async with receiving() as receiver:
        url = f"http://rebind.partner.test:{receiver.port}/"
        assert await attempt(url, OUTSIDE, resolve) == REFUSED
    assert lookups == ["rebind.partner.test"]
    assert receiver.requests == []


async def test_a_name_cannot_change_its_mind_between_check_and_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name is asked once, the connection goes to that very answer."""
    resolve, lookups = leading(HERE, [ip_address("192.0.2.1")])

    async with receiving() as receiver:
        loop = asyncio.get_running_loop()
        given = loop.getaddrinfo

        async def only_addresses(host: str, *rest: object, **named: object) -> object:
            ip_address(host)  # raises for a name
            return await given(host, *rest, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(loop, "getaddrinfo", only_addresses)
        done = await attempt(f"http://rebind.partner.test:{receiver.port}/", ANYWHERE, resolve)
    assert done == Attempt(204)
    assert lookups == ["rebind.partner.test"]
    assert receiver.requests[0].headers["host"] == f"rebind.partner.test:{receiver.port}"


async def test_a_host_is_reached_by_another_of_its_addresses() -> None:
    resolve, _ = leading([ip_address("::1"), *HERE])
    async with receiving() as receiver:
        assert await attempt(f"http://a.test:{receiver.port}/", ANYWHERE, resolve) == Attempt(204)


async def test_a_redirect_is_a_failed_attempt() -> None:
    async with receiving() as inside, receiving(Receiver(status=302)) as receiver:
        receiver.more = f"Location: {inside.url}\r\nContent-Length: 0\r\n".encode()
        assert await attempt(receiver.url) == Attempt(302)
    assert inside.requests == []


async def test_what_a_receiver_says_beyond_its_status_is_not_read_to_the_end() -> None:
    async with receiving(Receiver(status=200)) as receiver:
        receiver.more = (
            b"Content-Length: 1000000000\r\n\r\n" + b"x" * (MOST_RECEIVED_BYTES + 1) + b"\r\n"
        )
        assert await attempt(receiver.url) == Attempt(200)


async def test_a_receiver_that_never_answers_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "SECONDS", 0.2)
    async with receiving(Receiver(pause=asyncio.Event())) as receiver:
        assert await attempt(receiver.url) == Attempt(None, "no answer within 0 s")
        assert receiver.pause is not None
        receiver.pause.set()


async def test_nobody_listening_and_nobody_known_are_said_so() -> None:
    async with receiving() as receiver:
        pass
    assert await attempt(receiver.url) == Attempt(None, "ConnectError")
    unknown = Attempt(None, "url: names a host that is not known")
    assert await attempt("http://nobody.invalid/") == unknown


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as receiver, receiving() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert await attempt(receiver.url) == Attempt(204)
    assert proxy.requests == []


@asynccontextmanager
async def secure(folder: Path, name: str) -> AsyncIterator[tuple[Receiver, ssl.SSLContext]]:
    """A receiver whose certificate is of this name, and what trusts that certificate."""
    certificate, key = self_signed(name)
    (folder / "cert.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    async with receiving(context=server) as receiver:
        yield receiver, ssl.create_default_context(cafile=folder / "cert.pem")


async def test_a_certificate_must_be_of_the_name_that_was_given(tmp_path: Path) -> None:
    resolve, _ = leading(HERE)
    async with secure(tmp_path, "hooks.partner.test") as (receiver, trusting):
        async with sender(ANYWHERE, trusting) as given:
            post = replace(given, look_up=resolve)
            right = due(f"https://hooks.partner.test:{receiver.port}/")
            assert await post.deliver(V2, right, None) == Attempt(204)
            wrong = due(f"https://other.partner.test:{receiver.port}/")
            assert await post.deliver(V2, wrong, None) == Attempt(None, "ConnectError")
        known = f"https://hooks.partner.test:{receiver.port}/"
        assert await attempt(known, ANYWHERE, resolve) == Attempt(None, "ConnectError")
    assert len(receiver.requests) == 1
