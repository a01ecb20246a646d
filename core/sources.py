"""From where somebody comes, as far as they cannot change it at will."""

from ipaddress import IPv6Address, ip_address, ip_network

ONE_PERSONS_NETWORK = 64
"""So many bits of an IPv6 address say whose it is; of the others, whoever has it has all."""


def source_of(address: str | None) -> str:
    """Whom an address is of: its own, or the network of an IPv6 one; empty where it is none."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), ONE_PERSONS_NETWORK), strict=False))
    return str(found)
