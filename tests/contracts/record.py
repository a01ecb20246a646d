"""`python -m tests.contracts.record`: tell every story once and keep what was answered.

What was recorded stays as it is but for additions (`comparison.py`): what would break is refused,
unless `--anew` is said.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from deploy.ops.migrating.apply import migrate
from deploy.ops.postgres import Embedded
from tests.backfills import fill
from tests.builders import running
from tests.contracts.comparison import Difference, differences
from tests.contracts.exchange import FOLDER, load, place, save
from tests.contracts.play import Stage
from tests.contracts.stories import GROUND, STORIES


def main() -> None:
    """Record on a PostgreSQL of our own."""
    anew = "--anew" in sys.argv
    with TemporaryDirectory(prefix="beleg-") as folder, Embedded(Path(folder) / "pg") as server:
        migrate(server.url, "0001")
        asyncio.run(lay(server.url, "0001"))
        migrate(server.url)
        asyncio.run(fill(server.url))
        changed = asyncio.run(_record(server.url, Path(folder), anew=anew))
    if changed:
        lines = "\n".join(map(str, changed))
        sys.exit(f"{lines}\nThat changes what was promised: the old was kept.")


async def lay(url: str, revision: str) -> None:
    """Insert the rows that were written at a revision, where there are any."""
    file = FOLDER / "ground" / f"{revision}.sql"
    if not file.exists():
        return
    connection = await asyncpg.connect(url)
    await connection.execute(file.read_text())
    await connection.close()


async def _record(url: str, folder: Path, *, anew: bool) -> list[Difference]:
    changed: list[Difference] = []
    async with running(url, folder) as house:
        for (version, story), asks in (GROUND | STORIES).items():
            exact = (version, story) in GROUND
            stage = Stage(house)
            exchanges = [await stage.record(each, exact=exact) for each in asks]
            file = place(version, story)
            old = load(file) if file.exists() else []
            found = differences(f"{version} {story}", old, exchanges)
            if anew or not (broken := [each for each in found if each.breaks]):
                save(file, exchanges)
            else:
                changed += broken
    return changed


if __name__ == "__main__":
    main()
