"""Breaks of how an answer is said: statuses, headers, codes."""

from tests.attack.breaks import Break

ANSWERS = (
    Break(
        "the code of a refused network is renamed",
        "a client that tells its operator to use the VPN at address_refused",
        "core/clients.py",
        'code="address_refused"',
        'code="network_refused"',
    ),
    Break(
        "an app's compatibility may not be kept",
        "an app that starts without a network and asks its cache",
        "public_api/compatibility.py",
        '"public, max-age=300"',
        '"no-store"',
    ),
)
