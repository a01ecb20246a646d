"""`python -m tests.contracts.record`: tell every story once and keep what was answered.

What was recorded stays as it is: a change of it is refused, unless it is named by `--anew`.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from deploy.ops.migrate import migrate
from deploy.ops.postgres import Embedded
from tests.builders import running
from tests.contracts.exchange import FOLDER, Exchange, load, place, save
from tests.contracts.play import Stage
from tests.contracts.stories import GROUND, STORIES


def main() -> None:
    """Record on a PostgreSQL of our own."""
    anew = "--anew" in sys.argv
    with TemporaryDirectory(prefix="beleg-") as folder, Embedded(Path(folder) / "pg") as server:
        migrate(server.url, "0001")
        asyncio.run(lay(server.url, "0001"))
        migrate(server.url)
        changed = asyncio.run(_record(server.url, Path(folder), anew=anew))
    if changed:
        sys.exit(f"Changed what was promised, and kept the old: {', '.join(changed)}")


async def lay(url: str, revision: str) -> None:
    """Insert the rows that were written at a revision, where there are any."""
    file = FOLDER / "ground" / f"{revision}.sql"
    if not file.exists():
        return
    connection = await asyncpg.connect(url)
    await connection.execute(file.read_text())
    await connection.close()


async def _record(url: str, folder: Path, *, anew: bool) -> list[str]:
    changed = []
    async with running(url, folder) as house:
        for (version, story), asks in (GROUND | STORIES).items():
            exact = (version, story) in GROUND
            stage = Stage(house)
            exchanges = [await stage.record(each, exact=exact) for each in asks]
            file = place(version, story)
            if anew or not _breaks(file, exchanges):
                save(file, exchanges)
            else:
                changed.append(f"{version} {story}")
    return changed


def _breaks(file: Path, exchanges: list[Exchange]) -> bool:
    """Whether an exchange that was recorded is not among those that were told."""
    return file.exists() and any(each not in exchanges for each in load(file))


if __name__ == "__main__":
    main()
