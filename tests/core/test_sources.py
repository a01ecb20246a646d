"""Whoever has an address is one source, however many of them they have."""

import pytest

from core.sources import source_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", ""),
        (None, ""),
    ],
)
def test_a_source_is_whoever_has_the_address(address: str | None, source: str) -> None:
    assert source_of(address) == source
