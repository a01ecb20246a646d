"""PostgreSQL's address as operators have it: taken, or refused in a sentence without a password."""

from pathlib import Path

import pytest

from core import settings
from core.database_address import parse
from core.errors import Invalid

SECRET = "s3cr3t"
pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("postgres://u:p@db/beleg", [("db", 5432)]),
        ("postgresql://u:p@db:6432/beleg", [("db", 6432)]),
        ("postgresql+asyncpg://u:p@db/beleg", [("db", 5432)]),
        ("postgresql://u:p@a:1,b:2/beleg", [("a", 1), ("b", 2)]),
        ("postgresql://u:p@a,b/beleg?port=7", [("a", 7), ("b", 7)]),
        ("postgresql:///beleg?host=a,b&port=1,2", [("a", 1), ("b", 2)]),
        ("postgresql:///beleg?host=/run/postgresql", [("/run/postgresql", 5432)]),
        ("postgresql://u@%2Frun%2Fpostgresql/beleg", [("/run/postgresql", 5432)]),
        ("postgresql://u:p@[::1]:7/beleg", [("::1", 7)]),
        ("postgresql:///beleg?service=lender", []),
    ],
)
def test_every_form_in_which_operators_write_hosts_is_taken(
    url: str, hosts: list[tuple[str, int]]
) -> None:
    assert list(parse(url).hosts) == hosts


@pytest.mark.parametrize(
    ("url", "seconds", "only_writable"),
    [
        ("postgresql://db/beleg", 10, False),
        ("postgresql://a,b/beleg", 3, True),
        ("postgresql://a,b/beleg?target_session_attrs=any", 3, False),
        ("postgresql://db/beleg?target_session_attrs=read-write&connect_timeout=2", 2, True),
    ],
)
def test_of_several_hosts_the_one_that_takes_writes_is_meant(
    url: str, seconds: float, only_writable: bool
) -> None:
    address = parse(url)
    assert (address.seconds, address.only_writable) == (seconds, only_writable)


def test_what_the_driver_would_send_to_the_server_unread_is_read() -> None:
    address = parse(
        "postgres://u:p%40ss@db/beleg?application_name=x&options=-c%20search_path%3Dlender"
        "%20--work_mem=8MB&keepalives=1&ssl=true&channel_binding=prefer"
    )
    assert address.server_settings == {"search_path": "lender", "work_mem": "8MB"}
    assert address.dsn == "postgresql://u:p%40ss@/beleg?sslmode=require"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"mysql://u:{SECRET}@db/beleg", "it begins with postgresql://"),
        (f"host=db password={SECRET}", "it begins with postgresql://"),
        (f"postgresql://u:{SECRET}@x@db/beleg", "%40"),
        (f"postgresql://u:{SECRET}#x@db/beleg", "%23"),
        (f"postgresql://u:{SECRET}/x@db/beleg", "%2F"),
        (f"postgresql://u:{SECRET}?x@db/beleg", "%3F"),
        (f"postgresql://u:{SECRET}/beleg", "a port is a number"),
        (f"postgresql://u:{SECRET}@db:99999/beleg", "a port is a number"),
        (f"postgresql://u:{SECRET}@db..example/beleg", "a host is a name"),
        (f"postgresql://u:{SECRET}@{'d' * 64}.example/beleg", "a host is a name"),
        (f"postgresql://u:{SECRET}@a,b/beleg?port=1,2,3", "as many ports as hosts"),
        (f"postgresql://u:{SECRET}@db/beleg?x", "name=value"),
        (f"postgresql://u:{SECRET}@db/beleg?search_path=x", "options=-c%20search_path%3Dvalue"),
        (f"postgresql://u:{SECRET}@db/beleg?options=x", "options are written"),
        (f"postgresql://u:{SECRET}@db/beleg?sslmode=on", "sslmode is one of"),
        (f"postgresql://u:{SECRET}@db/beleg?sslrootcert=/none.pem", "no file"),
        (f"postgresql://u:{SECRET}@db/beleg?sslrootcert={__file__}", "without certificates"),
        (f"postgresql://u:{SECRET}@db/beleg?sslcert={__file__}", "no certificate and its key"),
        (f"postgresql://u:{SECRET}@db/beleg?target_session_attrs=standby", "Beleg writes"),
        (f"postgresql://u:{SECRET}@db/beleg?connect_timeout=soon", "whole number"),
        (f"postgresql://u:{SECRET}@db/beleg?channel_binding=require", "channel_binding"),
    ],
)
def test_a_wrong_address_is_refused_at_start_in_one_sentence_without_the_password(
    url: str, why: str
) -> None:
    for variable in ("BELEG_DATABASE_URL", "BELEG_DATABASE_DIRECT_URL"):
        with pytest.raises(Invalid) as refused:
            settings.load({variable: url})
        assert why in refused.value.detail
        assert refused.value.detail.startswith(variable)
        assert SECRET not in refused.value.detail


def test_a_certificate_can_only_be_checked_against_one_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(Invalid, match="sslrootcert"):
        parse("postgresql://db/beleg?sslmode=verify-full")
    assert parse("postgresql://db/beleg?sslrootcert=system").system_certificates
