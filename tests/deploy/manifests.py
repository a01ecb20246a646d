"""What clusters and pipelines are handed, read as they read it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner

from deploy.ops.cli import main

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
KUBERNETES = ROOT / "deploy/k8s"
PARTS = {"api": 9000, "bff": 9001, "worker": 9002}
"""Each part and its internal port."""
Found = dict[str, Any]


def run(*words: str | Path, given: str | None = None) -> str:
    """What a tool of this environment prints; it has to succeed."""
    tool, *rest = words
    program = BIN / str(tool) if (BIN / str(tool)).exists() else tool
    done = subprocess.run(
        (program, *rest), input=given, capture_output=True, text=True, check=False, cwd=ROOT
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


def require_command(words: list[str]) -> None:
    """Fail unless `beleg` has this command with these options."""
    answer = CliRunner().invoke(main, [*words, "--help"])
    assert answer.exit_code == 0, answer.output
