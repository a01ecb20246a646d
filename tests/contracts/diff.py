"""`python -m tests.contracts.diff BASE`: what was promised since, in words.

BASE is a git revision, or a folder in which another state of this project lies. The golden
exchanges and both published documents are compared with those there: what was added is printed
after a `+`, what breaks after a `!`; a break makes the command fail.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.contracts import comparison, documents
from tests.contracts.comparison import Difference
from tests.contracts.exchange import Exchange, parse

ROOT = Path(__file__).parents[2]
GOLDEN, VERSIONS = "tests/contracts", ("v1", "v2")


class Base:
    """Another state of this project: a folder, or a revision of this repository."""

    def __init__(self, name: str) -> None:
        self._folder = Path(name) if Path(name).is_dir() else None
        self._revision = name
        if (
            self._folder is None
            and self._git("rev-parse", "--verify", f"{name}^{{commit}}") is None
        ):
            sys.exit(f"{name} is neither a folder nor a revision.")

    def read(self, path: str) -> str | None:
        """The text of a file there; None where there was none."""
        if self._folder is not None:
            file = self._folder / path
            return file.read_text() if file.exists() else None
        return self._git("show", f"{self._revision}:{path}")

    def stories(self) -> set[str]:
        """The paths of all golden exchanges there."""
        if self._folder is not None:
            found = (self._folder / GOLDEN).glob("*/*.json")
            return {str(each.relative_to(self._folder)) for each in found}
        listed = self._git("ls-tree", "-r", "--name-only", self._revision, GOLDEN) or ""
        return {each for each in listed.splitlines() if each.endswith(".json")}

    @staticmethod
    def _git(*words: str) -> str | None:
        done = subprocess.run(
            ("git", *words), cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout if done.returncode == 0 else None


def differences(base: Base) -> Iterator[Difference]:
    """All that is not as it was, the documents first."""
    for version in VERSIONS:
        path = f"public_api/{version}/openapi.json"
        if (text := base.read(path)) is not None:
            now = json.loads((ROOT / path).read_text())
            yield from documents.differences(version, json.loads(text), now)
    here = {str(each.relative_to(ROOT)) for each in (ROOT / GOLDEN).glob("*/*.json")}
    for path in sorted(base.stories() | here):
        *_, version, name = path.removesuffix(".json").split("/")
        old, new = _exchanges(base.read(path)), _exchanges(_text(ROOT / path))
        yield from comparison.differences(f"{version} {name}", old, new)


def _text(file: Path) -> str | None:
    return file.read_text() if file.exists() else None


def _exchanges(text: str | None) -> list[Exchange]:
    return [] if text is None else parse(text)


def main() -> None:
    """Print what was added and what breaks; fail where anything does."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = list(differences(Base(sys.argv[1])))
    for each in found:
        print(each)
    broken = sum(each.breaks for each in found)
    print(f"{len(found) - broken} additions, {broken} breaks.")
    if broken:
        sys.exit(1)


if __name__ == "__main__":
    main()
