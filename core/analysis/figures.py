"""Every figure, by formula and version, and the months behind the chart.

A formula's rule never changes: a new rule is a new version, so that old reports recompute.
"""

from core.analysis import balances, completeness, flows, reservations
from core.analysis.books import Books
from core.analysis.coverage import end_of_month
from core.analysis.formulas import Formula
from core.analysis.model import Basis, Category, Figure, Month, Unit
from core.bilingual import Bilingual

# fmt: off
FORMULAS = (
    Formula("monthly_revenue", 1, Unit.MONEY,
            Bilingual("Monthly revenue", "Monatlicher Umsatz"),
            Basis.FLOWS, flows.monthly_revenue),
    Formula("average_balance", 1, Unit.MONEY,
            Bilingual("Average balance", "Durchschnittlicher Saldo"),
            Basis.BALANCES, balances.average_balance),
    Formula("lowest_balance", 1, Unit.MONEY,
            Bilingual("Lowest balance", "Niedrigster Saldo"),
            Basis.BALANCES, balances.lowest_balance),
    Formula("days_in_red", 1, Unit.DAYS,
            Bilingual("Days in the red", "Tage im Minus"),
            Basis.BALANCES, balances.days_in_red),
    Formula("own_payments_bounced", 1, Unit.COUNT,
            Bilingual("Own payments bounced", "Eigene Rücklastschriften"),
            Basis.FLOWS, flows.own_payments_bounced),
    Formula("customer_debits_bounced", 1, Unit.COUNT,
            Bilingual("Customers' debits bounced", "Rücklastschriften von Kunden"),
            Basis.FLOWS, flows.customer_debits_bounced),
    Formula("customer_debits_bounced_ratio", 1, Unit.RATIO,
            Bilingual("Share of customers' debits bounced", "Rücklastschriftquote der Kunden"),
            Basis.FLOWS, flows.customer_debits_bounced_ratio),
    Formula("debt_service", 1, Unit.MONEY,
            Bilingual("Existing debt service", "Bestehender Kapitaldienst"),
            Basis.FLOWS, flows.debt_service),
    Formula("growth", 1, Unit.RATIO,
            Bilingual("Growth of revenue", "Umsatzwachstum"),
            Basis.FLOWS, flows.growth),
    Formula("completeness", 1, Unit.MONTHS,
            Bilingual("Whole months covered", "Lückenlos belegte Monate"),
            Basis.STATEMENTS, completeness.completeness),
    Formula("reconciliation", 1, Unit.MONEY,
            Bilingual("Difference to the balances", "Abweichung von den Salden"),
            Basis.STATEMENTS, completeness.reconciliation),
    Formula("seizures", 1, Unit.COUNT,
            Bilingual("Seizures", "Pfändungen"),
            Basis.FLOWS, flows.seizures),
    Formula("gambling", 1, Unit.COUNT,
            Bilingual("Gambling", "Glücksspiel"),
            Basis.FLOWS, flows.gambling),
    Formula("undeclared_lenders", 1, Unit.COUNT,
            Bilingual("Lenders not declared", "Nicht angegebene Kreditgeber"),
            Basis.FLOWS, flows.undeclared_lenders),
)
# fmt: on


def compute(books: Books) -> list[Figure]:
    """Every figure of the books, in the formulas' order, each with what it is subject to.

    Balances of statements that do not reconcile are withheld. A pure function of the books.
    """
    figures = [formula.apply(books) for formula in FORMULAS]
    bases = {formula.id: formula.basis for formula in FORMULAS}
    return reservations.reserve(books, figures, bases)


def months(books: Books, *, with_balances: bool = True) -> list[Month]:
    """The window month by month; own transfers and reversed pairs count in balances only.

    Months of statements of which rows were not read are left out.
    """
    inflow, outflow = dict.fromkeys(books.months(), 0), dict.fromkeys(books.months(), 0)
    aside = {Category.OWN_TRANSFER, Category.REVERSAL, Category.REVERSED}
    for booking in books.labelled(*sorted(set(Category) - aside)):
        side = inflow if booking.amount > 0 else outflow
        side[booking.booked_on.replace(day=1)] += abs(booking.amount)
    days = books.summed_balances if with_balances else None
    return [
        Month(
            starts_on=month,
            inflow=inflow[month],
            outflow=outflow[month],
            revenue=books.revenue[month],
            balance=None
            if days is None or books.window is None
            else days[(end_of_month(month) - books.window.starts_on).days],
        )
        for month in books.months()
        if not any(
            each.starts_on <= end_of_month(month) and each.ends_on >= month for each in books.unread
        )
    ]
