"""The same bookings handed in twice count once, and genuine twins count twice."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from itertools import count, pairwise
from uuid import UUID

import pytest

from core.evidence import Bytes
from core.formats import parsers
from core.ids import new_id
from core.statements import (
    StoredStatement,
    StoredTransaction,
    assemble,
    mark_duplicates,
    overlap_findings,
    repeated_statements,
)
from core.statements.model import Account as BankAccount
from core.statements.model import Balance, Statement, Transaction
from deploy.demo import LAYOUTS, Account, Company, camt053, mt940, ofx
from tests.core.test_oracle import company_of

pytestmark = pytest.mark.unit

ACCOUNT = "DE02120300000000202051"
FIRST, LAST = date(2024, 1, 1), date(2024, 1, 31)


def handed_in(
    *bookings: tuple[int, int, str | None],
    first: date = FIRST,
    last: date = LAST,
    balances: tuple[int, int] | None = None,
) -> tuple[StoredStatement, list[StoredTransaction]]:
    """A document with one statement: its bookings' day of January, cents and reference."""
    document, statement = new_id(), new_id()
    opening, closing = (
        (Balance(balances[0], first), Balance(balances[1], last)) if balances else (None, None)
    )
    total = sum(cents for _, cents, _ in bookings)
    head = Statement("statement", BankAccount(ACCOUNT, "EUR"), None, first, last, opening, closing)
    stored = StoredStatement(
        statement, document, head, first, last,
        balances[1] - balances[0] - total if balances else None, False, len(bookings),
    )  # fmt: skip
    return stored, [
        StoredTransaction(
            new_id(), document, statement, ACCOUNT, booking(date(2024, 1, day), cents, reference)
        )
        for day, cents, reference in bookings
    ]


def booking(day: date, cents: int, reference: str | None) -> Transaction:
    return Transaction(
        day, day, cents, "EUR", False, False, None, None, f"text {next(TEXTS)}", None, None, None,
        reference, (), Bytes(0, 1),
    )  # fmt: skip


WRITERS: dict[str, Callable[[Company, Account, date, date], bytes]] = {
    "MT940": mt940,
    "OFX": ofx,
    "CAMT": camt053,
    **LAYOUTS,
}
TEXTS = count()  # no two formats write a text alike


def fresh(
    *documents: tuple[StoredStatement, list[StoredTransaction]],
) -> list[list[tuple[int, int]]]:
    """Which bookings of each document count, by day and cents."""
    rows = [row for _, some in documents for row in some]
    marked = mark_duplicates([stored for stored, _ in documents], rows)
    return [
        [
            (row.transaction.booked_on.day, row.transaction.amount)
            for row in marked
            if row.document_id == stored.document_id and not row.duplicate
        ]
        for stored, _ in documents
    ]


def test_another_format_of_the_same_days_adds_nothing_and_twins_stay_two() -> None:
    camt = handed_in((2, 100, "A"), (2, 100, "B"), (3, 50, "C"))
    table = handed_in((2, 100, None), (2, 100, None), (3, 50, None))
    ofx_file = handed_in((2, 100, "F1"), (2, 100, "F2"), (3, 50, "F3"))
    assert fresh(camt, table, ofx_file) == [[(2, 100), (2, 100), (3, 50)], [], []]


def test_what_only_the_second_document_has_is_new() -> None:
    camt = handed_in((2, 100, "A"))
    table = handed_in((2, 100, None), (2, 100, None), (4, 7, None))
    assert fresh(camt, table) == [[(2, 100)], [(2, 100), (4, 7)]]


def test_another_reference_of_the_same_bank_is_another_booking() -> None:
    one = handed_in((2, 100, "A"), (3, 50, "B"), (3, 60, "C"))
    two = handed_in((3, 50, "B"), (3, 60, "C"), (2, 100, "D"), (5, 1, "E"))
    assert fresh(one, two) == [[(2, 100), (3, 50), (3, 60)], [(2, 100), (5, 1)]]


def test_a_statement_that_goes_on_within_the_day_repeats_nothing() -> None:
    morning = handed_in((2, 100, None), last=date(2024, 1, 2), balances=(0, 100))
    evening = handed_in((2, 100, None), first=date(2024, 1, 2), balances=(100, 200))
    assert fresh(morning, evening) == [[(2, 100)], [(2, 100)]]
    assert fresh(evening, morning) == [[(2, 100)], [(2, 100)]]


def test_a_day_whose_bookings_cancel_out_is_repeated_all_the_same() -> None:
    day = date(2024, 1, 2)
    one, two = (
        handed_in((2, 5, None), (2, -5, None), first=day, last=day, balances=(100, 100))
        for _ in range(2)
    )
    assert fresh(one, two) == [[(2, 5), (2, -5)], []]


def test_the_document_that_agrees_with_its_balances_is_the_one_that_counts() -> None:
    table = handed_in((2, 100, None))
    camt = handed_in((2, 100, "A"), balances=(0, 100))
    assert fresh(table, camt) == [[], [(2, 100)]]
    statements, rows = [table[0], camt[0]], [*table[1], *camt[1]]
    assert repeated_statements(statements, mark_duplicates(statements, rows)) == {table[0].id}


