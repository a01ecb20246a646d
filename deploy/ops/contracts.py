"""The published contracts: held against what would be served now, and extended on purpose."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import orjson

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
    said = []
    for version in VERSIONS:
        file = _place(folder, version)
        if not file.exists():
            said.append(f"{version.name} is not published: `beleg contract publish` does it.")
            continue
        said += _by_hand(file, version)
        broken = _breaks(file.read_bytes(), version)
        if since and (then := _committed(since, version)):
            broken = list(dict.fromkeys([*broken, *_breaks(then, version)]))
        said += [f"{version.name} {each}" for each in broken]
        if not broken and as_file(version) != file.read_bytes():
            said.append(f"{version.name} has additions: `beleg contract publish` publishes them.")
    return said


def show(name: str, folder: Path = FOLDER) -> bytes:
    """A version's document as it is published; raises NotFound where there is none."""
    for version in VERSIONS:
        if version.name == name and (file := _place(folder, version)).exists():
            return file.read_bytes()
    raise NotFound(f"published version {name}")


def publish(folder: Path = FOLDER) -> list[Path]:
    """Write what was added; refuse, and write nothing, if any version would break."""
    fresh = {}
    refused: list[str] = []
    for version in VERSIONS:
        file, now = _place(folder, version), as_file(version)
        then = file.read_bytes() if file.exists() else now
        if file.exists() or _history(file).exists():
            refused += _by_hand(file, version)
        refused += [f"{version.name} {each}" for each in _breaks(then, version)]
        if not file.exists() or then != now:
            fresh[file] = now
    if refused:
        raise Invalid(*(Complaint("contract", each) for each in refused))
    for file, now in fresh.items():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(now)
        _history(file).write_text(history.added(_told(file), now, datetime.now(UTC).date()))
    return list(fresh)


def _by_hand(file: Path, version: Version) -> list[str]:
    """What says that somebody wrote the document or its history by hand, if anything does."""
    document = file.read_bytes() if file.exists() else b""
    if (why := history.fault(_told(file), document)) is None:
        return []
    names = f"{file.name} and {_history(file).name}"
    mend = f"Take {names} from one and the same commit, then publish."
    return [f"{version.name} was changed by hand: {why}. {mend}"]


def _told(file: Path) -> str:
    place = _history(file)
    return place.read_text() if place.exists() else ""


def _history(file: Path) -> Path:
    return file.with_name("published.txt")


def _breaks(then: bytes, version: Version) -> list[Break]:
    return breaks(orjson.loads(then), orjson.loads(as_file(version)))


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


def _place(folder: Path, version: Version) -> Path:
    return folder / version.name / "openapi.json"
