"""What fuzzing starts from: true files, small enough to be changed a thousand times a second."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

from deploy.demo import LAYOUTS, camt053, make_company, mt940, ofx
from deploy.demo.bill import Bill, make_bill
from deploy.demo.bill_xml import cii, enveloped, ubl, zugferd_1
from deploy.demo.papers import bill_pdf, zugferd
from deploy.demo.pdf import pdf
from deploy.demo.sheets import LAYOUTS as SHEETS
from tests.core.formats.messages import entry, message, statement

LARGEST = 64 * 1024
LONG = 300 * 1024  # more than any reader's block; so few of them that the others keep their speed
WRITERS: dict[str, Sequence[Callable[..., bytes]]] = {
    "camt": (camt053,),
    "mt940": (mt940,),
    "ofx": (ofx,),
    "csv": tuple(LAYOUTS.values()),
    "pdf": tuple(partial(pdf, layout=each) for each in SHEETS),
}
BLOCKWISE = ("camt", "csv", "mt940", "ofx")
BILLS: Sequence[Callable[[Bill], bytes]] = (
    cii,
    zugferd_1,
    ubl,
    lambda bill: enveloped(ubl(bill)),
)
PAPERS: Sequence[Callable[[Bill], bytes]] = (zugferd, bill_pdf)


def plant(corpus: Path, name: str) -> None:
    """Put the seeds of a parser into a folder; all formats for the one that tells formats apart."""
    writers = WRITERS.get(name) or [each for some in WRITERS.values() for each in some]
    bills = {"invoices": BILLS, "pdf": PAPERS, "parsers": (*BILLS, *PAPERS)}.get(name, ())
    own = [write(make_bill(make_company(1), 1)) for write in bills]
    if name != "invoices":
        own += [*_samples(name), *_own(writers), *long(name)]
    for data in own:
        (corpus / sha256(data).hexdigest()[:16]).write_bytes(data)


def long(name: str) -> Iterator[bytes]:
    """Files longer than the block that a reader reads, and one whose first booking is."""
    company = make_company(1)
    for write in WRITERS[name][:1] if name in BLOCKWISE else ():
        data = write(
            company=company,
            account=company.accounts[0],
            first_month=company.first_month,
            last_month=company.last_month,
        )
        yield (data * (LONG // len(data) + 1))[:LONG] if name == "csv" else data[:LONG]
    if name in ("camt", "parsers"):
        part = "<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls>"
        yield message(statement(entry(details=part * 1_500), entry()))


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
