"""What can be done with an application's statements: say what each booking is, and compute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.analysis import store
from core.analysis.books import Books
from core.analysis.categories import categorise
from core.analysis.coverage import cover, find_gaps
from core.analysis.figures import compute, months
from core.analysis.model import (
    Booking,
    Category,
    DeclaredLenders,
    Figure,
    FigureInputs,
    Month,
    Period,
    UnlabelledBooking,
)
from core.db import Tx
from core.statements import (
    Account,
    StoredStatement,
    StoredTransaction,
    counting_statements,
    mark_duplicates,
    repeated_statements,
)


@dataclass(frozen=True, slots=True)
class AccountCoverage:
    """An account, the days from and to which statements speak of it, and the gaps between."""

    account: Account
    starts_on: date
    ends_on: date
    gaps: tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was computed of an application; `sums` has each figure's evidence in minor units."""

    figures: list[Figure]
    sums: Mapping[str, int]
    months: list[Month]


def label(
    kept: Sequence[StoredStatement], rows: Sequence[StoredTransaction], applicant: str
) -> list[StoredTransaction]:
    """The rows, each said to be what it is; all of an application's together, oldest first."""
    marked = mark_duplicates(kept, rows)
    lines = [UnlabelledBooking.of(row.account, row.transaction) for row in marked]
    holders = {each.statement.account.holder for each in kept}
    labels = categorise(
        lines,
        own_accounts=frozenset(each.statement.account.number for each in kept),
        holders=(applicant, *sorted(filter(None, holders))),
    )
    return [
        StoredTransaction(*row[:-2], found.category.value, found.bounced)
        for row, found in zip(marked, labels, strict=True)
    ]


def analyse(
    currency: str,
    declared_lenders: tuple[str, ...] | None,
    kept: Sequence[StoredStatement],
    rows: Sequence[StoredTransaction],
    months_needed: int,
) -> Analysis:
    """Compute an application's figures anew from its labelled rows."""
    facts = figure_inputs(currency, declared_lenders, kept, rows)
    books = Books(facts, months_needed)
    figures = compute(books)
    amounts = {each.id: each.amount for each in facts.bookings}
    sums = {each.id: sum(amounts[one] for one in each.evidence) for each in figures}
    return Analysis(figures, sums, months(books))


async def save(tx: Tx, application_id: UUID, found: Analysis) -> None:
    """Write an application's figures and months in place of those it had."""
    await store.forget(tx, application_id)
    await store.keep(tx, application_id, found.figures, found.months, found.sums)


def accounts(kept: Sequence[StoredStatement]) -> list[AccountCoverage]:
    """Each account that statements are about, the days they cover, and the gaps between them."""
    periods = [_period(each) for each in counting_statements(kept)]
    runs = cover(periods)
    gaps = find_gaps(runs)
    heads = {each.statement.account.number: each.statement.account for each in kept}
    return [
        AccountCoverage(
            heads[number],
            runs[number][0].starts_on,
            runs[number][-1].ends_on,
            tuple((gap.starts_on, gap.ends_on) for gap in gaps if gap.account == number),
        )
        for number in runs
    ]


def figure_inputs(
    currency: str,
    declared_lenders: tuple[str, ...] | None,
    kept: Sequence[StoredStatement],
    rows: Sequence[StoredTransaction],
) -> FigureInputs:
    """What the figures rest on: statements in the currency, and their bookings that count."""
    old = repeated_statements(kept, rows)
    statements = [
        each
        for each in counting_statements(kept)
        if each.statement.account.currency == currency and each.id not in old
    ]
    ids = {each.id for each in statements}
    return FigureInputs(
        currency=currency,
        periods=tuple(_period(each) for each in statements),
        bookings=tuple(
            Booking(
                row.id,
                row.account,
                row.transaction.booked_on,
                row.transaction.amount,
                Category(row.category or Category.SUPPLIER),
                row.bounced,
                row.transaction.counterparty,
                row.transaction.counterparty_account,
            )
            for row in rows
            if row.statement_id in ids and not row.duplicate and not row.transaction.pending
        ),
        declared=DeclaredLenders(declared_lenders),
    )


def _period(each: StoredStatement) -> Period:
    said = each.statement
    return Period(
        each.id,
        said.account.number,
        each.starts_on,
        each.ends_on,
        said.opening.amount if said.opening else None,
        said.closing.amount if said.closing else None,
        each.difference,
    )
