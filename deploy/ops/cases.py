"""Made-up companies' cases, handed in, read and decided by the same commands as real ones."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from mimetypes import guess_type
from uuid import UUID

import orjson

from core import applications, decisions, documents, users
from core.clients import Caller
from core.db import Database
from core.decisions import DecisionOutcome, DecisionReason
from core.reading import DocumentReader
from core.viewers import Viewer, Visibility
from deploy.demo import Company, camt053, make_company
from deploy.demo.bill import make_bill
from deploy.demo.papers import annual_accounts, business_report, register_extract, zugferd
from public_api.messages import Request
from public_api.v2.applications import read_new


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A made-up case: whose, months of statements, a month left out, other papers, how it ends."""

    seed: int
    months: int
    without: int | None = None
    outcome: tuple[DecisionOutcome, DecisionReason] | None = None
    handed_in: bool = True
    papers: bool = False


async def hand_in_case(
    reader: DocumentReader, caller: Caller, case: DemoCase, reference: str
) -> UUID:
    """Hand in a case under this reference of the caller's, and read it; its id."""
    company = make_company(case.seed)
    body = company.application() | {"external_reference": reference}
    new = read_new(Request({}, {}, {}, orjson.dumps(body)))
    application = await reader.db.write(lambda tx: applications.submit(tx, _sees(caller), new))
    if case.handed_in:
        files = [*_files(company, case), *(_papers(company) if case.papers else ())]
        ids = [await _document(reader, caller, application.id, *each) for each in files]
        for document_id in ids:
            await reader.read(document_id)
    return application.id


async def decide(
    db: Database,
    person: users.Person,
    application_id: UUID,
    outcome: DecisionOutcome,
    reason: DecisionReason,
) -> None:
    """Close a case."""
    await db.write(
        lambda tx: decisions.decide(tx, person, application_id, outcome, (reason,), None)
    )


async def _document(
    reader: DocumentReader, caller: Caller, application_id: UUID, name: str, content: bytes
) -> UUID:
    stored = await reader.blobs.receive(_as_stream(content))
    label = documents.UploadLabel.of(name, guess_type(name)[0], None)
    file = documents.ReceivedFile(stored, label)
    upload = await reader.db.write(
        lambda tx: documents.hand_in(tx, _sees(caller), application_id, file)
    )
    return upload.document.id


def _sees(caller: Caller) -> Viewer:
    return caller.viewer(Visibility.all())


def _files(company: Company, case: DemoCase) -> list[tuple[str, bytes]]:
    """The statements of the last months, a file an account, or two around the one left out."""
    last, first = company.last_month, _months_before(company.last_month, case.months - 1)
    spans = [(first, last)]
    if case.without is not None:
        spans = [
            (first, _months_before(last, case.without + 1)),
            (_months_before(last, case.without - 1), last),
        ]
    return [
        (f"{account.iban}_{start:%Y-%m}_{end:%Y-%m}.xml", camt053(company, account, start, end))
        for account in company.accounts
        for start, end in spans
    ]


def _papers(company: Company) -> list[tuple[str, bytes]]:
    """What a business hands in beside its statements."""
    bill, month = make_bill(company), company.last_month
    return [
        (f"Rechnung {bill.number}.pdf", zugferd(bill)),
        (f"BWA {month:%Y-%m}.pdf", business_report(company, month)),
        (f"Jahresabschluss {month.year - 1}.pdf", annual_accounts(company, month.year - 1)),
        ("Handelsregister.pdf", register_extract(company)),
    ]


def _months_before(month: date, months: int) -> date:
    year, index = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(year, index + 1, 1)


async def _as_stream(content: bytes) -> AsyncIterator[bytes]:
    yield content
