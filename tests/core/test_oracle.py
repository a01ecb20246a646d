"""Every figure equals what the made-up company knows about itself, over many companies.

The company computes the truth from what each booking is; the product knows the files alone.
"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache, lru_cache
from io import BytesIO
from uuid import UUID

import pytest

from core import analysis, statements
from core.analysis import Figure
from core.analysis.books import Books
from core.analysis.commands import figure_inputs
from core.analysis.figures import compute
from core.formats import parsers
from core.ids import new_id
from core.statements import ParsedDocument, StoredTransaction
from deploy.demo import Company, Truth, camt053, truth
from tests.builders import company as made
from tests.every import some

SEEDS = some(range(1, 25), 8)
VALUES = (
    "monthly_revenue",
    "average_balance",
    "lowest_balance",
    "days_in_red",
    "own_payments_bounced",
    "customer_debits_bounced",
    "customer_debits_bounced_ratio",
    "debt_service",
    "growth",
    "completeness",
    "reconciliation",
    "seizures",
    "gambling",
    "undeclared_lenders",
)


@cache
def company_of(seed: int) -> Company:
    """The company of a seed."""
    return made(seed)


@lru_cache(maxsize=50)
def understood(content: bytes) -> ParsedDocument:
    """What is read in a file: once for all tests that ask for it one after the other."""
    return statements.assemble(parsers.read(BytesIO(content)), new_id())


def analyse(
    company: Company, files: Sequence[bytes], declared: Collection[str] | None
) -> tuple[dict[str, Figure], list[StoredTransaction]]:
    """What the product makes of the files, as reading runs it, without a database."""
    read = [understood(content) for content in files]
    stored = [each for one in read for each in one.statements]
    rows = sorted(
        (row for one in read for row in one.transactions),
        key=lambda row: (row.transaction.booked_on, row.id),
    )
    labelled = analysis.label(stored, rows, company.cast.name)
    lenders = None if declared is None else tuple(declared)
    figures = compute(Books(figure_inputs("EUR", lenders, stored, labelled)))
    return {each.id: each for each in figures}, labelled


def files(company: Company, first: date | None = None, last: date | None = None) -> list[bytes]:
    """The company's statements of these months, a file an account."""
    return [
        camt053(company, account, first or company.first_month, last or company.last_month)
        for account in company.accounts
    ]


def computed(figures: dict[str, Figure]) -> dict[str, object]:
    """The figures' values."""
    return {name: figures[name].value for name in VALUES}


def true(known: Truth) -> dict[str, object]:
    """The truth's values."""
    return {name: getattr(known, name) for name in VALUES}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_the_truth_to_the_cent(seed: int) -> None:
    company = company_of(seed)
    declared = company.declared_lenders
    figures, _ = analyse(company, files(company), declared)
    assert computed(figures) == true(truth(company, declared_lenders=declared))


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_a_year_of_statements_gives_the_truth_of_that_year(seed: int) -> None:
    company = company_of(seed)
    last = company.last_month
    first = date(last.year - 1, last.month, 1)
    figures, _ = analyse(company, files(company, first, last), None)
    assert computed(figures) == true(truth(company, first, last))


@pytest.mark.parametrize("seed", SEEDS)
def test_each_figure_rests_on_the_very_bookings_that_make_it(seed: int) -> None:
    company = company_of(seed)
    declared = company.declared_lenders
    figures, rows = analyse(company, files(company), declared)
    references = {row.id: row.transaction.bank_reference for row in rows}
    known = truth(company, declared_lenders=declared).evidence
    for name in (
        "monthly_revenue",
        "own_payments_bounced",
        "customer_debits_bounced",
        "debt_service",
        "seizures",
        "gambling",
    ):
        assert _references(figures[name].evidence, references) == sorted(known[name]), name


def _references(ids: Sequence[UUID], references: dict[UUID, str | None]) -> list[str]:
    return sorted(references[one] or "" for one in ids)
