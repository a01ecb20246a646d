"""Revisions of a test's own, on top of the product's."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.ops.migrating.apply import in_order
from deploy.ops.migrating.revisions import revisions

FILE = '''"""A test's own."""

revision = {number!r}
down_revision = {below!r}
depends_on = {after!r}
kind = {kind!r}
needs = {needs!r}
drops = {drops!r}
EXCEPTIONS = {exceptions!r}
STATEMENTS = {statements!r}
'''


class Scratch:
    """A folder with all the product's expands, and more to come."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        chain = in_order([each for each in revisions() if each.kind == "expand"])
        for revision in chain:
            shutil.copy(revision.file, folder)
        self.head = chain[-1].number

    def expand(self, number: str, *statements: str, **exceptions: str) -> str:
        """The next expand, with the rules that it breaks; its number."""
        self._write(number, "expand", statements, below=self.head, exceptions=exceptions)
        self.head = number
        return number

    def contract(
        self,
        number: str,
        *statements: str,
        after: str | None = None,
        needs: Sequence[str] = (),
        drops: Sequence[str] = (),
    ) -> str:
        """A contract that comes after an expand, the last if none is named; its number."""
        after = after or self.head
        self._write(number, "contract", statements, after=(after,), needs=needs, drops=drops)
        return number

    def _write(
        self,
        number: str,
        kind: str,
        statements: Sequence[str],
        below: str | None = None,
        after: Sequence[str] = (),
        needs: Sequence[str] = (),
        drops: Sequence[str] = (),
        exceptions: Mapping[str, str] | None = None,
    ) -> None:
        content = FILE.format(
            number=number,
            below=below,
            after=tuple(after) or None,
            kind=kind,
            needs=tuple(needs),
            drops=tuple(drops),
            exceptions=exceptions or {},
            statements=statements,
        )
        (self.folder / f"{number}_scratch.py").write_text(content)
