"""`beleg` itself, with a world of files in place of processes and an edge: `--file FOLDER/x`."""

import json
from collections.abc import Mapping
from pathlib import Path

from deploy.ops.cli import main
from deploy.release import composition, session
from deploy.release.composition import Configured
from tests.deploy.release.driving import PLAN, QUICK, FileWorld


def configured(file: Path, environ: Mapping[str, str]) -> Configured:
    """The world that lies where the file does; the file says what is wrong with B, and the plan."""
    told = json.loads(file.read_text())
    world = FileWorld(file.parent, broken=told.get("broken", ""))
    plan = {**PLAN, **told.get("plan", {})}
    return Configured(plan, world.composition, told.get("environment", {}))


if __name__ == "__main__":
    composition.configured = configured
    assert session.drive.__kwdefaults__
    session.drive.__kwdefaults__["times"] = QUICK
    main()
