"""Compose: an instance on one machine, whose slots a release fills and empties."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from core.keys import KeyRing
from core.settings import Settings
from deploy.release import config
from tests.deploy.manifests import PARTS, ROOT, read, require_command, run

COMPOSE = ROOT / "deploy/compose.yaml"
SLOTS = {
    "blue": ("api", "bff", "worker"),
    "green": ("api", "bff", "worker"),
    "baseline": ("api", "bff"),
    "shadow-a": ("api",),
    "shadow-b": ("api",),
}
Found = dict[str, Any]


def services() -> Found:
    found: Found = read(COMPOSE)["services"]
    return found


def test_compose_is_what_compose_takes() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)


@pytest.mark.unit
def test_compose_starts_no_part_before_its_database_is_migrated() -> None:
    found = services()
    assert found["migrate"]["command"] == ["migrate"]
    done = {"condition": "service_completed_successfully"}
    assert found["backfill"]["depends_on"] == {"migrate": done}
    for step in ("migrate", "backfill"):
        assert found[step]["restart"] == "no"
        require_command(found[step]["command"])
    for slot, parts in SLOTS.items():
        for part in parts:
            service = found[f"{part}-{slot}"]
            assert service["depends_on"]["backfill"] == done
            assert service["healthcheck"]["test"][-2:] == ["deploy.ops.probe", str(PARTS[part])]
            require_command(service["command"])


@pytest.mark.unit
def test_a_slot_has_its_own_build_and_stands_only_where_it_is_told_to() -> None:
    found = services()
    for slot, parts in SLOTS.items():
        variable = "BELEG_" + slot.upper().replace("-", "_")
        for part in parts:
            service = found[f"{part}-{slot}"]
            assert f"${{{variable}:-local}}" in service["image"]
            assert ("beleg-worker" in service["image"]) == (part == "worker")
            assert service["profiles"] == [slot]
    shadows = [found["api-shadow-a"], found["api-shadow-b"]]
    for shadow in shadows:
        assert shadow["environment"]["BELEG_SHADOW"] == "true"
        assert shadow["secrets"] == ["shadow-database-url", "secret-keys", "audit-keys"]
        assert "owner-url" not in shadow["secrets"], "it could write"


@pytest.mark.unit
def test_nothing_can_write_its_own_image_or_gain_rights_and_no_image_may_change() -> None:
    for name, service in services().items():
        image = service["image"]
        assert re.search(r":(v?[\d.]+|\$\{\w+:-[\w.]+\})$", image), f"{name}: {image}"
        assert "latest" not in image
        if name in ("postgres", "s3"):  # as their makers have made them
            continue
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    published = [port for each in services().values() for port in each.get("ports", ())]
    assert all("127.0.0.1" in port for port in published)


@pytest.mark.unit
def test_a_document_is_read_to_its_end_before_its_worker_is_killed() -> None:
    for slot, parts in SLOTS.items():
        if "worker" in parts:
            grace = int(services()[f"worker-{slot}"]["stop_grace_period"].removesuffix("s"))
            assert grace >= Settings().reading_seconds + 30


def test_secrets_are_files_that_are_made_once(tmp_path: Path) -> None:
    for each in ("compose", "envoy"):
        shutil.copytree(ROOT / "deploy" / each, tmp_path / "deploy" / each)
    prepare = tmp_path / "deploy/compose/prepare"
    run(prepare)
    folder = tmp_path / "deploy/secrets"
    first = {path.name: path.read_text() for path in folder.iterdir()}
    run(prepare)
    assert {path.name: path.read_text() for path in folder.iterdir()} == first
    assert folder.stat().st_mode & 0o077 == 0
    named = read(COMPOSE)["secrets"].values()
    at_a_release = {"shadow-database-url"}
    files = {Path(each["file"]).name for each in named} | {"s3.env"}
    for name, service in services().items():
        assert ("owner-url" in service.get("secrets", ())) == (name in ("migrate", "command"))
    assert files - at_a_release == set(first)
    assert first["postgres-password"].strip() in first["owner-url"]
    assert first["postgres-password"].strip() not in first["database-url"]
    for each in ("secret-keys", "audit-keys"):
        assert KeyRing.parse(first[each]).newest is not None
    assert not [line for line in COMPOSE.read_text().splitlines() if "PASSWORD:" in line]
    assert (tmp_path / "deploy/edge/envoy.yaml").is_file()
    assert (tmp_path / "deploy/.env").read_text() == "COMPOSE_PROFILES=blue\n"


@pytest.mark.unit
def test_a_release_is_told_of_the_addresses_that_compose_gives() -> None:
    told = tomllib.loads((ROOT / "deploy/compose/release.toml").read_text())
    found = services()
    addresses = {
        name: each["networks"]["default"]["ipv4_address"]
        for name, each in found.items()
        if "networks" in each
    }
    assert len(set(addresses.values())) == len(addresses)
    assert told["edge"]["admin"].split(":")[0] == addresses["edge"]
    for slot, parts in SLOTS.items():
        hooks = told["hooks"]["slots"][slot]
        assert hooks["api"] == [f"{addresses[f'api-{slot}']}:8001"]
        assert hooks.get("bff", []) == (
            [f"{addresses[f'bff-{slot}']}:8000"] if "bff" in parts else []
        )
        assert hooks["health"] == {
            part: [f"{addresses[f'{part}-{slot}']}:{PARTS[part]}"] for part in parts
        }


DOCKER = """#!/bin/sh
# Stands where the command `docker` would: this machine has no daemon to ask.
echo "$*" >> "$CALLS"
case "$*" in *"ps --services"*) echo "worker-green";; esac
"""


def test_the_hooks_ask_docker_for_exactly_the_parts_that_are_to_stand(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "deploy/compose", tmp_path / "deploy/compose")
    state = tmp_path / "deploy/.env"
    state.write_text("COMPOSE_PROFILES=blue\nBELEG_API_PORT=127.0.0.1:9001\n")
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    calls = tmp_path / "calls"

    def slot(*words: str, code: int = 0, **environ: str) -> list[str]:
        calls.write_text("")
        done = subprocess.run(
            ("deploy/compose/slot", *words),
            cwd=tmp_path,
            env={"PATH": f"{docker.parent}:/usr/bin:/bin", "CALLS": str(calls), **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert "s3cret" not in done.stdout + done.stderr + calls.read_text()
        return [line.split("compose.yaml ")[-1] for line in calls.read_text().splitlines()]

    started = slot("start", "green", "0.3.0", "api,bff")
    assert started[-1] == "--profile green up --detach --no-deps --wait api-green bff-green"
    assert "--profile green stop worker-green" in started
    told = "BELEG_API_PORT=127.0.0.1:9001\nBELEG_GREEN={}\nCOMPOSE_PROFILES={}\n"
    assert state.read_text() == told.format("0.3.0", "blue,green")
    assert slot("start", "green", "0.3.1", "api,bff,worker")[-1].endswith(
        "api-green bff-green worker-green"
    )
    assert state.read_text() == told.format("0.3.1", "blue,green")
    assert slot("stop", "blue") == ["--profile blue ps --services"]
    assert state.read_text() == told.format("0.3.1", "green")
    assert slot("stop", "green")[-1] == "--profile green rm --stop --force worker-green"
    assert slot("command", "0.3.0", "backfill", "run") == [
        "--profile command run --rm --no-deps command backfill run"
    ]

    shadow = ("start", "shadow-b", "0.3.0", "api")
    assert slot(*shadow, code=1) == [], "it knows of no role that cannot write"
    (tmp_path / "deploy/secrets").mkdir()
    slot(*shadow, BELEG_SHADOW_DATABASE_URL="postgresql://beleg_shadow:s3cret@127.0.0.1:5432/beleg")
    secret = tmp_path / "deploy/secrets/shadow-database-url"
    assert secret.read_text() == "postgresql://beleg_shadow:s3cret@postgres:5432/beleg\n"
    assert slot(*shadow)[-1].endswith("--wait api-shadow-b"), "it is known by now"

    assert slot("differ", "7-1") == ["--profile differ up --detach --no-deps differ"]
    assert "BELEG_ATTEMPT=7-1\nCOMPOSE_PROFILES=shadow-b,differ\n" in state.read_text()
    assert slot("differ") == ["--profile differ rm --stop --force differ"]
    assert state.read_text().endswith("COMPOSE_PROFILES=shadow-b\n")


@pytest.mark.unit
def test_the_differ_asks_the_shadows_and_listens_where_a_release_looks() -> None:
    found = services()
    differ = found["differ"]
    require_command(differ["command"])
    told = config.load(ROOT / "deploy/compose/release.toml").differ
    assert told
    here = differ["networks"]["default"]["ipv4_address"]
    assert told.address == f"{here}:9007"
    assert told.findings == f"{here}:9008"
    assert {"--port=9007", "--findings-port=9008"} <= set(differ["command"])
    for side, slot in (("a", "shadow-a"), ("b", "shadow-b")):
        place = found[f"api-{slot}"]["networks"]["default"]["ipv4_address"]
        assert f"--{side}={place}:8001" in differ["command"]
    assert "secrets" not in differ
    assert "environment" not in differ, "it has no business with the database"
