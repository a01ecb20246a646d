"""Where a delivery may go: never to a place inside, however its address is written."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from core.errors import Complaint, Invalid
from core.settings import Environment, Settings

Address = IPv4Address | IPv6Address
LookUp = Callable[[str], Awaitable[list[Address]]]
LONGEST_URL = 2000
FIRST_FREE_PORT = 1024
"""The ports below are of other services, such as mail, that must not be spoken to by accident."""

# Through these an outside address reaches an IPv4 address that it carries within itself.
_TUNNELS = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be reached: over plain http too, and inside too."""

    plain: bool
    inside: bool

    @classmethod
    def of(cls, settings: Settings) -> "Reach":
        """What an instance may reach."""
        plain = settings.env in (Environment.DEVELOPMENT, Environment.TEST)
        return cls(plain, settings.webhook_allow_private)


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.is_site_local or any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def check_url(url: str, reach: Reach) -> SplitResult:
    """The URL in its parts; raises Invalid for one that nothing may be sent to.

    What its name leads to is not asked here: that may change, and counts when something is sent.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise url_refusal("is no URL") from None
    if parts.scheme not in (("https", "http") if reach.plain else ("https",)):
        raise url_refusal("must begin with https://")
    if not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
        raise url_refusal("must name a host, in ASCII")
    if len(url) > LONGEST_URL:
        raise url_refusal(f"may have at most {LONGEST_URL} characters")
    if "@" in parts.netloc or "\\" in url or parts.fragment:
        raise url_refusal("must carry neither credentials nor a fragment")
    usual = (443, 80) if reach.plain else (443,)
    if port is not None and port < FIRST_FREE_PORT and port not in usual:
        raise url_refusal(f"may name port 443, or one from {FIRST_FREE_PORT}")
    literal = _literal(parts.hostname)
    if literal is not None:
        require_public([literal], reach)
    return parts


def require_public(addresses: list[Address], reach: Reach) -> None:
    """Raise Invalid if any of these is inside, and that may not be reached."""
    if not reach.inside and not all(map(is_public, addresses)):
        raise url_refusal("leads to an address that is not public")


async def look_up(host: str) -> list[Address]:
    """The addresses that a host has now; raises Invalid where it has none."""
    try:
        infos = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        # A zone (`fe80::1%eth0`) is of this machine only.
        return [ip_address(str(each[4][0]).partition("%")[0]) for each in infos]
    except (OSError, UnicodeError, ValueError):
        raise url_refusal("names a host that is not known") from None


def url_refusal(rule: str) -> Invalid:
    """The refusal of a URL."""
    return Invalid(Complaint("/url", f"url: {rule}"))


def _literal(host: str) -> Address | None:
    """The address that a host spells out, in any of the ways in which it can be written."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))  # 2130706433, 0x7f.1, 0177.0.0.1
    except OSError:
        return None
