"""Every query on statements and their transactions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    Text,
    Uuid,
    any_,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.db import Queryable, Tx
from core.pages import (
    BEGINNING,
    FIRST_ACCOUNT,
    AccountPosition,
    DayPosition,
    NumberedPage,
    Page,
    PageRequest,
    cursor,
)
from core.query import compiled, like, param
from core.statements.model import Account, StoredStatement, StoredTransaction
from core.statements.rows import (
    COLUMNS,
    statement,
    statement_from_row,
    statement_row,
    transaction,
    transaction_from_row,
    transaction_row,
)

_T = transaction.c

_DELETE_TRANSACTIONS = compiled(delete(transaction).where(_T.document_id == param("document_id")))
_DELETE_STATEMENTS = compiled(
    delete(statement).where(statement.c.document_id == param("document_id"))
)
_STATEMENTS = compiled(
    select(*statement.c)
    .where(statement.c.application_id == param("application_id"))
    .order_by(statement.c.account, statement.c.starts_on, statement.c.id)
)
_OF_ACCOUNTS = compiled(
    select(*statement.c)
    .where(
        statement.c.application_id == param("application_id"),
        statement.c.account == any_(param("accounts", ARRAY(Text))),
    )
    .order_by(statement.c.account, statement.c.starts_on, statement.c.id)
)
_STATEMENTS_AFTER = compiled(
    select(*statement.c)
    .where(
        statement.c.application_id == param("application_id"),
        or_(param("ids", ARRAY(Uuid)).is_(None), statement.c.id == any_(param("ids", ARRAY(Uuid)))),
        tuple_(statement.c.account, statement.c.starts_on, statement.c.id)
        > tuple_(param("account", Text), param("day", Date), param("after", Uuid)),
    )
    .order_by(statement.c.account, statement.c.starts_on, statement.c.id)
    .limit(param("limit", Integer))
)
_ACCOUNTS = compiled(
    select(statement.c.account, statement.c.currency, statement.c.holder, statement.c.bank)
    .where(statement.c.application_id == param("application_id"))
    .distinct()
    .order_by(statement.c.account, statement.c.holder)
)
_COUNT_STATEMENTS = compiled(
    select(func.count().label("total"))
    .select_from(statement)
    .where(statement.c.application_id == param("application_id"))
)
_COUNT_BOOKINGS = compiled(
    select(func.coalesce(func.sum(statement.c.transaction_count), 0).label("total"))
    .select_from(statement)
    .where(statement.c.application_id == param("application_id"))
)
_ALL = compiled(
    select(*COLUMNS)
    .where(_T.application_id == param("application_id"))
    .order_by(_T.booked_on, _T.id)
)
_FILTERS = (
    _T.application_id == param("application_id"),
    or_(param("account", Text).is_(None), _T.account == param("account", Text)),
    or_(param("category", Text).is_(None), _T.category == param("category", Text)),
    or_(
        param("counterparty", Text).is_(None),
        _T.counterparty.icontains(param("counterparty", Text), autoescape=False),
    ),
    or_(param("since", Date).is_(None), _T.booked_on >= param("since", Date)),
    or_(param("until", Date).is_(None), _T.booked_on <= param("until", Date)),
    or_(param("ids", ARRAY(Uuid)).is_(None), _T.id == any_(param("ids", ARRAY(Uuid)))),
)
_PAGE = compiled(
    select(*COLUMNS)
    .where(
        *_FILTERS, tuple_(_T.booked_on, _T.id) > tuple_(param("day", Date), param("after", Uuid))
    )
    .order_by(_T.booked_on, _T.id)
    .limit(param("limit", Integer))
)
_NUMBERED = compiled(
    select(*COLUMNS)
    .where(*_FILTERS)
    .order_by(_T.booked_on, _T.id)
    .limit(param("limit", Integer))
    .offset(param("offset", Integer))
)
_COUNT = compiled(select(func.count().label("total")).select_from(transaction).where(*_FILTERS))
_BY_IDS = compiled(select(*COLUMNS).where(_T.id == any_(param("ids", ARRAY(Uuid)))))
_LABELS = (
    func.unnest(
        param("ids", ARRAY(Uuid)),
        param("categories", ARRAY(Text)),
        param("bounces", ARRAY(Boolean)),
        param("duplicates", ARRAY(Boolean)),
    )
    .table_valued(
        Column("id", Uuid),
        Column("category", Text),
        Column("bounced", Boolean),
        Column("duplicate", Boolean),
        name="label",
    )
    .render_derived()
)
_LABEL = compiled(
    update(transaction)
    .where(_T.id == _LABELS.c.id)
    .values(
        category=_LABELS.c.category,
        bounced=_LABELS.c.bounced,
        duplicate=_LABELS.c.duplicate,
    )
)


@dataclass(frozen=True, slots=True)
class TransactionFilter:
    """Which of an application's transactions; dates are inclusive, None narrows nothing."""

    account: str | None = None
    category: str | None = None
    counterparty: str | None = None
    since: date | None = None
    until: date | None = None
    ids: Sequence[UUID] | None = None


async def delete_of_document(tx: Tx, document_id: UUID) -> None:
    """Remove what was read from a document, so that it can be read again."""
    await tx.run(_DELETE_TRANSACTIONS, document_id=document_id)
    await tx.run(_DELETE_STATEMENTS, document_id=document_id)


