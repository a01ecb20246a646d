"""A file that was handed in with an application, and what became of it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from core.bilingual import Bilingual
from core.evidence import Box, Bytes
from core.money import Money

FAILED_ON_US = "internal_error"
"""What builds before this one found in a document where the fault was ours."""


class DocumentStatus(StrEnum):
    """How far reading has come; an unreadable document says why in its findings."""

    QUEUED = "queued"
    READING = "reading"
    READ = "read"
    UNREADABLE = "unreadable"


class DocumentKind(StrEnum):
    """What a document is, or was said to be."""

    BANK_STATEMENT = "bank_statement"
    INVOICE = "invoice"
    BUSINESS_REPORT = "business_report"
    ANNUAL_ACCOUNTS = "annual_accounts"
    REGISTER_EXTRACT = "register_extract"
    OTHER = "other"


class Term(StrEnum):
    """What a fact is about, named as EN 16931 and the commercial register name it."""

    INVOICE_NUMBER = "invoice_number"
    TYPE_CODE = "type_code"
    ISSUE_DATE = "issue_date"
    DUE_DATE = "due_date"
    SELLER_NAME = "seller_name"
    SELLER_VAT_ID = "seller_vat_id"
    BUYER_NAME = "buyer_name"
    BUYER_VAT_ID = "buyer_vat_id"
    PAYEE_IBAN = "payee_iban"
    CURRENCY = "currency"
    NET_AMOUNT = "net_amount"
    TAX_AMOUNT = "tax_amount"
    GROSS_AMOUNT = "gross_amount"
    PREPAID_AMOUNT = "prepaid_amount"
    AMOUNT_DUE = "amount_due"
    TITLE = "title"
    PERIOD_START = "period_start"
    PERIOD_END = "period_end"
    REPORTING_DATE = "reporting_date"
    REGISTER_COURT = "register_court"
    REGISTER_NUMBER = "register_number"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth knowing about a document: a stable code and a sentence."""

    code: str
    detail: Bilingual


class Origin(NamedTuple):
    """Where a fact stands: bytes of the document, or of the file named that is attached to it.

    On a page that shows it, `box` says where; what is told by a page alone has all bytes.
    """

    bytes: Bytes
    attachment: str | None = None
    box: Box | None = None


class Fact(NamedTuple):
    """Something that a document says: a text, a day or an amount (minor units), one of these."""

    term: Term
    origin: Origin
    text: str | None = None
    day: date | None = None
    amount: Money | None = None


class FigureTerm(StrEnum):
    """What a figure of a business report, of annual accounts or of a loan's papers is."""

    REVENUE = "revenue"
    TOTAL_OUTPUT = "total_output"
    MATERIAL_COSTS = "material_costs"
    PERSONNEL_COSTS = "personnel_costs"
    DEPRECIATION = "depreciation"
    OTHER_COSTS = "other_costs"
    TOTAL_COSTS = "total_costs"
    OPERATING_RESULT = "operating_result"
    RESULT = "result"
    EQUITY = "equity"
    BANK_LIABILITIES = "bank_liabilities"
    INSTALMENT = "instalment"


class FigureSpan(StrEnum):
    """For what a paper tells a figure: a month, its year so far, a year, a day, each payment."""

    MONTH = "month"
    YEAR_TO_DATE = "year_to_date"
    YEAR = "year"
    REPORTING_DATE = "reporting_date"
    EACH = "each"


class PaperFigure(NamedTuple):
    """A figure that a paper tells in minor units, and where; proven by what it must follow from."""

    figure: FigureTerm
    span: FigureSpan
    amount: Money
    origin: Origin


class Recognised(NamedTuple):
    """What a document is that is no bank statement, what it says, and the figures it tells."""

    kind: DocumentKind
    facts: tuple[Fact, ...] = ()
    figures: tuple[PaperFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it stands; `blob` names where its bytes lie, `size` is in bytes."""

    id: UUID
    application_id: UUID
    status: DocumentStatus
    kind: DocumentKind | None
    filename: str
    media_type: str
    size: int
    sha256: bytes
    blob: str
    findings: tuple[Finding, ...]
    created_at: datetime
    read_at: datetime | None
    facts: tuple[Fact, ...] = ()
    figures: tuple[PaperFigure, ...] = ()

    @property
    def failed_on_us(self) -> bool:
        """Whether a build gave it up over an error of ours; this one gives none up for that."""
        return any(each.code == FAILED_ON_US for each in self.findings)


class ReadingProgress(NamedTuple):
    """How many documents there are, how many wait to be read, and how many of those are begun."""

    total: int
    unread: int
    reading: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """So many documents, and so many bytes of them."""

    documents: int
    bytes: int

    def __add__(self, more: "Holdings") -> "Holdings":
        return Holdings(self.documents + more.documents, self.bytes + more.bytes)


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """Bytes that lie in the blob store already and wait to become a document."""

    blob: str
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class UploadLabel:
    """What the sender said of the bytes; none of it is believed when they are read."""

    filename: str
    media_type: str
    kind: DocumentKind | None

    @classmethod
    def of(
        cls, filename: str | None, media_type: str | None, kind: DocumentKind | None
    ) -> "UploadLabel":
        """The label as it may be shown."""
        declared = (media_type or "").partition(";")[0].strip().lower()
        proper = declared if _MEDIA_TYPE.match(declared) else "application/octet-stream"
        return cls(shown_filename(filename), proper, kind)


class ReceivedFile(NamedTuple):
    """A file that was handed in and waits to become a document: its bytes, and what was said."""

    stored: StoredBlob
    label: UploadLabel


class HandInResult(NamedTuple):
    """The document that a file became, and whether it is new: the same bytes are there once."""

    document: Document
    new: bool


_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def shown_filename(filename: str | None) -> str:
    """A file name fit to be shown: the last part of the path, printable, at most 200 characters."""
    name = _UNPRINTABLE.sub("", (filename or "").replace("\\", "/").rsplit("/", 1)[-1]).strip()
    return name[:200] or "document"
