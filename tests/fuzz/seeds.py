"""What fuzzing starts from: true files, small enough to be changed a thousand times a second."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from deploy.demo import LAYOUTS, camt053, make_company, mt940

LARGEST = 64 * 1024
WRITERS = (camt053, mt940, *LAYOUTS.values())


def plant(corpus: Path, name: str) -> None:
    """Put the seeds of a parser into a folder; all formats for the one that tells formats apart."""
    for data in (*_samples(name), *_own()):
        (corpus / sha256(data).hexdigest()[:16]).write_bytes(data)


def _own() -> Iterator[bytes]:
    company = make_company(1)
    for account in company.accounts:
        for write in WRITERS:
            yield write(company, account, company.first_month, company.first_month)[:LARGEST]


def _samples(name: str) -> Iterator[bytes]:
    folder = os.environ.get("BELEG_SAMPLES")
    if not folder:
        return
    under = Path(folder) / name
    for file in sorted((under if under.is_dir() else Path(folder)).rglob("*")):
        if file.is_file() and file.stat().st_size <= LARGEST:
            yield file.read_bytes()
