"""What a pipeline runs holds together: the CI's steps, the image, the fleet's example."""

import os
import re
import subprocess
import sys

import pytest

from deploy.ops import probe
from deploy.ops.fleet.file import load
from tests.deploy.manifests import ROOT, read, run
from tests.ports import free_ports

WORKFLOW = ROOT / ".github/workflows/release.yaml"
DOCKERFILE = ROOT / "deploy/Dockerfile"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's, each with what it is given."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    lines = re.sub(r" *\\\n\s*", " ", text).splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines) if word]


def stages() -> dict[str, list[tuple[str, str]]]:
    """The instructions of each stage, by its name."""
    found: dict[str, list[tuple[str, str]]] = {}
    name = ""
    for word, rest in instructions():
        if word == "FROM":
            name = rest.split(" AS ")[1]
        found.setdefault(name, []).append((word, rest))
    return found


def lineage(name: str) -> list[tuple[str, str]]:
    """The instructions that make a stage, those of what it is made from first."""
    own = stages()[name]
    parent = own[0][1].split(" AS ")[0]
    return [*(lineage(parent) if parent in stages() else ()), *own]


def test_the_workflow_is_what_github_takes() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW)


@pytest.mark.unit
def test_every_command_of_the_workflow_is_there() -> None:
    jobs = read(WORKFLOW)["jobs"].values()
    commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    targets = re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in commands:
        first, *rest = command.split()
        if first == "make":
            assert {each for each in rest if "=" not in each} <= set(targets)
        elif first.startswith(".ci/"):
            assert os.access(ROOT / first, os.X_OK)
        else:
            assert first in ("docker", "echo", "beleg", "pip"), command
            for file in re.findall(r"--file (\S+)", command):
                assert (ROOT / file).is_file() or "$" in file
            if target := re.search(r"--target (\S+)", command):
                assert target[1] in stages()
    assert {"make check", ".ci/run", "make fleet", "make prove", "make wheel"} <= set(commands)


@pytest.mark.unit
def test_what_a_tag_releases_is_migrated_before_it_is_released() -> None:
    jobs = read(WORKFLOW)["jobs"]
    steps = [step.get("run", "") for step in jobs["release"]["steps"]]
    migrate = steps.index("beleg fleet migrate --file $FLEET")
    start = next(n for n, each in enumerate(steps) if each.startswith("beleg fleet release "))
    assert migrate < start
    assert set(jobs["release"]["needs"]) >= {"publish", "wheel"}
    assert jobs["release"]["environment"] == "production", "somebody has to say yes"
    published = [step.get("run", "") for step in jobs["publish"]["steps"]]
    assert sum("--sbom=true" in each for each in published) == 2


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
@pytest.mark.parametrize("target", ["beleg", "worker"])
def test_an_image_runs_as_nobody_of_weight_and_says_what_it_is(target: str) -> None:
    found = lineage(target)
    assert [rest for word, rest in found if word == "USER"][-1] == "10001"
    (entry,) = [rest for word, rest in found if word == "ENTRYPOINT"]
    assert entry == '["beleg"]'
    (health,) = [rest for word, rest in found if word == "HEALTHCHECK"]
    assert '"deploy.ops.probe"' in health
    (labels,) = [rest for word, rest in found if word == "LABEL"]
    assert {"title", "version", "revision", "base.name"} <= set(
        re.findall(r"org\.opencontainers\.image\.([\w.]+)=", labels)
    )
    packages = [rest for word, rest in found if word == "COPY"]
    assert packages == [f"--from={target}-packages /opt/beleg /opt/beleg"], "nothing else goes in"


@pytest.mark.unit
def test_the_dockerfile_takes_only_what_is_locked_and_leaves_no_lists_behind() -> None:
    text = DOCKERFILE.read_text()
    assert "latest" not in text
    assert not [rest for word, rest in instructions() if word == "ADD"]
    bases = {rest.split(" AS ")[0] for word, rest in instructions() if word == "FROM"}
    assert bases - stages().keys() == {"${DEBIAN}"}
    assert "ARG DEBIAN=debian:bookworm-slim" in text
    for word, rest in instructions():
        if word == "RUN" and "pip install" in rest:
            assert rest.count("pip install") == rest.count("--require-hashes")
        if word == "RUN" and "apt-get install" in rest:
            assert "apt-get update &&" in rest
            assert "--no-install-recommends" in rest
            stage = next(name for name, each in stages().items() if (word, rest) in each)
            assert stage == "tools" or "rm -rf /var/lib/apt/lists/*" in rest
        assert not re.search(r"\b(curl|wget|sudo|chmod 777)\b", rest), "unlocked, or too much"


@pytest.mark.unit
def test_the_image_copies_what_there_is() -> None:
    ignored = (ROOT / "deploy/Dockerfile.dockerignore").read_text().splitlines()
    kept = [line[1:] for line in ignored if line.startswith("!")]
    assert all((ROOT / each).exists() for each in kept)
    copies = [rest.split()[:-1] for word, rest in instructions() if word == "COPY"]
    for each in (path for paths in copies if "--from" not in paths[0] for path in paths):
        assert (ROOT / each).exists()
        assert each == "." or each.split("/")[0] in kept, f"{each} is not sent to the builder"
    used = re.findall(r"requirements-\w+\.lock", DOCKERFILE.read_text())
    assert set(used) <= set(kept)


@pytest.mark.unit
def test_a_probe_says_why_a_part_is_not_ready() -> None:
    (port,) = free_ports(1)
    assert probe.complaint((port,)) == f"Nothing listens on {port}."


@pytest.mark.unit
def test_the_example_of_a_fleet_is_one() -> None:
    fleet = load(ROOT / "deploy/fleet.example.toml", {})
    assert [fleet.wave_of(each) for each in fleet.instances] == ["canary", "small", "rest"]
