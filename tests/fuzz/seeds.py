"""What fuzzing starts from: true files, small enough to be changed a thousand times a second."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

from deploy.demo import LAYOUTS, camt053, make_company, mt940, ofx
from deploy.demo.bill import Bill, make_bill
from deploy.demo.bill_xml import cii, ubl, zugferd_1
from deploy.demo.papers import bill_pdf, zugferd
from deploy.demo.pdf import pdf
from deploy.demo.sheets import LAYOUTS as SHEETS

LARGEST = 64 * 1024
WRITERS: dict[str, Sequence[Callable[..., bytes]]] = {
    "camt": (camt053,),
    "mt940": (mt940,),
    "ofx": (ofx,),
    "csv": tuple(LAYOUTS.values()),
    "pdf": tuple(partial(pdf, layout=each) for each in SHEETS),
}
BILLS: Sequence[Callable[[Bill], bytes]] = (cii, zugferd_1, ubl)
PAPERS: Sequence[Callable[[Bill], bytes]] = (zugferd, bill_pdf)


def plant(corpus: Path, name: str) -> None:
    """Put the seeds of a parser into a folder; all formats for the one that tells formats apart."""
    writers = WRITERS.get(name) or [each for some in WRITERS.values() for each in some]
    bills = {"invoices": BILLS, "pdf": PAPERS, "formats": (*BILLS, *PAPERS)}.get(name, ())
    own = [write(make_bill(make_company(1), 1)) for write in bills]
    if name != "invoices":
        own += [*_samples(name), *_own(writers)]
    for data in own:
        (corpus / sha256(data).hexdigest()[:16]).write_bytes(data)


def _own(writers: Iterable[Callable[..., bytes]]) -> Iterator[bytes]:
    company = make_company(1)
    for account in company.accounts:
        for write in writers:
            month = {"first_month": company.first_month, "last_month": company.first_month}
            yield write(company=company, account=account, **month)[:LARGEST]


def _samples(name: str) -> Iterator[bytes]:
    folder = os.environ.get("BELEG_SAMPLES")
    if not folder:
        return
    under = Path(folder) / name
    for file in sorted((under if under.is_dir() else Path(folder)).rglob("*")):
        if file.is_file() and file.stat().st_size <= LARGEST:
            yield file.read_bytes()