def test_a_table_that_adds_but_what_is_pending_says_nothing_new() -> None:
    camt = handed_in((2, 100, "A"), balances=(0, 100))
    table, rows = handed_in((2, 100, None), (30, 7, None))
    rows[1] = rows[1]._replace(transaction=rows[1].transaction._replace(pending=True))
    statements, both = [camt[0], table], [*camt[1], *rows]
    assert repeated_statements(statements, mark_duplicates(statements, both)) == {table.id}


def test_a_table_with_a_balance_counts_before_one_without() -> None:
    bare = handed_in((2, 100, None))
    table, rows = handed_in((2, 100, None))
    table = table._replace(statement=table.statement._replace(closing=Balance(100, LAST)))
    assert fresh(bare, (table, rows)) == [[], [(2, 100)]]


def test_a_statement_whose_days_others_cover_together_says_nothing_new() -> None:
    half = date(2024, 1, 15)
    one = handed_in((2, 100, "A"), last=half, balances=(0, 100))
    two = handed_in((20, 50, "B"), first=half, balances=(100, 150))
    whole = handed_in((2, 100, None), (20, 50, None))
    statements, rows = [each[0] for each in (one, two, whole)], [*one[1], *two[1], *whole[1]]
    assert repeated_statements(statements, mark_duplicates(statements, rows)) == {whole[0].id}
    statements, rows = statements[1:], rows[1:]
    assert repeated_statements(statements, mark_duplicates(statements, rows)) == set()


def test_days_that_another_document_speaks_of_are_named() -> None:
    whole, _ = handed_in((2, 100, None))
    one, _ = handed_in(last=date(2024, 1, 15), balances=(0, 0))
    two, _ = handed_in(first=date(2024, 1, 15), last=date(2024, 1, 20), balances=(0, 5))
    (finding,) = overlap_findings([one, two], [whole])
    assert finding.code == "overlap"
    assert "from 2024-01-01 to 2024-01-20" in finding.detail.en
    assert list(overlap_findings([one], [two])) == []
    assert list(overlap_findings([], [whole])) == []


def test_the_days_of_a_year_of_daily_statements_are_named_as_those_of_one() -> None:
    days = [date(2024, 1, 1) + timedelta(days=each) for each in range(366)]
    daily = [handed_in(first=first, last=last)[0] for first, last in pairwise(days)]
    year, _ = handed_in(first=days[0], last=days[-1])
    for others, mine in ((daily, [year]), ([year], daily)):
        (finding,) = overlap_findings(others, mine)
        assert "from 2024-01-01 to 2024-12-31" in finding.detail.en
    assert list(overlap_findings(daily[::2], daily[1::2])) == []


@pytest.mark.parametrize("second", ["MT940", "OFX", "Sparkasse", "ING", "CAMT"])
def test_a_companys_ledger_in_two_formats_counts_once(second: str) -> None:
    company = company_of(1)
    account = company.accounts[1]
    write = WRITERS[second]
    months = (date(2025, 3, 1), date(2025, 6, 1))
    statements: list[StoredStatement] = []
    rows: list[StoredTransaction] = []
    for content in (camt053(company, account, *months), write(company, account, *months)):
        read = assemble(parsers.read(BytesIO(content)), new_id())
        statements += read.statements
        rows += [row for row in read.transactions if not row.transaction.pending]
    marked = mark_duplicates(statements, rows)
    counts = Counter(
        (row.transaction.booked_on, row.transaction.amount) for row in marked if not row.duplicate
    )
    first: UUID = statements[0].document_id
    assert counts == Counter(
        (row.transaction.booked_on, row.transaction.amount)
        for row in rows
        if row.document_id == first
    )


def renamed(
    document: tuple[StoredStatement, list[StoredTransaction]], number: str
) -> tuple[StoredStatement, list[StoredTransaction]]:
    """The same document, which calls its account by this number."""
    stored, rows = document
    head = stored.statement._replace(account=BankAccount(number, "EUR"))
    return stored._replace(statement=head), [each._replace(account=number) for each in rows]


def test_an_account_that_is_named_without_its_bank_is_the_same() -> None:
    full = handed_in((5, 100, "a"), (9, -20, "b"))
    other = renamed(handed_in((5, 100, None), (9, -20, None)), "202051")
    statements = [full[0], other[0]]
    rows = mark_duplicates(statements, [*full[1], *other[1]])
    assert [each.duplicate for each in rows] == [False, False, True, True]
    assert repeated_statements(statements, rows) == {other[0].id}
    (finding,) = overlap_findings([full[0]], [other[0]])
    assert finding.code == "overlap"
    for number in ("202052", "51"):  # of another, or too short to tell
        stranger = renamed(handed_in((5, 100, None)), number)
        marked = mark_duplicates([full[0], stranger[0]], [*full[1], *stranger[1]])
        assert not any(each.duplicate for each in marked)
