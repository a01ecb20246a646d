"""The published contracts: held against what would be served now, and extended on purpose."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import orjson
from openapi_pydantic import OpenAPI

import public_api
from core.errors import Complaint, Invalid, NotFound
from public_api.app import VERSIONS
from public_api.contract import history
from public_api.contract.gate import breaks
from public_api.contract.shapes import Break
from public_api.openapi import as_file
from public_api.versions import Version

FOLDER = Path(public_api.__file__).parent


def check(since: str | None = None, folder: Path = FOLDER) -> list[str]:
    """What keeps the build from serving what was published, a line each.

    The committed document is what was published: its history says so. With `since`, what stood at
    that git revision must hold as well.
    """
    faults = []
    for version in VERSIONS:
        file = _document_file(folder, version)
        if not file.exists():
            faults.append(f"{version.name} is not published: `beleg contract publish` does it.")
            continue
        faults += _hand_edits(file, version)
        broken = _breaks(file.read_bytes(), version)
        if since and (published := _committed(since, version)):
            broken = list(dict.fromkeys([*broken, *_breaks(published, version)]))
        faults += [f"{version.name} {each}" for each in broken]
        if not broken and as_file(version) != file.read_bytes():
            faults.append(f"{version.name} has additions: `beleg contract publish` publishes them.")
    return faults


def show(name: str, folder: Path = FOLDER) -> bytes:
    """A version's document as it is published; raises NotFound where there is none."""
    for version in VERSIONS:
        if version.name == name and (file := _document_file(folder, version)).exists():
            return file.read_bytes()
    raise NotFound(f"published version {name}")


def publish(folder: Path = FOLDER) -> list[Path]:
    """Write what was added; refuse, and write nothing, if any version would break."""
    additions = {}
    refused: list[str] = []
    for version in VERSIONS:
        file, current = _document_file(folder, version), as_file(version)
        OpenAPI.model_validate_json(current)
        published = file.read_bytes() if file.exists() else current
        if file.exists() or _history_file(file).exists():
            refused += _hand_edits(file, version)
        refused += [f"{version.name} {each}" for each in _breaks(published, version)]
        if not file.exists() or published != current:
            additions[file] = current
    if refused:
        raise Invalid(*(Complaint("contract", each) for each in refused))
    for file, current in additions.items():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(current)
        _history_file(file).write_text(
            history.added(_history_text(file), current, datetime.now(UTC).date())
        )
    return list(additions)


def _hand_edits(file: Path, version: Version) -> list[str]:
    """What says that somebody wrote the document or its history by hand, if anything does."""
    document = file.read_bytes() if file.exists() else b""
    if (why := history.fault(_history_text(file), document)) is None:
        return []
    names = f"{file.name} and {_history_file(file).name}"
    mend = f"Take {names} from one and the same commit, then publish."
    return [f"{version.name} was changed by hand: {why}. {mend}"]


def _history_text(file: Path) -> str:
    path = _history_file(file)
    return path.read_text() if path.exists() else ""


def _history_file(file: Path) -> Path:
    return file.with_name("published.txt")


def _breaks(published: bytes, version: Version) -> list[Break]:
    return breaks(orjson.loads(published), orjson.loads(as_file(version)))


def _committed(revision: str, version: Version) -> bytes | None:
    """The document as it stood at a git revision; None where it was not there yet."""
    name = f"{revision}:./{version.name}/openapi.json"
    done = subprocess.run(  # noqa: S603 - a git revision that the operator names
        ("git", "show", "--end-of-options", name),  # noqa: S607
        cwd=FOLDER,
        capture_output=True,
        check=False,
    )
    if done.returncode == 0:
        return done.stdout
    if b"does not exist" in done.stderr or b"exists on disk, but not in" in done.stderr:
        return None
    raise Invalid(Complaint("since", done.stderr.decode().strip()))


def _document_file(folder: Path, version: Version) -> Path:
    return folder / version.name / "openapi.json"