async def insert(
    tx: Tx,
    application_id: UUID,
    statements: Sequence[StoredStatement],
    rows: Sequence[StoredTransaction],
) -> None:
    """Write what was read from a document."""
    await tx.copy(
        statement,
        [column.name for column in statement.c],
        [statement_row(application_id, each) for each in statements],
    )
    await tx.copy(
        transaction,
        [column.name for column in transaction.c],
        (transaction_row(application_id, each) for each in rows),
    )


async def update_labels(tx: Tx, rows: Sequence[StoredTransaction]) -> None:
    """Write what these transactions were found to be, and whether they are duplicates."""
    await tx.run(
        _LABEL,
        ids=[each.id for each in rows],
        categories=[each.category for each in rows],
        bounces=[each.bounced for each in rows],
        duplicates=[each.duplicate for each in rows],
    )


async def list_for_application(db: Queryable, application_id: UUID) -> list[StoredStatement]:
    """All statements of an application, by account and period."""
    return [
        statement_from_row(row) for row in await db.all(_STATEMENTS, application_id=application_id)
    ]


async def list_of_accounts(
    db: Queryable, application_id: UUID, accounts: Sequence[str]
) -> list[StoredStatement]:
    """An application's statements of these accounts, by account and period."""
    rows = await db.all(_OF_ACCOUNTS, application_id=application_id, accounts=list(accounts))
    return [statement_from_row(row) for row in rows]


async def list_accounts(db: Queryable, application_id: UUID) -> list[Account]:
    """What statements of an application are about; of each account every way it is named."""
    rows = await db.all(_ACCOUNTS, application_id=application_id)
    return [Account(row["account"], row["currency"], row["holder"], row["bank"]) for row in rows]


async def rows_of_application(db: Queryable, application_id: UUID) -> list[asyncpg.Record]:
    """All statements of an application as rows, by account and period, for `statement_from_row`."""
    return await db.all(_STATEMENTS, application_id=application_id)


async def list_statements_by_cursor(
    db: Queryable,
    application_id: UUID,
    ids: Sequence[UUID] | None,
    after: AccountPosition | None,
    limit: int,
) -> Page[StoredStatement]:
    """An application's statements, by account and period, resuming after the cursor."""
    after = after or FIRST_ACCOUNT
    rows = await db.all(
        _STATEMENTS_AFTER,
        application_id=application_id,
        ids=None if ids is None else list(ids),
        account=after.account,
        day=after.day,
        after=after.id,
        limit=limit + 1,
    )
    found = [statement_from_row(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return Page(found, None)
    last = found[-1]
    place = AccountPosition(last.statement.account.number, last.starts_on, last.id)
    return Page(found, cursor(place))


async def count_statements(db: Queryable, application_id: UUID) -> int:
    """How many statements an application has."""
    row = await db.one(_COUNT_STATEMENTS, application_id=application_id)
    return int(row["total"]) if row else 0


async def count_bookings(db: Queryable, application_id: UUID) -> int:
    """How many bookings an application's statements have, those that do not count included."""
    row = await db.one(_COUNT_BOOKINGS, application_id=application_id)
    return int(row["total"]) if row else 0


async def all_transactions(db: Queryable, application_id: UUID) -> list[StoredTransaction]:
    """All transactions of an application, by day, in the order in which they were read."""
    return [transaction_from_row(row) for row in await db.all(_ALL, application_id=application_id)]


async def list_by_cursor(
    db: Queryable,
    application_id: UUID,
    filters: TransactionFilter,
    after: DayPosition | None,
    limit: int,
) -> Page[StoredTransaction]:
    """An application's transactions, oldest first, resuming after the cursor."""
    after = after or BEGINNING
    rows = await db.all(
        _PAGE,
        **_parameters(application_id, filters),
        day=after.day,
        after=after.id,
        limit=limit + 1,
    )
    found = [transaction_from_row(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return Page(found, None)
    return Page(found, cursor(DayPosition(found[-1].transaction.booked_on, found[-1].id)))


async def list_by_page(
    db: Queryable, application_id: UUID, filters: TransactionFilter, request: PageRequest
) -> NumberedPage[StoredTransaction]:
    """One numbered page of an application's transactions, oldest first, and their total."""
    parameters = _parameters(application_id, filters)
    rows = await db.all(_NUMBERED, **parameters, limit=request.per_page, offset=request.offset)
    total = await db.one(_COUNT, **parameters)
    return NumberedPage(
        [transaction_from_row(row) for row in rows], total["total"] if total else 0, request
    )


async def by_ids(db: Queryable, ids: Sequence[UUID]) -> dict[UUID, StoredTransaction]:
    """These transactions, by id."""
    return {row["id"]: transaction_from_row(row) for row in await db.all(_BY_IDS, ids=list(ids))}


def _parameters(application_id: UUID, filters: TransactionFilter) -> dict[str, object]:
    return {
        "application_id": application_id,
        "account": filters.account,
        "category": filters.category,
        "counterparty": like(filters.counterparty),
        "since": filters.since,
        "until": filters.until,
        "ids": None if filters.ids is None else list(filters.ids),
    }
