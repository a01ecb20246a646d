"""A copy of the tracked source, in which a break is planted and taken back."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.attack.breaks import REVISION, Break, Edit

ROOT = Path(__file__).parents[2]
VERSIONS = Path("migrations/versions")
REVISION_TEXT = '''"""Planted."""

from alembic import op

revision = "{this}"
down_revision = "{last}"
kind = "expand"


def upgrade() -> None:
    op.execute("""{sql}""")
'''


class Copy:
    """The source as git tracks it, in a folder of its own, as it stands on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in tracked(ROOT):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)

    def environ(self) -> Mapping[str, str]:
        """What lets every process, and all that it starts, take its code from here."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BELEG_")}
        return {**kept, "PYTHONPATH": str(self.folder)}

    def require_own_code(self) -> None:
        """Raise unless it is this copy's code that runs, wherever a process is started."""
        for name in ("core", "public_api", "deploy", "tests"):
            said = subprocess.run(
                (sys.executable, "-c", f"import {name}; print({name}.__file__)"),
                cwd="/",
                env=self.environ(),
                capture_output=True,
                text=True,
                check=True,
            )
            if Path(said.stdout.strip()).parents[1] != self.folder:
                raise SystemExit(f"{name} would be taken from {said.stdout.strip()}")

    @contextmanager
    def planted(self, planned: Break) -> Iterator[None]:
        """The copy with this break in it for as long as the block lasts."""
        before: dict[Path, str | None] = {}
        try:
            for name, text in changed(self.folder, planned).items():
                file = self.folder / name
                before[file] = file.read_text() if file.exists() else None
                _write(file, text)
            yield
        finally:
            for file, was in before.items():
                _write(file, was)


def tracked(root: Path) -> list[str]:
    """Every file that git tracks, and what is new and not ignored."""
    words = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True)
    return [each for each in listed.stdout.split("\0") if each and (root / each).is_file()]


def changed(root: Path, planned: Break) -> dict[str, str]:
    """The files of a break as they are with it; raises LookupError where its text is not once."""
    texts: dict[str, str] = {}
    for edit in planned.edits:
        if edit.file == REVISION:
            texts |= _revision(root, edit)
            continue
        text = texts.get(edit.file) or (root / edit.file).read_text()
        if (found := text.count(edit.old)) != 1:
            raise LookupError(f"{planned.name}: {edit.old!r} stands {found} times in {edit.file}")
        texts[edit.file] = text.replace(edit.old, edit.new)
    return texts


def _revision(root: Path, edit: Edit) -> dict[str, str]:
    """A revision after the last one: its file, and what stands in it."""
    last = max(file.stem[:4] for file in (root / VERSIONS).glob("[0-9]*.py"))
    this = f"{int(last) + 1:04}"
    text = REVISION_TEXT.format(this=this, last=last, sql=edit.new)
    return {str(VERSIONS / f"{this}_planted.py"): text}


def _write(file: Path, text: str | None) -> None:
    """Write or remove a file, and what Python compiled of it: that goes by whole seconds."""
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
