"""A part starts once it is said where it stands, and never with its metrics before strangers."""

import os
import subprocess
import sys

import pytest

from core.errors import Invalid
from core.settings import load
from deploy.ops.commands.parts import _placed

PRODUCTION = {"BELEG_ENV": "production"}


@pytest.mark.parametrize("part", ["api", "bff", "worker"])
def test_a_part_asks_where_it_stands(part: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BELEG_")}
    done = subprocess.run(
        (sys.executable, "-m", "deploy.ops.cli", part, "--metrics-port", "8499"),
        env={**kept, "BELEG_DATABASE_URL": "postgresql://u@127.0.0.1:1/x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "BELEG_ENV is not set" in done.stderr


def test_what_beleg_up_of_an_older_build_starts_goes_on_in_development(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BELEG_ENV", raising=False)
    monkeypatch.delenv("BELEG_DEMO", raising=False)
    with pytest.raises(Invalid, match="BELEG_ENV"):
        _placed(load({}), "127.0.0.1")
    monkeypatch.setenv("BELEG_DEMO", "false")
    assert _placed(load({}), "127.0.0.1")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "8.8.8.8", "2a00:1450::1"])
def test_production_shows_its_metrics_to_no_stranger(host: str) -> None:
    with pytest.raises(Invalid, match="public-metrics"):
        _placed(load(PRODUCTION), host)
    allowed = load({**PRODUCTION, "BELEG_PRODUCTION_ALLOWS": "public-metrics"})
    assert _placed(allowed, host) is allowed
    assert _placed(load({"BELEG_ENV": "staging"}), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "10.1.2.3", "localhost"])
def test_an_address_inside_is_taken(host: str) -> None:
    assert _placed(load(PRODUCTION), host)
