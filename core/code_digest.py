"""What tells two checkouts of one version apart."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

_PACKAGES = ("bff", "core", "deploy", "migrations", "public_api")
_NOT_CODE = frozenset({"__pycache__", "web"})


def code_digest() -> str:
    """Eight hex digits over all of the code that is here."""
    code = hashlib.blake2b(digest_size=4)
    root = Path(__file__).parent.parent
    for package in filter(Path.is_dir, (root / each for each in _PACKAGES)):
        for path in _code(package):
            with open(path, "rb", buffering=0) as file:
                code.update(file.read())
    return code.hexdigest()


def _code(folder: Path | str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _NOT_CODE:
                    yield from _code(entry.path)
            elif entry.name.endswith(".py"):
                yield entry.path
