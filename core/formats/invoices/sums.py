"""Whether an invoice's amounts follow from each other, as EN 16931 has it (BR-CO-10 to 16)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.bilingual import Bilingual
from core.documents import Fact, Finding, Term
from core.money import Money, stated


@dataclass(frozen=True, slots=True)
class Totals:
    """What leads from the lines to the net amount, and from gross to due; in minor units."""

    lines: tuple[int, ...] = ()
    lines_total: int | None = None
    allowances: int = 0
    charges: int = 0
    rounding: int = 0


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
    if due and prepaid and gross.minor - prepaid.minor + totals.rounding != due.minor:
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
    added = Money(sum(totals.lines), currency)
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


def _text(amount: Money) -> Bilingual:
    return stated(*amount)
