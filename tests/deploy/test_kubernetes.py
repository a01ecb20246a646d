"""Kubernetes: what is applied is what clusters take, waits for migrations, is closed to others."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import Settings
from tests.deploy.manifests import (
    KUBERNETES,
    PARTS,
    ROOT,
    Found,
    kustomized,
    read,
    require_command,
    run,
)

EXAMPLE = KUBERNETES / "example"
ENVIRONMENTS = ("development", "test", "staging", "production")
SLOTTED = ("staging", "production")
SLOTS = ("blue", "green", "baseline", "shadow-a", "shadow-b")
STRANGE = ("argoproj.io/", "gateway.networking.k8s.io/", "monitoring.coreos.com/")
"""Kinds that Kubernetes itself does not know."""
ALL = (
    EXAMPLE,
    KUBERNETES / "rollouts",
    *(KUBERNETES / "environments" / each for each in ENVIRONMENTS),
    *(KUBERNETES / "environments/production" / each for each in (*SLOTS, "command", "differ")),
)
ALIKE = "|".join((*SLOTS, *ENVIRONMENTS, "example", r"north-bank", r"\d+"))
GRACEFUL_SECONDS = 30
"""For how long a face that ends lets what it has begun be answered: `deploy/ops/serve.py`."""


@pytest.fixture(scope="module")
def applied() -> dict[Path, dict[str, Found]]:
    """What every overlay makes."""
    return {folder: kustomized(folder) for folder in ALL}


def pods(found: dict[str, Found]) -> dict[str, Found]:
    """Everything that starts Pods, by name, with what their specification says."""
    return {
        name: each["spec"]["template"]
        for name, each in found.items()
        if each["kind"] in ("Deployment", "Job")
    }


def copied(tmp_path: Path, *changes: tuple[str, str, str]) -> dict[str, Found]:
    """The example with some texts in its files changed, and what it makes then."""
    folder = tmp_path / f"k8s-{len(list(tmp_path.iterdir()))}"
    shutil.copytree(KUBERNETES, folder)
    for file, old, new in changes:
        text = (folder / "example" / file).read_text()
        assert old in text
        (folder / "example" / file).write_text(text.replace(old, new))
    return kustomized(folder / "example")


@pytest.mark.long
def test_what_kubernetes_is_given_it_takes(
    applied: dict[Path, dict[str, Found]], tmp_path: Path
) -> None:
    known = [
        each
        for found in applied.values()
        for each in found.values()
        if not each["apiVersion"].startswith(STRANGE)
    ]
    # What differs in names and numbers alone is asked once.
    different = {re.sub(ALIKE, "", json.dumps(each)): each for each in known}
    assert len(different) < len(known) / 2
    file = tmp_path / "all.yaml"
    file.write_text(yaml.safe_dump_all(different.values()))
    run("kubernetes-validate", "--strict", file)


def test_what_others_define_they_take(
    applied: dict[Path, dict[str, Found]], tmp_path: Path
) -> None:
    strange = {
        json.dumps(each)
        for found in applied.values()
        for each in found.values()
        if each["apiVersion"].startswith(STRANGE)
    }
    kinds = {json.loads(each)["kind"] for each in strange}
    assert kinds == {"Rollout", "AnalysisTemplate", "Gateway", "HTTPRoute", "ServiceMonitor"}
    given = f"[{','.join(sorted(strange))}]"
    run("node", ROOT / "tests/crds/check.mjs", tmp_path, given=given)


def test_a_rollout_waits_until_the_job_of_its_build_is_done() -> None:
    found = kustomized(EXAMPLE)
    build = read(EXAMPLE / "build.yaml")["data"]["build"]
    job = found[f"Job beleg-migrate-{build}"]["spec"]
    (migrate,) = job["template"]["spec"]["containers"]
    assert migrate["args"] == ["migrate"]
    for part, port in PARTS.items():
        deployment = found[f"Deployment beleg-{part}"]["spec"]
        (container,) = deployment["template"]["spec"]["containers"]
        repository = "beleg-worker" if part == "worker" else "beleg"
        assert container["image"] == f"registry.example/{repository}:{build}"
        assert migrate["image"] == f"registry.example/beleg:{build}"
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


def test_no_pod_has_rights_or_room_that_it_does_not_need(
    applied: dict[Path, dict[str, Found]],
) -> None:
    for folder, found in applied.items():
        assert pods(found), folder
        for name, pod in pods(found).items():
            spec, (container,) = pod["spec"], pod["spec"]["containers"]
            where = f"{folder.name}: {name}"
            drives = name == "Deployment beleg-release"  # it alone asks the cluster for anything
            assert spec["automountServiceAccountToken"] is drives, where
            assert spec["securityContext"]["runAsNonRoot"] is True, where
            assert spec["securityContext"]["runAsUser"] == 10001, where
            assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, where
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, where
            assert container["resources"]["requests"].keys() >= {"cpu", "memory"}, where
            assert "memory" in container["resources"]["limits"], where
            assert ":" in container["image"], where
            assert not container["image"].endswith((":latest", ":build")), where


def test_whoever_ends_is_given_the_time_to(applied: dict[Path, dict[str, Found]]) -> None:
    for found in applied.values():
        for name, pod in pods(found).items():
            grace, (container,) = (
                pod["spec"].get("terminationGracePeriodSeconds"),
                pod["spec"]["containers"],
            )
            if "--drain" in container.get("args", ()):
                drain = float(container["args"][container["args"].index("--drain") + 1])
                assert grace >= drain + GRACEFUL_SECONDS + 10, name
            elif "worker" in container.get("args", ()):
                assert grace >= Settings().reading_seconds + 30, name


def test_a_node_may_be_emptied_and_faces_grow(applied: dict[Path, dict[str, Found]]) -> None:
    for folder, found in applied.items():
        for name, each in found.items():
            if each["kind"] == "Deployment":
                budget = found[name.replace("Deployment", "PodDisruptionBudget")]["spec"]
                assert budget["selector"] == each["spec"]["selector"], folder
                assert budget["maxUnavailable"] == 1
            if each["kind"] == "HorizontalPodAutoscaler":
                target = each["spec"]["scaleTargetRef"]
                scaled = found[f"{target['kind']} {target['name']}"]
                assert "replicas" not in scaled["spec"], "an apply would undo what it has scaled"


def allowed(found: dict[str, Found], pod: dict[str, str], way: str) -> list[Any]:
    """What policies let a Pod of these labels receive or send."""
    rules: list[Any] = []
    for each in found.values():
        if each["kind"] != "NetworkPolicy" or way.title() not in each["spec"]["policyTypes"]:
            continue
        selector = each["spec"]["podSelector"]
        fits = selector.get("matchLabels", {}).items() <= pod.items()
        for term in selector.get("matchExpressions", ()):
            fits = fits and pod.get(term["key"]) in term["values"]
        rules += each["spec"].get(way, ()) if fits else ()
    return rules


@pytest.mark.parametrize("environment", ["test", "production"])
def test_parts_talk_to_what_they_need_and_to_nothing_else(
    applied: dict[Path, dict[str, Found]], environment: str
) -> None:
    folder = KUBERNETES / "environments" / environment
    found = applied[folder]

    def ports(component: str, way: str) -> set[Any]:
        pod = {"app.kubernetes.io/name": "beleg", "app.kubernetes.io/component": component}
        rules = allowed(found, pod, way)
        return {port["port"] for rule in rules for port in rule.get("ports", [{"port": "any"}])}

    policies = [each for each in found.values() if each["kind"] == "NetworkPolicy"]
    (nothing,) = [each for each in policies if each["metadata"]["name"] == "beleg-nothing"]
    assert nothing["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert ports("api", "ingress") == {"http", "internal"}
    assert ports("worker", "ingress") == {"internal"}
    assert ports("migrate", "ingress") == {"internal"}
    assert ports("migrate", "egress") == {53, 5432, 6432}
    assert ports("bff", "egress") == {53, 5432, 6432, 443, 8333, 4318}
    assert ports("api", "egress") == ports("bff", "egress") | {6379}
    assert ports("worker", "egress") == ports("bff", "egress") | {"any"}
    worker = {"app.kubernetes.io/name": "beleg", "app.kubernetes.io/component": "worker"}
    (outside,) = [rule for rule in allowed(found, worker, "egress") if "ports" not in rule]
    assert "10.0.0.0/8" in outside["to"][0]["ipBlock"]["except"]


def test_slots_stand_beside_each_other_and_share_nothing(
    applied: dict[Path, dict[str, Found]],
) -> None:
    folder = KUBERNETES / "environments/production"
    for slot in SLOTS:
        said = (folder / slot / "kustomization.yaml").read_text()
        assert (folder.parent / "staging" / slot / "kustomization.yaml").read_text() == said
    names: set[str] = set(kustomized(folder / "instance"))
    for slot in SLOTS:
        found = applied[folder / slot]
        assert not names & set(found), "deleting one would take the other's"
        names |= set(found)
        for name, pod in pods(found).items():
            assert pod["metadata"]["labels"]["beleg/slot"] == slot, name
        for name, each in found.items():
            if each["kind"] == "Service":
                assert each["spec"]["selector"]["beleg/slot"] == slot, name
                assert each["spec"]["clusterIP"] == "None", "Envoy would see one of many"
    assert {name for name in applied[folder / "baseline"] if name.startswith("Deployment")} == {
        "Deployment beleg-api-baseline",
        "Deployment beleg-bff-baseline",
    }
    for slot in ("shadow-a", "shadow-b"):
        (shadow,) = pods(applied[folder / slot]).values()
        environ = {each["name"]: each for each in shadow["spec"]["containers"][0]["env"]}
        assert environ["BELEG_SHADOW"]["value"] == "true"
        secret = environ["BELEG_DATABASE_URL"]["valueFrom"]["secretKeyRef"]
        assert secret == {"name": "beleg-shadow", "key": "url"}, "it could write"
        assert "BELEG_DATABASE_DIRECT_URL" not in environ, "it could write"


@pytest.mark.parametrize("environment", SLOTTED)
def test_the_edge_finds_the_slot_that_serves(
    applied: dict[Path, dict[str, Found]], environment: str
) -> None:
    found = applied[KUBERNETES / "environments" / environment]
    files = found["ConfigMap beleg-edge"]["data"]
    assert files.keys() == {"envoy.yaml", "cds.yaml", "sds.yaml", "rds-api.yaml", "rds-web.yaml"}
    for part, port in (("api", 8001), ("bff", 8000)):
        (offered,) = found[f"Service beleg-{part}-blue"]["spec"]["ports"]
        assert offered["port"] == port
        assert f'"beleg-{part}-blue"' in files["cds.yaml"]
    (envoy,) = found["Deployment beleg-edge"]["spec"]["template"]["spec"]["containers"]
    assert envoy["image"] == "envoyproxy/envoy:v1.40.0"
    settings = next(
        each for name, each in found.items() if name.startswith("ConfigMap beleg-settings")
    )
    assert settings["data"]["BELEG_TRUSTED_HOPS"] == "1"


def test_an_environment_is_what_it_is_called(applied: dict[Path, dict[str, Found]]) -> None:
    namespaces = set()
    for environment in ENVIRONMENTS:
        found = applied[KUBERNETES / "environments" / environment]
        (settings,) = [
            each["data"]
            for name, each in found.items()
            if name.startswith("ConfigMap beleg-settings")
        ]
        assert settings["BELEG_ENV"] == environment
        namespaces.add(frozenset(each["metadata"]["namespace"] for each in found.values()))
    assert len(namespaces) == len(ENVIRONMENTS)
    assert all(len(each) == 1 for each in namespaces)
