"""Each revision's SQL is safe to run beside the build before it."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

import migrations

pytestmark = pytest.mark.unit
SQUAWK = Path(sys.executable).parent / "squawk"
NAMES = sorted(
    file.stem for file in (Path(migrations.__file__).parent / "versions").glob("[0-9]*.py")
)
EVERYWHERE = (
    "prefer-bigint-over-int",  # integers here count months and calls, never rows
    "require-statement-timeout",  # waiting is what hurts others, and is bounded; work may take long
)
EXCLUDED = {
    "0001_baseline": ("prefer-identity",),  # the queue's schema is as its makers wrote it
    "0003_access": ("require-concurrent-index-creation",),  # on partners: a few dozen rows
}
AS_ENV_SETS = "SET lock_timeout = '5s';\n"


def statements(revision: ModuleType, monkeypatch: pytest.MonkeyPatch) -> str:
    """All SQL that a revision would run."""
    executed: list[str] = []
    driver = SimpleNamespace(execute=executed.append)
    bind = SimpleNamespace(connection=SimpleNamespace(driver_connection=driver))
    monkeypatch.setattr(revision.op, "execute", executed.append)
    monkeypatch.setattr(revision.op, "get_bind", lambda: bind)
    monkeypatch.setattr(revision, "await_only", lambda done: done, raising=False)
    revision.upgrade()
    return "".join(f"{each.strip().rstrip(';')};\n" for each in executed)


@pytest.mark.parametrize("name", NAMES)
def test_a_revision_locks_nobody_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = statements(import_module(f"migrations.versions.{name}"), monkeypatch)
    assert sql
    found = subprocess.run(
        (
            *(SQUAWK, "--pg-version=15.0", "--assume-in-transaction"),
            *(f"--exclude={rule}" for rule in (*EVERYWHERE, *EXCLUDED.get(name, ()))),
        ),
        input=AS_ENV_SETS + sql,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
