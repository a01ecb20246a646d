"""Whether an invoice's taxes follow from their rates and add up (BR-CO-14, BR-CO-17, BR-S-09)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from core.bilingual import SWAP, Bilingual
from core.documents import Fact, Finding, Term
from core.formats.invoices.sums import Subtotal, Totals, whole_units
from core.money import Money, stated

HALF = Decimal("0.5")  # of a minor unit, by which a line's tax is rounded at most


def doubts(facts: Iterable[Fact], totals: Totals) -> Iterator[Finding]:
    """Each tax that is not what its rate comes to, and a total that its parts do not add up to."""
    amounts = {fact.term: fact.amount for fact in facts if fact.amount is not None}
    currency = amounts[Term.GROSS_AMOUNT].currency
    for subtotal in totals.subtotals:
        yield from _rate(subtotal, currency, len(totals.lines))
    tax = amounts.get(Term.TAX_AMOUNT)
    added = whole_units(sum((each.tax for each in totals.subtotals), Decimal()))
    if totals.subtotals and tax is not None and added != tax.minor:
        parts, total = stated(added, currency), stated(*tax)
        yield Finding(
            "invoice_tax_differs",
            Bilingual(
                f"The taxes of each rate add up to {parts.en}, not to the tax {total.en}"
                " (BR-CO-14).",
                f"Die Steuern der einzelnen Sätze ergeben {parts.de}, nicht die Steuer {total.de}"
                " (BR-CO-14).",
            ),
        )


def _rate(subtotal: Subtotal, currency: str, lines: int) -> Iterator[Finding]:
    """A tax that is further from its rate than rounding each line accounts for."""
    if subtotal.basis is None or subtotal.rate is None:
        return
    due = subtotal.basis * subtotal.rate / 100
    if abs(due - subtotal.tax) <= max(Decimal(1), HALF * (lines + 1)):
        return
    says, basis = _text(subtotal.tax, currency), _text(subtotal.basis, currency)
    right, rate = _text(due, currency), f"{subtotal.rate.normalize():f}"
    yield Finding(
        "invoice_tax_differs",
        Bilingual(
            f"{rate} % of {basis.en} are {right.en}, not {says.en} (BR-CO-17, BR-S-09).",
            f"{rate.translate(SWAP)} % von {basis.de} sind {right.de}, nicht {says.de}"
            " (BR-CO-17, BR-S-09).",
        ),
    )


def _text(amount: Decimal, currency: str) -> Bilingual:
    return stated(*Money(whole_units(amount), currency))
