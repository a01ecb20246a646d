"""What can be done with an application's statements: say what each booking is, and compute."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.analysis import store
from core.analysis.books import Books
from core.analysis.categories import categorise
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
    LeftOut,
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
class Analysis:
    """What was computed of an application; `sums` has each figure's evidence in minor units."""

    figures: list[Figure]
    sums: Mapping[str, int]
    months: list[Month]


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
        periods=tuple(map(period_of, counting.values())),
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


def period_of(stored: StoredStatement) -> Period:
    """What a statement says of the days that it covers."""
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
