"""The published contracts: held against what would be served now, and extended on purpose."""

from pathlib import Path

import orjson

import public_api
from core.errors import Complaint, Invalid
from public_api.app import VERSIONS
from public_api.contract.gate import breaks
from public_api.contract.shapes import Break
from public_api.openapi import as_file
from public_api.versions import Version


def check() -> list[str]:
    """What keeps the build from serving what was published, a line each."""
    said = []
    for version in VERSIONS:
        broken = _breaks(version)
        said += [f"{version.name} {each}" for each in broken]
        if not broken and as_file(version) != _place(version).read_bytes():
            said.append(f"{version.name} has additions: `beleg contract publish` publishes them.")
    return said


def publish() -> list[Path]:
    """Write what was added; refuse, and write nothing, if any version would break."""
    broken = [
        Complaint(version.name, f"{version.name} {each}")
        for version in VERSIONS
        for each in _breaks(version)
    ]
    if broken:
        raise Invalid(*broken)
    fresh = [each for each in VERSIONS if as_file(each) != _place(each).read_bytes()]
    for version in fresh:
        _place(version).write_bytes(as_file(version))
    return [_place(version) for version in fresh]


def _breaks(version: Version) -> list[Break]:
    return breaks(orjson.loads(_place(version).read_bytes()), orjson.loads(as_file(version)))


def _place(version: Version) -> Path:
    return Path(public_api.__file__).parent / version.name / "openapi.json"
