"""What is listed of a case's statements: all of them, a page, or what an answer rests on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import asyncpg

from core import applications, statements
from core.analysis import store
from core.analysis.commands import period_of
from core.analysis.coverage import cover, find_gaps
from core.analysis.rulings import AccountRuling, AccountStanding, list_rulings, standings
from core.applications import Applicant
from core.db import Queryable
from core.errors import NotFound
from core.pages import AccountPosition, DayPosition, Page
from core.statements import (
    Account,
    StoredStatement,
    StoredTransaction,
    TransactionFilter,
    counting_statements,
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


def accounts(
    statements: Sequence[StoredStatement], known: Sequence[AccountStanding]
) -> list[AccountCoverage]:
    """Each account that statements are about, the days they cover, and the gaps between them."""
    by_account = {each.account: each for each in known}
    runs = cover(period_of(each) for each in counting_statements(statements))
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
