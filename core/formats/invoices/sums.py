"""Whether an invoice's amounts follow from each other, as EN 16931 has it (BR-CO-10 to 16)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.bilingual import Bilingual
from core.documents import Fact, Finding, Term
from core.money import Money, stated

MOST_NAMED = 5  # amounts that are named one by one


@dataclass(frozen=True, slots=True)
class Subtotal:
    """The tax of one rate (in per cent) on a basis, in minor units and parts of them."""

    basis: Decimal | None
    tax: Decimal
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What leads from the lines to the net amount, and from gross to due; in minor units.

    Lines may have parts of them.
    """

    lines: tuple[Decimal, ...] = ()
    lines_total: int | None = None
    allowances: int = 0
    charges: int = 0
    rounding: int = 0
    third_parties: int = 0
    subtotals: tuple[Subtotal, ...] = ()


def doubts(facts: Iterable[Fact], totals: Totals) -> Iterator[Finding]:
    """Each sum that does not come out, with what it comes to; what is not told is not held."""
    amounts = {fact.term: fact.amount for fact in facts if fact.amount is not None}
    gross = amounts[Term.GROSS_AMOUNT]
    net, tax, due = (
        amounts.get(term) for term in (Term.NET_AMOUNT, Term.TAX_AMOUNT, Term.AMOUNT_DUE)
    )
    if net and tax and net.minor + tax.minor != gross.minor:
        detail = Bilingual(
            f"Net {_text(net).en} and tax {_text(tax).en} are not the gross amount"
            f" {_text(gross).en}.",
            f"Netto {_text(net).de} und Steuer {_text(tax).de} ergeben nicht den Bruttobetrag"
            f" {_text(gross).de}.",
        )
        yield Finding("invoice_total_differs", detail)
    # The smallest profile has no lines, and no place for what was paid before either.
    whole = bool(totals.lines) or totals.lines_total is not None
    prepaid = amounts.get(Term.PREPAID_AMOUNT) or (Money(0, gross.currency) if whole else None)
    more = totals.rounding + totals.third_parties
    if due and prepaid and gross.minor - prepaid.minor + more != due.minor:
        detail = Bilingual(
            f"Gross {_text(gross).en} less {_text(prepaid).en} paid before are not the amount due"
            f" {_text(due).en}.",
            f"Brutto {_text(gross).de} abzüglich Vorauszahlungen {_text(prepaid).de} ergeben nicht"
            f" den fälligen Betrag {_text(due).de}.",
        )
        yield Finding("invoice_due_differs", detail)
    yield from _lines(totals, net, gross.currency)


def _lines(totals: Totals, net: Money | None, currency: str) -> Iterator[Finding]:
    """The lines against their total; that, less allowances and with charges, against net."""
    added = Money(_added(totals), currency)
    total = Money(added.minor if totals.lines_total is None else totals.lines_total, currency)
    if totals.lines and added != total:
        detail = Bilingual(
            f"The lines add up to {_text(added).en}, not to the total {_text(total).en}.",
            f"Die Summe der Positionen ist {_text(added).de}, nicht die angegebene Summe"
            f" {_text(total).de}.",
        )
        yield Finding("invoice_lines_differ", detail)
    if net is None or (totals.lines_total is None and not totals.lines):
        return
    left = Money(total.minor - totals.allowances + totals.charges, currency)
    if left != net:
        detail = Bilingual(
            f"The lines, with allowances and charges, come to {_text(left).en}, not to the net"
            f" amount {_text(net).en}.",
            f"Die Positionen ergeben mit Nachlässen und Zuschlägen {_text(left).de}, nicht den"
            f" Nettobetrag {_text(net).de}.",
        )
        yield Finding("invoice_lines_differ", detail)


def _added(totals: Totals) -> int:
    """What the lines add up to: as they are, or each rounded, whichever their total says."""
    whole = whole_units(sum(totals.lines, Decimal()))
    rounded = sum(map(whole_units, totals.lines))
    return rounded if totals.lines_total == rounded else whole


def whole_units(amount: Decimal) -> int:
    """An amount in whole minor units, halves rounded away from zero, as EN 16931 has it."""
    return int(amount.to_integral_value(ROUND_HALF_UP))  # of any size, unlike quantize


def rounding(rounded: Sequence[Bilingual]) -> Iterator[Finding]:
    """That amounts are finer than their currency, and what was done about it."""
    if rounded:
        names = list(dict.fromkeys(rounded))[:MOST_NAMED]
        yield Finding(
            "invoice_rounded",
            Bilingual(
                "Amounts are finer than the currency and were rounded:"
                f" {', '.join(each.en for each in names)}.",
                "Beträge haben mehr Nachkommastellen als die Währung und wurden gerundet:"
                f" {', '.join(each.de for each in names)}.",
            ),
        )


def _text(amount: Money) -> Bilingual:
    return stated(*amount)
