"""Where a delivery may go: nowhere inside, in whatever way that is written."""

from ipaddress import ip_address

import pytest

from core.errors import Invalid
from core.settings import Environment, Settings
from public_api.addresses import Reach, check_url, is_public, require_public

pytestmark = pytest.mark.unit
PRODUCTION = Reach(plain=False, inside=False)
TRYING = Reach(plain=True, inside=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "::1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "100.100.100.200", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "192.0.2.1", "198.18.0.1", "::", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "fe80::1",
        "fc00::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
        "2001:0:7f00:1::", "2001:db8::1", "fd00:ec2::254", "::127.0.0.1",
    ],
)  # fmt: skip
def test_an_address_inside_is_known_as_one(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_let_through(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "[::1]", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "0",
        "[::ffff:169.254.169.254]", "169.254.169.254", "2852039166", "10.0.0.1", "[fe80::1%25eth0]",
        "[fd00:ec2::254]", "%31%32%37.0.0.1",
    ],
)  # fmt: skip
def test_no_spelling_of_an_inner_address_is_taken(host: str) -> None:
    if host.startswith("%"):  # is no address, and a name that nobody has
        assert check_url(f"https://{host}/hook", PRODUCTION).hostname == host
        return
    with pytest.raises(Invalid, match="not public"):
        check_url(f"https://{host}/hook", PRODUCTION)
    assert check_url(f"https://{host}/hook", Reach(plain=False, inside=True))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.test/", "https://", "https:///hook", "https://u:p@a.test/", "https://u@a.test/",
        "https://a.test:99999/", "https://a b/", "https://a.test/#x", "//a.test/", "a.test", "",
        "https://a.test:25/", "https://a.test:0/", "https://a.test\\@b.test/", "https://ä.test/",
        "https://[::1/", "https://a.test/\n", "javascript:alert(1)", "https://a.test/" + "x" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_address_for_deliveries_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="url: "):
        check_url(url, TRYING)


@pytest.mark.parametrize(
    "url",
    ["https://a.test", "https://a.test:443/x?y=z", "https://a.test:8443/", "https://8.8.8.8/"],
)
def test_what_partners_have_is_taken(url: str) -> None:
    assert check_url(url, PRODUCTION).geturl() == url


def test_production_sends_over_https_only() -> None:
    for env in (Environment.PRODUCTION, Environment.STAGING):
        with pytest.raises(Invalid, match="https"):
            check_url("http://a.test/", Reach.of(Settings(env=env)))
    assert check_url("http://a.test/", Reach.of(Settings(env=Environment.DEVELOPMENT)))
    with pytest.raises(Invalid):
        check_url("https://a.test:80/", PRODUCTION)


def test_one_inner_address_among_outer_ones_is_enough_to_refuse() -> None:
    mixed = [ip_address("8.8.8.8"), ip_address("10.0.0.1")]
    with pytest.raises(Invalid, match="not public"):
        require_public(mixed, PRODUCTION)
    require_public(mixed, Reach(plain=False, inside=True))
    require_public(mixed[:1], PRODUCTION)
