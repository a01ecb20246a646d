"""The revisions of a build, read from their files: what each is, needs, drops and would run."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace

import migrations

FOLDER = Path(migrations.__file__).parent / "versions"


@dataclass(frozen=True)
class Revision:
    """A step of the schema, as its file says it."""

    name: str
    """The file's, such as `0013_transaction_count`."""
    file: Path
    kind: str
    """`expand` or `contract`."""
    needs: tuple[str, ...]
    """Backfills that must be verified before."""
    drops: tuple[str, ...]
    """`table.column`, or a table."""
    statements: tuple[str, ...]
    exceptions: Mapping[str, str]
    """Rules that it breaks, each with the reason."""
    module: ModuleType

    @property
    def number(self) -> str:
        """What `applied_revision` and other revisions call it, such as `0013`."""
        return str(self.module.revision)

    @property
    def after(self) -> tuple[str, ...]:
        """The numbers of the revisions that it stands directly on."""
        below = self.module.down_revision
        return (*((below,) if below else ()), *(getattr(self.module, "depends_on", None) or ()))

    @property
    def is_concurrent(self) -> bool:
        """Whether it is one statement that PostgreSQL runs outside a transaction only."""
        return len(self.statements) == 1 and " CONCURRENTLY " in " ".join(
            self.statements[0].upper().split()
        )


def revisions(folder: Path = FOLDER) -> tuple[Revision, ...]:
    """All of them, by number."""
    files = (file for file in folder.glob("[0-9]*.py"))
    return tuple(_read(file) for file in sorted(files))


def _read(file: Path) -> Revision:
    module = _load(file)
    return Revision(
        name=file.stem,
        file=file,
        kind=module.kind,
        needs=tuple(getattr(module, "needs", ())),
        drops=tuple(getattr(module, "drops", ())),
        statements=tuple(getattr(module, "STATEMENTS", None) or _recorded(file)),
        exceptions=dict(getattr(module, "EXCEPTIONS", {})),
        module=module,
    )


def _load(file: Path) -> ModuleType:
    spec = spec_from_file_location(f"revision_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a revision's file")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _recorded(file: Path) -> list[str]:
    """What one that names no STATEMENTS would run, written down instead of run."""
    module = _load(file)
    statements: list[str] = []
    driver = SimpleNamespace(execute=statements.append)
    bind = SimpleNamespace(connection=SimpleNamespace(driver_connection=driver))
    vars(module).update(
        op=SimpleNamespace(execute=statements.append, get_bind=lambda: bind),
        await_only=lambda done: done,
    )
    module.upgrade()
    return statements
