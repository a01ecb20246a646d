"""How a delivery leaves: signed as its version promises, and never to a place inside.

A name is looked up once and the connection goes to the very address that was checked, so that a
name cannot change its mind in between. Redirects are not followed: a 3xx is a failed attempt.
"""

import asyncio
import base64
import hashlib
import hmac
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

import httpx

from core.errors import Complaint, Invalid
from public_api.versions import Headers

SECONDS = 10.0
HEARD_BYTES = 64 * 1024
Address = IPv4Address | IPv6Address

# Through these an outside address reaches an IPv4 address that it carries within itself.
_TUNNELS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


@dataclass(frozen=True, slots=True)
class Reply:
    """How an attempt went: the receiver's status, or why there is none."""

    status: int | None
    problem: str | None = None

    @property
    def delivered(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300


def standard_signature(secrets: Sequence[bytes], id: str, timestamp: int, body: bytes) -> Headers:
    """The headers of Standard Webhooks; each secret signs, so that one can follow another."""
    signed = f"{id}.{timestamp}.".encode() + body
    digests = (hmac.digest(secret, signed, hashlib.sha256) for secret in secrets)
    signatures = " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
    return (
        ("webhook-id", id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", signatures),
    )


def body_signature(secret: bytes, body: bytes) -> Headers:
    """The header with the signature of the body alone, in hexadecimal."""
    return (("X-Signature", f"sha256={hmac.digest(secret, body, hashlib.sha256).hex()}"),)


def outside(address: Address) -> bool:
    """Whether an address is on the public internet, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return outside(address.ipv4_mapped)
        if address.is_site_local or any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def checked(url: str, *, plain: bool) -> SplitResult:
    """The URL in its parts; raises Invalid unless it is an http(s) address without credentials."""
    try:
        parts = urlsplit(url)
        fit = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise _refused("is no URL") from None
    if parts.scheme not in (("https", "http") if plain else ("https",)):
        raise _refused("must begin with https://")
    if not fit or not url.isascii() or not url.isprintable() or " " in url:
        raise _refused("must name a host")
    if "@" in parts.netloc or parts.fragment:
        raise _refused("must carry neither credentials nor a fragment")
    return parts


async def resolved(parts: SplitResult, *, inside: bool) -> Address:
    """The address that the host has now; raises Invalid if any of its addresses is inside."""
    loop, host = asyncio.get_running_loop(), parts.hostname or ""
    try:
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        # A zone (`fe80::1%eth0`) is of this machine only.
        addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    except (OSError, UnicodeError, ValueError):
        raise _refused("names a host that is not known") from None
    if not inside and not all(map(outside, addresses)):
        raise _refused("leads to an address that is not public")
    return addresses[0]


async def send(
    client: httpx.AsyncClient,
    url: str,
    headers: Headers,
    body: bytes,
    *,
    plain: bool,
    inside: bool,
) -> Reply:
    """Make one attempt; `client` must follow no redirects and trust no proxy of the environment."""
    try:
        async with asyncio.timeout(SECONDS):
            parts = checked(url, plain=plain)
            address = await resolved(parts, inside=inside)
            return await _posted(client, parts, address, headers, body)
    except Invalid as refusal:
        return Reply(None, refusal.complaints[0].detail)
    except TimeoutError:
        return Reply(None, f"no answer within {SECONDS:.0f} s")
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        return Reply(None, type(problem).__name__)


async def _posted(
    client: httpx.AsyncClient, parts: SplitResult, address: Address, headers: Headers, body: bytes
) -> Reply:
    target = httpx.URL(parts.geturl()).copy_with(host=str(address))
    host = parts.netloc
    said = {"Host": host, "Content-Type": "application/json", **dict(headers)}
    names = {"sni_hostname": parts.hostname}
    async with client.stream(
        "POST", target, headers=said, content=body, extensions=names, follow_redirects=False
    ) as answer:
        heard = 0
        async for chunk in answer.aiter_raw():
            heard += len(chunk)
            if heard >= HEARD_BYTES:
                break
        return Reply(answer.status_code)


def _refused(why: str) -> Invalid:
    return Invalid(Complaint("/url", f"url: {why}"))
