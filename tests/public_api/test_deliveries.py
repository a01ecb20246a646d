"""Deliveries: signatures that a stranger can verify, and no way to a place inside."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

import httpx
import pytest

from core.errors import Invalid
from public_api import deliveries
from public_api.deliveries import Reply, body_signature, checked, outside, standard_signature

BODY = b'{"type":"document.read"}'


@asynccontextmanager
async def receiver(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server on this machine that gives one answer to all; its URL, and what it heard."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heard.append(head + await reader.readexactly(len(BODY)))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://localhost:{server.sockets[0].getsockname()[1]}/hook", heard


async def attempt(url: str, *, inside: bool = True, plain: bool = True) -> Reply:
    async with httpx.AsyncClient(trust_env=False) as client:
        signed = standard_signature([b"s"], "msg", 1, BODY)
        return await deliveries.send(client, url, signed, BODY, plain=plain, inside=inside)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "::1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::ffff:10.0.0.1", "fe80::1",
        "fc00::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "fd00:ec2::254",
    ],
)  # fmt: skip
def test_an_address_inside_is_known_as_one(address: str) -> None:
    assert not outside(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_let_through(address: str) -> None:
    assert outside(ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"]
)
async def test_no_spelling_of_an_inner_address_is_called(host: str) -> None:
    reply = await attempt(f"http://{host}/hook", inside=False)
    assert reply == Reply(None, "url: leads to an address that is not public")


@pytest.mark.parametrize(
    "url",
    ["ftp://a.test/", "https://", "https://u:p@a.test/", "https://a.test:99999/", "https://a b/"],
)
def test_what_is_no_address_for_deliveries_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        checked(url, plain=True)


def test_production_sends_over_https_only() -> None:
    with pytest.raises(Invalid):
        checked("http://a.test/", plain=False)


async def test_a_receiver_gets_the_body_under_its_own_name() -> None:
    async with receiver(b"HTTP/1.1 204 No Content\r\n\r\n") as (url, heard):
        assert (await attempt(url)).delivered
    assert BODY in heard[0]
    assert b"host: localhost:" in heard[0].lower()


async def test_a_redirect_is_not_followed() -> None:
    there = b"HTTP/1.1 307 Go\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    async with receiver(there) as (url, heard):
        assert await attempt(url) == Reply(307)
    assert len(heard) == 1


def test_both_secrets_sign_while_one_follows_the_other() -> None:
    said = dict(standard_signature([b"new", b"old"], "msg_1", 1780272000, BODY))
    for secret, signature in zip(
        (b"new", b"old"), said["webhook-signature"].split(" "), strict=True
    ):
        digest = hmac.new(secret, b"msg_1.1780272000." + BODY, hashlib.sha256).digest()
        assert signature == f"v1,{base64.b64encode(digest).decode()}"


def test_the_old_signature_is_of_the_body_alone() -> None:
    digest = hmac.new(b"s", BODY, hashlib.sha256).hexdigest()
    assert body_signature(b"s", BODY) == (("X-Signature", f"sha256={digest}"),)
