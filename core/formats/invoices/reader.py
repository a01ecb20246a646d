"""Invoices in XML, whatever their syntax and profile: ZUGFeRD, Factur-X, XRechnung, Peppol."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import BinaryIO

from core import money
from core.bilingual import Bilingual
from core.documents import DocumentKind, Fact, Finding, Origin, Recognised, Term
from core.errors import Unreadable
from core.formats.invoices import sums, vat
from core.formats.invoices.envelope import ENVELOPE, opened
from core.formats.invoices.markup import LARGEST, Element, parse, root
from core.formats.invoices.syntaxes import BY_ROOT, Syntax
from core.money import Money

IBAN = re.compile(r"[A-Z]{2}\d{2}", re.ASCII)  # so it begins, right or wrong
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
PLAIN_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T+Z-].*)?", re.ASCII)
GERMAN = {
    Term.INVOICE_NUMBER: "Rechnungsnummer",
    Term.CURRENCY: "Währung",
    Term.ISSUE_DATE: "Rechnungsdatum",
    Term.DUE_DATE: "Fälligkeitsdatum",
    Term.NET_AMOUNT: "Nettobetrag",
    Term.TAX_AMOUNT: "Steuerbetrag",
    Term.GROSS_AMOUNT: "Bruttobetrag",
    Term.PREPAID_AMOUNT: "Vorauszahlung",
    Term.AMOUNT_DUE: "Zahlbetrag",
}
LINES = Bilingual("total of lines", "Summe der Positionen")
ALLOWANCES = Bilingual("total of allowances", "Summe der Nachlässe")
CHARGES = Bilingual("total of charges", "Summe der Zuschläge")
ROUNDING = Bilingual("rounding", "Rundungsbetrag")
NEEDED = (Term.INVOICE_NUMBER, Term.CURRENCY, Term.GROSS_AMOUNT)


def recognises(head: bytes) -> bool:
    """Whether an XML file that begins so is an invoice, or an envelope in which one may be."""
    name = root(head)
    return name in BY_ROOT or name == ENVELOPE


def read(source: BinaryIO) -> Iterator[Recognised | Finding]:
    """The invoice that a file is, and what is odd about it; raises Unreadable with the reason."""
    yield from read_bytes(source.read(LARGEST + 1))


def read_bytes(content: bytes, attachment: str | None = None) -> Iterator[Recognised | Finding]:
    """The invoice in these bytes, those of the file attached by that name if it is; as `read`.

    Amounts are in minor units; one that is finer than its currency, and not by zeros only, is
    refused with its name.
    """
    document = opened(parse(content))
    syntax = BY_ROOT.get(document.name)
    if syntax is None:
        raise Unreadable(
            Bilingual(
                f"The XML holds no invoice: what it holds is {document.name[:60]}.",
                f"Das XML enthält keine Rechnung, sondern {document.name[:60]}.",
            )
        )
    invoice = _Invoice(document, syntax, attachment)
    facts = [*invoice.texts(), *invoice.days(), *invoice.amounts()]
    missing = [term for term in NEEDED if term not in {fact.term for fact in facts}]
    if missing:
        names = [spoken(term) for term in missing]
        raise Unreadable(
            Bilingual(
                f"The invoice does not say its {' and its '.join(name.en for name in names)}. Ask"
                " for a complete one: ZUGFeRD 2, Factur-X or XRechnung.",
                f"In der Rechnung fehlt: {', '.join(name.de for name in names)}. Bitte eine"
                " vollständige anfordern: ZUGFeRD 2, Factur-X oder XRechnung.",
            ),
            code="invoice_incomplete",
        )
    yield Recognised(DocumentKind.INVOICE, tuple(facts))
    yield from vat.doubts(facts)
    yield from sums.doubts(facts, invoice.totals())


def spoken(term: Term) -> Bilingual:
    """The term of an amount, a day or what an invoice needs, as it is said in a sentence."""
    return Bilingual(term.replace("_", " "), GERMAN[term])


class _Invoice:
    """An invoice's elements, and where its syntax has each term."""

    def __init__(self, outermost: Element, syntax: Syntax, attachment: str | None) -> None:
        self._outermost = outermost
        self._syntax = syntax
        self._attachment = attachment
        self._currency = self._text(syntax.texts[Term.CURRENCY])

    def texts(self) -> Iterator[Fact]:
        """What is told in words, ids without blanks."""
        for term, paths in self._syntax.texts.items():
            element = self._first(paths)
            if element is None or (term is Term.CURRENCY and not self._known_currency):
                continue
            text = element.text
            if term in (Term.SELLER_VAT_ID, Term.BUYER_VAT_ID, Term.PAYEE_IBAN):
                text = re.sub(r"[\s.-]", "", text).upper()
            if term is Term.PAYEE_IBAN and not IBAN.match(text):
                continue  # an account by a number of its own
            yield Fact(term, self._origin(element), text=text)

    def days(self) -> Iterator[Fact]:
        """What is told as a day; raises Unreadable for one that no calendar has."""
        for term, paths in self._syntax.days.items():
            element = self._first(paths)
            if element is not None:
                yield Fact(term, self._origin(element), day=_day(element.text, term))

    def amounts(self) -> Iterator[Fact]:
        """The totals that are in the invoice's currency, in minor units of it."""
        for term, path in self._syntax.amounts.items():
            element = self._amount(path)
            if element is not None:
                amount = Money(self._minor(element, spoken(term)), self._currency)
                yield Fact(term, self._origin(element), amount=amount)

    def totals(self) -> sums.Totals:
        """What stands between the lines and the amount that is due."""
        syntax = self._syntax
        lines = [self._line(*each) for each in enumerate(self._outermost.all(syntax.lines), 1)]
        return sums.Totals(
            lines=tuple(each for each in lines if each is not None),
            lines_total=self._of(syntax.lines_total, LINES),
            allowances=self._of(syntax.allowances, ALLOWANCES) or 0,
            charges=self._of(syntax.charges, CHARGES) or 0,
            rounding=self._of(syntax.rounding, ROUNDING) or 0,
        )

    def _line(self, number: int, line: Element) -> int | None:
        path, values = self._syntax.uncounted
        if path and any(each.text in values for each in line.all(path)):
            return None
        element = next(line.all(self._syntax.line_amount), None)
        what = Bilingual(f"amount of line {number}", f"Betrag der Position {number}")
        return None if element is None else self._minor(element, what)

    def _of(self, path: str, what: Bilingual) -> int | None:
        element = self._amount(path)
        return None if element is None else self._minor(element, what)

    def _amount(self, path: str) -> Element | None:
        """The first amount there in the invoice's currency; taxes may be told in another too."""
        if not self._known_currency:
            return None
        for element in self._outermost.all(path):
            if element.text and element.attributes.get("currencyID") in (None, self._currency):
                return element
        return None

    def _minor(self, element: Element, what: Bilingual) -> int:
        try:
            return money.parse(element.text, self._currency)
        except money.BadAmount as problem:
            raise Unreadable(
                Bilingual(
                    f"The invoice's {what.en} cannot be kept: {problem.reason.en}.",
                    f"Eine Angabe der Rechnung kann nicht übernommen werden ({what.de}):"
                    f" {problem.reason.de}.",
                ),
                code="invoice_amount",
            ) from None

    @property
    def _known_currency(self) -> bool:
        return CURRENCY.fullmatch(self._currency) is not None

    def _text(self, paths: Sequence[str]) -> str:
        element = self._first(paths)
        return "" if element is None else element.text

    def _first(self, paths: Sequence[str]) -> Element | None:
        found = (each for path in paths for each in self._outermost.all(path) if each.text)
        return next(found, None)

    def _origin(self, element: Element) -> Origin:
        return Origin(element.place, self._attachment)


def _day(text: str, term: Term) -> date:
    match = PLAIN_DAY.fullmatch(text)
    try:
        if match:
            return datetime.strptime("".join(match.groups()), "%Y%m%d").date()
    except ValueError:
        pass
    name = spoken(term)
    raise Unreadable(
        Bilingual(
            f"The invoice's {name.en}, {text[:40]!r}, is no day.",
            f"Eine Angabe der Rechnung ist kein Datum ({name.de}): {text[:40]!r}.",
        )
    )
