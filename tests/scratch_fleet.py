"""`python -m tests.scratch_fleet`: this build's migrations on a fleet of the build before.

For a pipeline, before a release: a PostgreSQL of its own, a few instances in two waves; fails
unless all of them are migrated, stand as the build says, and none is forgotten.
"""

import argparse
import asyncio
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import postgres
from tests.fleets import FleetFolder, before


def main() -> int:
    """Make the fleet, migrate it, look at it; the exit code of what failed first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=4)
    asked = parser.parse_args()
    with postgres.serving() as embedded, TemporaryDirectory(prefix="beleg-") as folder:
        server = asyncio.run(postgres.address(embedded))
        fleet = FleetFolder(server, before(server), Path(folder))
        for number in range(asked.instances):
            fleet.add(f"scratch_{number}", 1 if number == 0 else 2)
        fleet.write()
        for words in (("migrate",), ("status", "--check"), ("migrate",)):
            print(f"$ beleg fleet {' '.join(words)}", flush=True)
            if code := subprocess.run(fleet.words(*words), check=False).returncode:
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
