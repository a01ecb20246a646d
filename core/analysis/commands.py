"""What can be done with an application's statements: say what each booking is, and compute."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import asyncpg

from core import applications, statements
from core.analysis import store
from core.analysis.books import Books
from core.analysis.categories import categorise
from core.analysis.coverage import cover, find_gaps
from core.analysis.figures import compute, months
from core.analysis.model import (
    AnswerState,
    Booking,
    Category,
    DocumentDoubt,
    Figure,
    FigureInputs,
    Month,
    Period,
    UnlabelledBooking,
)
from core.analysis.rulings import (
    NOTHING_LEFT_OUT,
    AccountRuling,
    AccountStanding,
    LeftOut,
    list_rulings,
    standings,
)
from core.applications import Applicant
from core.db import Queryable, Tx
from core.errors import NotFound
from core.pages import AccountPosition, DayPosition, Page
from core.statements import (
    Account,
    StoredStatement,
    StoredTransaction,
    TransactionFilter,
    counting_statements,
    mark_duplicates,
    repeated_statements,
    statement_from_row,
)
from core.viewers import Viewer


@dataclass(frozen=True, slots=True)
class AccountCoverage:
    """An account, from and to when statements speak of it, gaps between, and whether it counts."""

    account: Account
    starts_on: date
    ends_on: date
    gaps: tuple[tuple[date, date], ...]
    standing: AccountStanding


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was computed of an application; `sums` has each figure's evidence in minor units."""

    figures: list[Figure]
    sums: Mapping[str, int]
    months: list[Month]


@dataclass(frozen=True, slots=True)
class StatementOverview:
    """Statements of an application, its accounts, and its figures (two of which judge them)."""

    statements: list[StoredStatement]
    accounts: list[AccountCoverage]
    figures: list[store.StoredFigure]
    page: Page[StoredStatement] | None = None  # where a page of them was asked for


@dataclass(frozen=True, slots=True)
class StatementListing:
    """Which statements to list: all, or a page; `evidence_of` is an answer's or a figure's name."""

    evidence_of: str | None = None
    limit: int | None = None
    after: AccountPosition | None = None


@dataclass(frozen=True, slots=True)
class StatementFindings:
    """What was found for a StatementOverview, which is work of its own to make of many of them."""

    rows: Sequence[asyncpg.Record]
    chosen: frozenset[UUID] | None
    figures: list[store.StoredFigure]
    page: Page[StoredStatement] | None
    applicant: Applicant
    rulings: Sequence[AccountRuling]

    def overview(self) -> StatementOverview:
        """The statements that were asked for, and what is known of all of them."""
        stored = [statement_from_row(row) for row in self.rows]
        listed = [each for each in stored if self.chosen is None or each.id in self.chosen]
        if self.page is not None:
            listed = self.page.items
        of_accounts = (each.statement.account for each in stored)
        known = standings(of_accounts, self.applicant, self.rulings)
        return StatementOverview(listed, accounts(stored, known), self.figures, self.page)


@dataclass(frozen=True, slots=True)
class TransactionListing:
    """Which transactions to list; `evidence_of` is an answer's or a figure's name."""

    filter: TransactionFilter
    limit: int
    after: DayPosition | None = None
    evidence_of: str | None = None


def label(
    statements: Sequence[StoredStatement],
    transactions: Sequence[StoredTransaction],
    applicant: str,
    left_out: Container[str] = (),
    beside: Sequence[Account] = (),
) -> list[StoredTransaction]:
    """The transactions, each with what it is; all of an application's together, oldest first.

    Accounts that are left out are another's: what is their own tells nothing of the applicant.
    Those `beside` are of statements whose transactions are not among these.
    """
    counted, others = _apart(statements, left_out), _apart(statements, left_out, others=True)
    beside = [each for each in beside if each.number not in left_out]
    if not others:
        return _label(statements, transactions, (applicant,), beside)
    aside = {each.id for each in others}
    ours = [each for each in transactions if each.statement_id not in aside]
    theirs = [each for each in transactions if each.statement_id in aside]
    labelled = {
        each.id: each
        for each in (
            *_label(counted, ours, (applicant,), beside),
            *_label(others, theirs, (), ()),
        )
    }
    return [labelled[each.id] for each in transactions]


def _apart(
    statements: Sequence[StoredStatement], left_out: Container[str], *, others: bool = False
) -> list[StoredStatement]:
    return [each for each in statements if (each.statement.account.number in left_out) is others]


def _label(
    statements: Sequence[StoredStatement],
    transactions: Sequence[StoredTransaction],
    names: tuple[str, ...],
    beside: Sequence[Account],
) -> list[StoredTransaction]:
    marked = mark_duplicates(statements, transactions)
    accounts = [*(each.statement.account for each in statements), *beside]
    holders = {account.holder for account in accounts}
    labels = categorise(
        [UnlabelledBooking.of(each.account, each.transaction) for each in marked],
        own_accounts=frozenset(account.number for account in accounts),
        holders=(*names, *sorted(filter(None, holders))),
    )
    return [
        each._replace(category=label.category, bounced=label.bounced)
        for each, label in zip(marked, labels, strict=True)
    ]


