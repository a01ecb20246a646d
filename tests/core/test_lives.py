"""A company that opens or closes an account is told the truth, over many companies.

The company computes the truth from what each booking is; the product knows the files alone.
"""

from datetime import date

import pytest

from core.analysis import AnswerState
from deploy.demo import Company, camt053, closed, opened, truth
from deploy.demo.bankdays import shift
from tests.core.test_oracle import analyse, company_of, computed, true
from tests.every import some

SEEDS = some(range(1, 13), 4)


def files_of(company: Company) -> list[bytes]:
    """The statements of all months in which each account lives, a file an account."""
    return [
        camt053(
            company,
            account,
            max(company.first_month, account.opened or date.min),
            min(company.last_month, (account.closed or date.max).replace(day=1)),
        )
        for account in company.accounts
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_account_closed_a_year_ago_does_not_end_the_window(seed: int) -> None:
    whole = company_of(seed)
    company = closed(whole, shift(whole.last_month, -11 - seed % 4))
    figures, _ = analyse(company, files_of(company), company.declared_lenders)
    known = truth(company, declared_lenders=company.declared_lenders)
    assert computed(figures) == true(known)
    assert known.completeness == 24
    window = figures["monthly_revenue"].window
    assert window is not None
    assert window.ends_on.replace(day=1) == company.last_month


@pytest.mark.parametrize("seed", SEEDS)
def test_an_account_opened_six_months_ago_can_be_complete(seed: int) -> None:
    whole = company_of(seed)
    company = opened(whole, shift(whole.last_month, -5 - seed % 4))
    figures, _ = analyse(company, files_of(company), company.declared_lenders)
    known = truth(company, declared_lenders=company.declared_lenders)
    assert computed(figures) == true(known)
    assert known.completeness == 24


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_what_an_account_that_lives_lacks_is_still_missing(seed: int) -> None:
    """Its statements end with money on it: nobody closed it, so what came after is asked for."""
    company = company_of(seed)
    first, second = company.accounts
    until = shift(company.last_month, -12)
    handed_in = [
        camt053(company, first, company.first_month, company.last_month),
        camt053(company, second, company.first_month, until),
    ]
    figures, _ = analyse(company, handed_in, company.declared_lenders)
    assert figures["completeness"].state is AnswerState.NOT_ANSWERABLE
    assert figures["monthly_revenue"].provisional
    [gap] = [each for each in figures["completeness"].missing if each.account == second.iban]
    assert gap.starts_on == shift(until, 1)
