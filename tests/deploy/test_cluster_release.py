"""A release on a cluster: what its hooks tell kubectl. This machine has kubectl, but no cluster."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from deploy.release import config
from deploy.release.edge.files import dynamic
from deploy.release.model import Addresses, Routing, Slot
from tests.deploy.manifests import KUBERNETES, PARTS, ROOT, Found, kustomized, require_command

TOML = KUBERNETES / "release.toml"
KUBECTL = """#!/bin/sh
# What needs no cluster kubectl does itself; the rest is written down, and answered for a cluster.
case "$*" in
kustomize*|*--dry-run=client*) exec {kubectl} "$@" ;;
esac
printf '%s\\n' "$*" >> "$CALLS"
previous=
for word in "$@"; do
  case "$previous" in --filename|--patch-file) (echo "---"; cat "$word") >> "$GIVEN" ;; esac
  previous=$word
done
case "$*" in
*"--filename -"*) cat >> "$GIVEN" ;;
*"get deployment"*) printf '%s' "$STANDING" ;;
*"get job"*) printf '%s' "$ENDED" ;;
*"get configmap"*) echo "{{}}" ;;
*logs*) echo '[{{"state": "verified"}}]' ;;
esac
"""


@dataclass
class Kubectl:
    """Stands where the command `kubectl` would, and remembers."""

    folder: Path

    def __post_init__(self) -> None:
        program = self.folder / "kubectl"
        program.write_text(KUBECTL.format(kubectl=shutil.which("kubectl")))
        program.chmod(0o755)

    def slot(self, *words: str, code: int = 0, **environ: str) -> tuple[list[str], str, str]:
        """Run the hook: what kubectl was asked, what it was given, what the hook said."""
        calls, given = self.folder / "calls", self.folder / "given"
        calls.write_text("")
        given.write_text("")
        path = f"{self.folder}:{os.environ['PATH']}"
        stands = {"PATH": path, "CALLS": str(calls), "GIVEN": str(given), "STANDING": ""}
        done = subprocess.run(
            (KUBERNETES / "release/slot", "production", *words),
            env={**stands, "ENDED": "1/", "BELEG_LOOK_SECONDS": "0.01", **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        asked = calls.read_text().splitlines()
        assert all(each.startswith("--namespace beleg-production ") for each in asked)
        said = done.stdout if code == 0 else done.stderr
        return (
            [each.removeprefix("--namespace beleg-production ") for each in asked],
            (given.read_text()),
            said,
        )


@pytest.fixture
def kubectl(tmp_path: Path) -> Kubectl:
    return Kubectl(tmp_path)


def test_a_slot_gets_exactly_its_parts_of_its_build_and_what_runs_is_left_alone(
    kubectl: Kubectl,
) -> None:
    asked, given, _ = kubectl.slot("start", "green", "0.3.0-rc1", "api,bff", code=0)
    applied = [each.rpartition("--selector ")[2] for each in asked if each.startswith("apply")]
    assert applied == [
        f"app.kubernetes.io/component in (settings, {part})" for part in ("api", "bff")
    ]
    assert "registry.example/beleg:0.3.0-rc1" in given
    assert "name: beleg-api-green" in given
    rolled = [each.split()[2] for each in asked if each.startswith("rollout status")]
    assert rolled == ["deployment/beleg-api-green", "deployment/beleg-bff-green"]
    assert "beleg/slot=green,app.kubernetes.io/component=worker" in asked[-1], "ended at the last"
    assert asked[-1].startswith("delete deployment")

    asked, _, _ = kubectl.slot("start", "blue", "0.2.0", "api,bff,worker", STANDING="0.2.0")
    assert not [each for each in asked if each.startswith(("apply", "delete"))]

    asked, _, _ = kubectl.slot("stop", "blue")
    assert len(asked) == 1
    assert "--selector beleg/slot=blue " in asked[0]


def test_a_shadow_reads_by_a_secret_that_stands_in_no_argument_and_in_no_annotation(
    kubectl: Kubectl,
) -> None:
    url = "postgresql://beleg_shadow:s3cret@postgres/beleg"
    shadow = ("start", "shadow-b", "0.3.0", "api")
    asked, given, said = kubectl.slot(*shadow, BELEG_SHADOW_DATABASE_URL=url)
    assert asked[0] == "apply --server-side --force-conflicts --filename -"
    secret = next(yaml.safe_load_all(given.replace("---", "\n---\n")))
    assert secret["metadata"]["name"] == "beleg-shadow"
    assert set(secret["data"]) == {"url"}
    assert "s3cret" not in "".join(asked) + said
    found = kustomized(KUBERNETES / "environments/production/shadow-b")
    (container,) = found["Deployment beleg-api-shadow-b"]["spec"]["template"]["spec"]["containers"]
    (database,) = [each for each in container["env"] if each["name"] == "BELEG_DATABASE_URL"]
    assert database["valueFrom"]["secretKeyRef"] == {"name": "beleg-shadow", "key": "url"}


def test_a_builds_own_command_is_a_job_whose_end_and_words_are_the_commands(
    kubectl: Kubectl,
) -> None:
    asked, given, said = kubectl.slot("command", "0.3.0", "backfill", "status", "--json")
    job = yaml.safe_load(given.removeprefix("---\n"))
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert container["args"] == ["backfill", "status", "--json"]
    assert container["image"] == "registry.example/beleg:0.3.0"
    assert job["metadata"]["name"].startswith("beleg-command-1")
    assert json.loads(said) == [{"state": "verified"}]
    assert asked[-1].startswith(f"delete job {job['metadata']['name']}")
    _, _, said = kubectl.slot("command", "0.3.0", "migrate", code=1, ENDED="/1")
    assert "verified" in said, "what it said stands where a release looks"
    asked, _, said = kubectl.slot("command", "0.3.0", "x]; rm", code=2)
    assert asked == []


def test_the_edge_is_told_by_its_configmap_and_kubelets_to_look_at_once(
    kubectl: Kubectl, tmp_path: Path
) -> None:
    folder = tmp_path / "edge"
    folder.mkdir()
    place = Addresses(("beleg-api-green:8001",), ("beleg-bff-green:8000",))
    files = dynamic(Routing(Slot.GREEN), {Slot.GREEN: place})
    for name, text in files.items():
        (folder / name).write_text(text)
    asked, given, _ = kubectl.slot("publish", str(folder))
    patch = json.loads(given.removeprefix("---\n"))
    assert patch["data"] == files
    assert "labels" not in patch["metadata"], "they would be others"
    assert asked[0].startswith("patch configmap beleg-edge --type merge")
    assert asked[1].startswith("annotate pods --selector app.kubernetes.io/component=edge")
    kubectl.slot("fetch", str(folder))
    assert {each.name: each.read_text() for each in folder.iterdir()} == dict.fromkeys(
        files, "{}\n"
    )


def test_the_differ_is_of_bs_build_and_keeps_each_attempt_apart(kubectl: Kubectl) -> None:
    asked, given, _ = kubectl.slot("differ", "7-1", STANDING="0.3.0")
    deployment, *_ = [
        each for each in yaml.safe_load_all(given) if each and each["kind"] == "Deployment"
    ]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "registry.example/beleg:0.3.0"
    assert "--folder=/var/lib/beleg/shadow/7-1" in container["args"]
    require_command(container["args"])
    assert asked[-1].startswith("rollout status deployment/beleg-differ")
    asked, _, _ = kubectl.slot("differ")
    assert len(asked) == 1
    assert asked[0].startswith("delete deployment,service,networkpolicy")


def test_kubectl_knows_every_word_that_it_is_told(kubectl: Kubectl, tmp_path: Path) -> None:
    (tmp_path / "edge").mkdir()
    for name in ("cds", "rds-api", "rds-web"):
        (tmp_path / "edge" / f"{name}.yaml").write_text("{}")
    asked: dict[str, str] = {}
    given: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("", ("start", "green", "0.3.0", "api")),
        ("", ("start", "shadow-a", "0.2.0", "api")),
        ("", ("command", "0.3.0", "migrate")),
        ("0.3.0", ("differ", "1-0")),
        ("", ("publish", str(tmp_path / "edge"))),
    )
    for stands, hook in given:
        for each in kubectl.slot(*hook, STANDING=stands, BELEG_SHADOW_DATABASE_URL="x")[0]:
            asked.setdefault(" ".join(each.split()[:2]), each)
    file = tmp_path / "any.yaml"
    file.write_text(
        json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}})
    )
    real = shutil.which("kubectl")
    assert real
    for each in asked.values():
        words, selecting, selector = each.partition("--selector ")
        split = [str(file) if Path(word).suffix in (".yaml", ".json") else word
                 for word in words.split()]  # fmt: skip
        selector, dashes, more = selector.partition(" --")
        rest = [selecting.strip(), selector] if selecting else []
        rest += f"{dashes}{more}".split()
        done = subprocess.run(
            (real, "--server=http://127.0.0.1:26199", "--request-timeout=2", *split, *rest),
            input=file.read_text(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert "127.0.0.1:26199" in done.stderr, f"{each}: {done.stderr}"


def test_release_toml_names_what_the_manifests_have() -> None:
    told = config.load(TOML)
    assert told.hooks
    assert told.differ
    assert told.edge.admin == ("beleg-edge-seen:9006",)
    instance = kustomized(KUBERNETES / "environments/production/instance")
    assert instance["Service beleg-edge-seen"]["spec"]["ports"][0]["port"] == 9006
    assert '"port_value": 9006' in instance["ConfigMap beleg-edge"]["data"]["envoy.yaml"]
    for slot, hooks in told.hooks.slots.items():
        found = kustomized(KUBERNETES / "environments/production" / slot)
        for part, places in (("api", hooks.api), ("bff", hooks.bff)):
            for place in places:
                name, _, port = place.partition(":")
                assert found[f"Service {name}"]["spec"]["ports"][0]["port"] == int(port)
                assert hooks.health[part] == (f"{name}:{PARTS[part]}",)  # type: ignore[index]
        for words in (hooks.start, hooks.stop):
            assert (ROOT / words[0]).stat().st_mode & 0o111
    differ = kustomized(KUBERNETES / "environments/production/differ")["Service beleg-differ"]
    ports = {each["name"]: each["port"] for each in differ["spec"]["ports"]}
    assert told.differ.address == f"beleg-differ:{ports['mirrored']}"
    assert told.differ.findings == f"beleg-differ:{ports['findings']}"
    driver = read_all(KUBERNETES / "release/driver.yaml")[0]
    (container,) = driver["spec"]["template"]["spec"]["containers"]
    assert str(told.local.data) == container["volumeMounts"][0]["mountPath"]


def read_all(file: Path) -> list[Found]:
    return [*yaml.safe_load_all(file.read_text())]