def analyse(
    currency: str,
    declared_lenders: tuple[str, ...] | None,
    statements: Sequence[StoredStatement],
    transactions: Sequence[StoredTransaction],
    months_needed: int,
    left_out: Mapping[str, LeftOut] = NOTHING_LEFT_OUT,
    doubts: Sequence[DocumentDoubt] = (),
) -> Analysis:
    """Compute an application's figures anew from its labelled transactions."""
    inputs = figure_inputs(currency, declared_lenders, statements, transactions, left_out, doubts)
    books = Books(inputs, months_needed)
    figures = compute(books)
    amounts = {each.id: each.amount for each in inputs.bookings}
    sums = {each.id: sum(amounts[one] for one in each.evidence) for each in figures}
    balances = next(each for each in figures if each.id == "average_balance")
    with_balances = balances.state is AnswerState.ANSWERED
    return Analysis(figures, sums, months(books, with_balances=with_balances))


async def save(tx: Tx, application_id: UUID, analysis: Analysis) -> None:
    """Write an application's figures and months in place of those it had."""
    await store.replace(tx, application_id, analysis.figures, analysis.months, analysis.sums)


def accounts(
    statements: Sequence[StoredStatement], known: Sequence[AccountStanding]
) -> list[AccountCoverage]:
    """Each account that statements are about, the days they cover, and the gaps between them."""
    by_account = {each.account: each for each in known}
    runs = cover(_period(each) for each in counting_statements(statements))
    gaps: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for gap in find_gaps(runs):
        gaps[gap.account].append((gap.starts_on, gap.ends_on))
    by_number = {each.statement.account.number: each.statement.account for each in statements}
    return [
        AccountCoverage(
            account=by_number[number],
            starts_on=runs[number][0].starts_on,
            ends_on=runs[number][-1].ends_on,
            gaps=tuple(gaps[number]),
            standing=by_account[number],
        )
        for number in runs
    ]


async def find_statements(
    db: Queryable, viewer: Viewer, application_id: UUID, listing: StatementListing
) -> StatementFindings:
    """The client's application's statements, by account and period, and what is known of them.

    Where `evidence_of` names an answer or a figure, only what that rests on is listed. Of pages
    after the first the accounts are left out: to tell them takes all statements.
    """
    application = await applications.get(db, viewer, application_id)
    chosen = page = None
    rows: Sequence[asyncpg.Record] = ()
    if listing.evidence_of is not None:
        evidence = await _evidence(db, application_id, listing.evidence_of)
        chosen = frozenset(evidence.statements)
    if listing.limit is not None:
        page = await statements.list_statements_by_cursor(
            db,
            application_id,
            None if chosen is None else sorted(chosen),
            listing.after,
            listing.limit,
        )
    if listing.after is None:
        rows = await statements.rows_of_application(db, application_id)
    return StatementFindings(
        rows,
        chosen,
        await store.list_figures(db, application_id),
        page,
        application.terms.applicant,
        await list_rulings(db, application_id),
    )


async def list_transactions(
    db: Queryable, viewer: Viewer, application_id: UUID, listing: TransactionListing
) -> Page[StoredTransaction]:
    """The client's application's transactions, oldest first, resuming after the cursor."""
    await applications.get(db, viewer, application_id)
    chosen = listing.filter
    if listing.evidence_of is not None:
        evidence = await _evidence(db, application_id, listing.evidence_of)
        chosen = replace(chosen, ids=evidence.transactions)
    return await statements.list_by_cursor(db, application_id, chosen, listing.after, listing.limit)


async def _evidence(db: Queryable, application_id: UUID, name: str) -> store.EvidenceIds:
    evidence = await store.evidence_ids(db, application_id, name)
    if evidence is None:
        raise NotFound("answer or figure")
    return evidence


def figure_inputs(
    currency: str,
    declared_lenders: tuple[str, ...] | None,
    statements: Sequence[StoredStatement],
    transactions: Sequence[StoredTransaction],
    left_out: Mapping[str, LeftOut] = NOTHING_LEFT_OUT,
    doubts: Sequence[DocumentDoubt] = (),
) -> FigureInputs:
    """What the figures rest on: statements in the currency, and their bookings that count."""
    statements = _apart(statements, left_out)
    own = {each.id for each in statements}
    transactions = [each for each in transactions if each.statement_id in own]
    repeated = repeated_statements(statements, transactions)
    counting = {
        each.id: each
        for each in counting_statements(statements)
        if each.statement.account.currency == currency and each.id not in repeated
    }
    return FigureInputs(
        currency=currency,
        periods=tuple(map(_period, counting.values())),
        bookings=tuple(
            _booking(each)
            for each in transactions
            if each.statement_id in counting and not each.duplicate and not each.transaction.pending
        ),
        declared_lenders=declared_lenders,
        left_out={account: of.holder for account, of in left_out.items() if not of.ruled},
        doubts=tuple(doubts),
    )


def _booking(stored: StoredTransaction) -> Booking:
    transaction = stored.transaction
    return Booking.__new__(
        Booking,
        id=stored.id,
        account=stored.account,
        booked_on=transaction.booked_on,
        amount=transaction.amount,
        category=Category(stored.category or Category.SUPPLIER),
        bounced=stored.bounced,
        counterparty=transaction.counterparty,
        counterparty_account=transaction.counterparty_account,
    )


def _period(stored: StoredStatement) -> Period:
    opening, closing = stored.statement.opening, stored.statement.closing
    return Period(
        statement=stored.id,
        account=stored.statement.account.number,
        starts_on=stored.starts_on,
        ends_on=stored.ends_on,
        opening=opening.amount if opening else None,
        closing=closing.amount if closing else None,
        difference=stored.difference,
        unread_rows=stored.unread_rows,
    )
