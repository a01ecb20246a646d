"""What pipelines and clusters are handed holds together: Compose, Kubernetes, the image, the CI."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from deploy.ops.cli import main
from deploy.ops.fleet.file import load

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
COMPOSE = ROOT / "deploy/compose.yaml"
WORKFLOW = ROOT / ".github/workflows/release.yaml"
EXAMPLE = ROOT / "deploy/k8s/example"
PARTS = {"api": 9000, "bff": 9001, "worker": 9002}
Found = dict[str, Any]


def run(*words: str | Path) -> str:
    """What a tool of this environment prints; it has to succeed."""
    tool, *rest = words
    done = subprocess.run(
        (BIN / str(tool), *rest), capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def read(file: Path) -> Found:
    """A file of YAML."""
    found: Found = yaml.safe_load(file.read_text())
    return found


def kustomized(folder: Path) -> dict[str, Found]:
    """What would be applied, by kind and name."""
    objects = yaml.safe_load_all(run("kubectl", "kustomize", folder))
    return {f"{each['kind']} {each['metadata']['name']}": each for each in objects}


def copied(tmp_path: Path, *changes: tuple[str, str, str]) -> dict[str, Found]:
    """The example with some texts in its files changed, and what it makes then."""
    folder = tmp_path / f"k8s-{len(list(tmp_path.iterdir()))}"
    shutil.copytree(ROOT / "deploy/k8s", folder)
    for file, old, new in changes:
        text = (folder / "example" / file).read_text()
        assert old in text
        (folder / "example" / file).write_text(text.replace(old, new))
    return kustomized(folder / "example")


def require_command(words: list[str]) -> None:
    """Fail unless `beleg` has this command with these options."""
    answer = CliRunner().invoke(main, [*words, "--help"])
    assert answer.exit_code == 0, answer.output


def test_compose_is_what_compose_takes() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)


def test_compose_starts_no_part_before_its_database_is_migrated() -> None:
    services = read(COMPOSE)["services"]
    assert services["migrate"]["command"] == ["migrate"]
    done = {"condition": "service_completed_successfully"}
    assert services["backfill"]["depends_on"] == {"migrate": done}
    for step in ("migrate", "backfill"):
        assert services[step]["restart"] == "no"
        require_command(services[step]["command"])
    for part, port in PARTS.items():
        service = services[part]
        assert service["depends_on"]["backfill"] == done
        assert f":{port}/readyz" in service["healthcheck"]["test"][-1]
        require_command(service["command"])
    images = {each["image"] for name, each in services.items() if name != "postgres"}
    assert len(images) == 1
    assert "BELEG_IMAGE" in images.pop()


def test_what_kubernetes_is_given_it_takes(tmp_path: Path) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(run("kubectl", "kustomize", EXAMPLE))
    run("kubernetes-validate", "--strict", file)


def test_a_rollout_waits_until_the_job_of_its_build_is_done() -> None:
    found = kustomized(EXAMPLE)
    build = read(EXAMPLE / "build.yaml")["data"]["build"]
    job = found[f"Job beleg-migrate-{build}"]["spec"]
    (migrate,) = job["template"]["spec"]["containers"]
    assert migrate["args"] == ["migrate"]
    for part, port in PARTS.items():
        deployment = found[f"Deployment beleg-{part}"]["spec"]
        (container,) = deployment["template"]["spec"]["containers"]
        assert container["image"] == migrate["image"]
        assert container["image"].endswith(f":{build}")
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
        assert {"name": "internal", "containerPort": port} in container["ports"]
        assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
        assert deployment["progressDeadlineSeconds"] > job["activeDeadlineSeconds"]
        require_command(container["args"])


def test_each_build_has_a_job_of_its_own_that_may_be_applied_again(tmp_path: Path) -> None:
    build = read(EXAMPLE / "build.yaml")["data"]["build"]
    first = copied(tmp_path)
    newer = copied(tmp_path, ("build.yaml", f"build: {build}", "build: 9.8.7"))
    assert "Job beleg-migrate-9.8.7" in newer
    assert f"Job beleg-migrate-{build}" not in newer
    # A Job cannot be changed: what else may change while the build stays is not in it.
    other = copied(tmp_path, ("kustomization.yaml", "s3://lenders/north", "s3://lenders/south"))
    name = f"Job beleg-migrate-{build}"
    assert other[name] == first[name]
    assert other["Deployment beleg-api"] != first["Deployment beleg-api"]


def test_the_workflow_is_what_github_takes() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW)


def test_every_command_of_the_workflow_is_there() -> None:
    jobs = read(WORKFLOW)["jobs"].values()
    commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    targets = re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in commands:
        first, *rest = command.split()
        if first == "make":
            assert set(rest) <= set(targets)
        elif first.startswith(".ci/"):
            assert os.access(ROOT / first, os.X_OK)
        else:
            assert first in ("docker", "echo"), command
            for file in re.findall(r"--file (\S+)", command):
                assert (ROOT / file).is_file()
    assert {"make check", ".ci/run", "make fleet", "make prove"} <= set(commands)


def test_the_pipelines_scratch_fleet_is_migrated() -> None:
    done = subprocess.run(
        (sys.executable, "-m", "tests.scratch_fleet", "--instances", "2"),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 done." in done.stdout
    assert "2 skipped." in done.stdout


@pytest.mark.unit
def test_the_image_copies_what_there_is_and_runs_as_nobody_of_weight() -> None:
    lines = (ROOT / "deploy/Dockerfile").read_text().splitlines()
    copies = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--" not in line]
    assert all((ROOT / each).exists() for files in copies for each in files)
    assert "USER 10001" in lines
    ignored = (ROOT / "deploy/Dockerfile.dockerignore").read_text().splitlines()
    kept = [line[1:] for line in ignored if line.startswith("!")]
    assert all((ROOT / each).exists() for each in kept)


@pytest.mark.unit
def test_the_example_of_a_fleet_is_one() -> None:
    fleet = load(ROOT / "deploy/fleet.example.toml", {})
    assert [fleet.wave_of(each) for each in fleet.instances] == ["canary", "small", "rest"]
