"""The shapes of a document: what it says, what is odd about it, and how a place in it looks."""

from typing import TypedDict

from bff.views.values import Amount, BilingualText, Box
from core.documents import DocumentKind as DocumentKind
from core.documents import DocumentStatus as DocumentStatus
from core.documents import FigureSpan, FigureTerm, Term


class Finding(TypedDict):
    """What is odd about a document: a code that the page has words for, and a detail."""

    code: str
    detail: BilingualText


class Fact(TypedDict):
    """A text, a day or an amount that a document says, and where: in bytes, and on a page.

    The bytes are those of the attached file where one is named.
    """

    term: Term
    text: str | None
    day: str | None
    amount: Amount | None
    start: int
    end: int
    attachment: str | None
    box: Box | None


class PaperFigure(TypedDict):
    """A figure that a paper tells, for which span, and where on a page."""

    figure: FigureTerm
    span: FigureSpan
    amount: Amount
    start: int
    end: int
    box: Box | None


class HandedIn(TypedDict):
    """What became of a file that was handed in."""

    known: bool
    """Whether the case had these very bytes already."""


class Document(TypedDict):
    """A file of the case and how far its reading is."""

    id: str
    filename: str
    kind: DocumentKind | None
    status: DocumentStatus
    size: int
    received_at: str
    findings: list[Finding]
    facts: list[Fact]
    figures: list[PaperFigure]


class Evidence(TypedDict):
    """The very bytes a fact rests on, as text, between what stands around them."""

    filename: str
    sha256: str
    start: int
    end: int
    before: str
    text: str
    after: str


class PageImage(TypedDict):
    """A page of a file as it looks, as a `data:` address; width and height are in points."""

    filename: str
    sha256: str
    pages: int
    width: float
    height: float
    image: str
