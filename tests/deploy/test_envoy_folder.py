"""What Envoy starts with on Compose and Kubernetes is what the edge's code says; Envoy takes it."""

import subprocess
from pathlib import Path

import pytest

from deploy.ops.binaries import envoy
from tests.deploy import edge_files


@pytest.mark.unit
def test_the_files_are_those_that_the_edge_writes() -> None:
    for file, text in edge_files.expected().items():
        assert file.read_text() == text, "python -m tests.deploy.edge_files writes them anew"


@pytest.mark.parametrize("folder", [edge_files.COMPOSE, edge_files.KUBERNETES], ids=str)
def test_envoy_takes_them(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        text = file.read_text().replace(str(edge_files.FOLDER), str(tmp_path))
        (tmp_path / file.name).write_text(text)
    done = subprocess.run(
        (envoy(), "--mode", "validate", "--config-path", tmp_path / "envoy.yaml"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
