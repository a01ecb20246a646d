"""What is handed in that is not all, or not the applicant's, over many companies.

The company computes the truth from what each booking is; the product knows the files alone.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from core import analysis
from core.analysis import AccountRuling, Figure, ReservationKind
from core.analysis.books import Books
from core.analysis.commands import figure_inputs
from core.analysis.figures import FORMULAS, compute
from core.analysis.model import AnswerState, Basis
from core.applications import Applicant
from core.ids import new_id
from deploy.demo import Company, truth
from deploy.demo.bankdays import shift
from tests.builders import statements_without
from tests.core.test_oracle import company_of, computed, files, true, understood
from tests.every import some

SEEDS = some(range(1, 9), 3)
OF = {each.id: each.basis for each in FORMULAS}


def analysed(
    company: Company, contents: Sequence[bytes], let_in: Sequence[str] = ()
) -> dict[str, Figure]:
    """What the product makes of the files, as reading runs it, without a database."""
    read = [understood(content) for content in contents]
    stored = [each for one in read for each in one.statements]
    rows = sorted(
        (row for one in read for row in one.transactions),
        key=lambda row: (row.transaction.booked_on, row.id),
    )
    rulings = [
        AccountRuling(each, True, "It is ours.", new_id(), datetime.now(UTC)) for each in let_in
    ]
    applicant = Applicant(company.cast.name, "DE")
    accounts = [each.statement.account for each in stored]
    left_out = analysis.left_out(analysis.standings(accounts, applicant, rulings))
    labelled = analysis.label(stored, rows, company.cast.name, left_out)
    lenders = company.declared_lenders
    inputs = figure_inputs("EUR", lenders, stored, labelled, left_out)
    return {each.id: each for each in compute(Books(inputs))}


def kinds(figures: dict[str, Figure]) -> dict[str, set[ReservationKind]]:
    """What each figure with a value about money or bookings is subject to."""
    return {
        name: {reservation.kind for reservation in figure.reservations}
        for name, figure in figures.items()
        if OF[name] is not Basis.STATEMENTS and figure.state is AnswerState.ANSWERED
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_a_strangers_account_changes_no_figure_until_it_is_let_in(seed: int) -> None:
    company = company_of(seed)
    stranger = next(
        each
        for each in map(company_of, range(seed + 12, seed + 40))
        if each.cast.name != company.cast.name
    )
    theirs = files(stranger)
    figures = analysed(company, [*files(company), *theirs])
    assert computed(figures) == true(truth(company, declared_lenders=company.declared_lenders))
    assert all(each == {ReservationKind.ACCOUNT_LEFT_OUT} for each in kinds(figures).values())
    let_in = analysed(
        company, [*files(company), *theirs], [each.iban for each in stranger.accounts]
    )
    assert let_in["monthly_revenue"].value != figures["monthly_revenue"].value
    assert not any(kinds(let_in).values())


@pytest.mark.parametrize("seed", SEEDS)
def test_without_one_of_its_accounts_no_figure_is_certain(seed: int) -> None:
    company = company_of(seed)
    figures = analysed(company, files(company)[:1])
    assert figures["completeness"].state is AnswerState.NOT_ANSWERABLE
    assert all(each == {ReservationKind.ACCOUNT_MISSING} for each in kinds(figures).values())


@pytest.mark.parametrize("seed", SEEDS)
def test_without_one_of_its_months_no_figure_is_certain(seed: int) -> None:
    company = company_of(seed)
    figures = analysed(company, statements_without(company, 8))
    known = truth(
        company,
        declared_lenders=company.declared_lenders,
        without=[(each.iban, shift(company.last_month, -8)) for each in company.accounts],
    )
    assert computed(figures) == true(known)
    assert all(each == {ReservationKind.GAP} for each in kinds(figures).values())


@pytest.mark.parametrize("seed", SEEDS)
def test_with_all_of_it_every_figure_is_certain(seed: int) -> None:
    company = company_of(seed)
    assert not any(kinds(analysed(company, files(company))).values())
