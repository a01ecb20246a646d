"""Invoices in XML, whatever their syntax and profile: ZUGFeRD, Factur-X, XRechnung, Peppol."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from core import money
from core.bilingual import Bilingual
from core.documents import DocumentKind, Fact, Finding, Origin, Recognised, Term
from core.errors import Unreadable
from core.formats.invoices import foreign, omitted, sums, taxes, vat
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
THIRD_PARTIES = Bilingual("third party payment", "Zahlung für Dritte")
BASIS = Bilingual("amount that a tax is on", "Bemessungsgrundlage einer Steuer")
SUBTOTAL = Bilingual("tax of a rate", "Steuerbetrag eines Satzes")
EXTENSION = "extension:xrechnung"
RATE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)
NOISE = Decimal("0.005")  # of a minor unit: what computing with binary fractions leaves
LONGEST = 40  # characters of a number
NEEDED = (Term.INVOICE_NUMBER, Term.CURRENCY, Term.GROSS_AMOUNT)


def recognises(head: bytes) -> bool:
    """Whether an XML file that begins so is an invoice, or an envelope in which one may be."""
    found = root(head)
    if found is None:
        return False
    name = found[0].rpartition(":")[2]
    return name in BY_ROOT or name == ENVELOPE or foreign.is_foreign(*found)


def read(source: BinaryIO) -> Iterator[Recognised | Finding]:
    """The invoice that a file is, and what is odd about it; raises Unreadable with the reason."""
    yield from read_bytes(source.read(LARGEST + 1))


def read_bytes(content: bytes, attachment: str | None = None) -> Iterator[Recognised | Finding]:
    """The invoice in these bytes, those of the file attached by that name if it is; as `read`.

    Amounts are in minor units; a total that is finer than its currency is refused with its name,
    unless it is by zeros or by what computing with binary fractions leaves.
    """
    outermost = parse(content)
    document = opened(outermost)
    foreign.require_known(document.name, _namespace(document, outermost))
    syntax = BY_ROOT.get(document.name)
    if syntax is None:
        raise Unreadable(
            Bilingual(
                f"The XML holds no invoice: what it holds is {document.name[:60]}.",
                f"Das XML enthält keine Rechnung, sondern {document.name[:60]}.",
            )
        )
    invoice = _Invoice(document, syntax, attachment)
    invoice.require_currency()
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
    yield from invoice.left_out()
    totals = invoice.totals()
    yield from sums.doubts(facts, totals)
    yield from taxes.doubts(facts, totals)
    yield from sums.rounding(invoice.rounded)


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
        self.rounded: list[Bilingual] = []  # what was finer than its currency

    def require_currency(self) -> None:
        """Raise Unreadable where what is named as the currency is none."""
        if self._currency and not self._known_currency:
            raise omitted.no_currency(self._currency)

    def left_out(self) -> Iterator[Finding]:
        """Totals that are told in another currency only, and payees' accounts after the first."""
        for term, path in self._syntax.amounts.items():
            other = next((each for each in self._outermost.all(path) if each.text), None)
            if other is not None and self._amount(path) is None:
                unit = other.attributes.get("currencyID", "")
                yield omitted.amount(spoken(term), self._currency, unit)
        paths = self._syntax.texts[Term.PAYEE_IBAN]
        named = [_joined(each.text) for path in paths for each in self._outermost.all(path)]
        others = [each for each in dict.fromkeys(named) if IBAN.match(each)][1:]
        if others:
            yield omitted.accounts(others)

    def texts(self) -> Iterator[Fact]:
        """What is told in words, ids without blanks."""
        for term, paths in self._syntax.texts.items():
            element = self._first(paths)
            if element is None or (term is Term.CURRENCY and not self._known_currency):
                continue
            text = element.text
            if term in (Term.SELLER_VAT_ID, Term.BUYER_VAT_ID, Term.PAYEE_IBAN):
                text = _joined(text)
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
        extended = EXTENSION in self._text(syntax.guideline)
        others = self._outermost.all(syntax.third_parties) if extended else ()
        return sums.Totals(
            lines=tuple(each for each in lines if each is not None),
            lines_total=self._of(syntax.lines_total, LINES),
            allowances=self._of(syntax.allowances, ALLOWANCES) or 0,
            charges=self._of(syntax.charges, CHARGES) or 0,
            rounding=self._of(syntax.rounding, ROUNDING) or 0,
            third_parties=sum(self._minor(each, THIRD_PARTIES) for each in others),
            subtotals=tuple(self._subtotals()),
        )

    def _line(self, number: int, line: Element) -> Decimal | None:
        path, values = self._syntax.uncounted
        if path and any(each.text in values for each in line.all(path)):
            return None
        element = next(line.all(self._syntax.line_amount), None)
        what = Bilingual(f"amount of line {number}", f"Betrag der Position {number}")
        return None if element is None else self._fine(element, what)

    def _subtotals(self) -> Iterator[sums.Subtotal]:
        """The tax of each rate, where all that is needed to hold it to its rate is told."""
        syntax = self._syntax
        for element in self._outermost.all(syntax.subtotals):
            basis, tax = (next(element.all(path), None) for path in syntax.subtotal_amounts)
            rate = next(element.all(syntax.subtotal_rate), None)
            if tax is None or tax.attributes.get("currencyID") not in (None, self._currency):
                continue
            percent = RATE.fullmatch(rate.text) if rate is not None else None
            yield sums.Subtotal(
                basis=None if basis is None else self._fine(basis, BASIS),
                tax=self._fine(tax, SUBTOTAL),
                rate=Decimal(percent[0]) if percent else None,
            )

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
        """Minor units; raises Unreadable for what is finer, unless it is so by noise."""
        try:
            return money.parse(element.text, self._currency)
        except money.BadAmount as problem:
            fine = _decimal(element.text, self._currency)
            if fine is not None and 0 < abs(fine - round(fine)) < NOISE:
                self.rounded.append(what)
                return round(fine)
            raise Unreadable(
                Bilingual(
                    f"The invoice's {what.en} cannot be kept: {problem.reason.en}.",
                    f"Eine Angabe der Rechnung kann nicht übernommen werden ({what.de}):"
                    f" {problem.reason.de}.",
                ),
                code="invoice_amount",
            ) from None

    def _fine(self, element: Element, what: Bilingual) -> Decimal:
        """Minor units and parts of them, of what is added but not kept."""
        fine = _decimal(element.text, self._currency)
        if fine is None:
            return Decimal(self._minor(element, what))
        if fine != round(fine):
            self.rounded.append(what)
        return fine

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


def _joined(text: str) -> str:
    """A number of a party or account without what sets its parts apart."""
    return re.sub(r"[\s.-]", "", text).upper()


def _decimal(text: str, currency: str) -> Decimal | None:
    """An amount in minor units and parts of them; None for what is no decimal number."""
    if len(text) > LONGEST or not RATE.fullmatch(text):
        return None
    return Decimal(text).scaleb(money.exponent(currency))


def _namespace(document: Element, outermost: Element) -> str:
    """The namespace of a document, which its envelope may declare."""
    name = f"{document.prefix}:{document.name}" if document.prefix else document.name
    return foreign.namespace(name, {**outermost.attributes, **document.attributes})


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
