"""A statement and a transaction as rows of their tables, there and back."""

from datetime import date
from functools import lru_cache
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    Integer,
    Table,
    Text,
    Uuid,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core.evidence import Box, Bytes
from core.query import metadata
from core.statements.model import (
    Account,
    Balance,
    ControlSums,
    Detail,
    Particulars,
    Statement,
    StoredStatement,
    StoredTransaction,
    Transaction,
)

statement = Table(
    "statement",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("application_id", Uuid),
    Column("document_id", Uuid),
    Column("kind", Text),
    Column("account", Text),
    Column("currency", Text),
    Column("holder", Text),
    Column("bank", Text),
    Column("number", Text),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("opening", BigInteger),
    Column("opening_on", Date),
    Column("closing", BigInteger),
    Column("closing_on", Date),
    Column("difference", BigInteger),
    Column("flipped", Boolean),
    Column("transaction_count", Integer),
    Column("unread_rows", Integer),
    Column("particulars", JSONB),
)
transaction = Table(
    "transaction",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("application_id", Uuid),
    Column("document_id", Uuid),
    Column("statement_id", Uuid),
    Column("account", Text),
    Column("booked_on", Date),
    Column("valued_on", Date),
    Column("amount", BigInteger),
    Column("currency", Text),
    Column("pending", Boolean),
    Column("reversal", Boolean),
    Column("counterparty", Text),
    Column("counterparty_account", Text),
    Column("remittance", Text),
    Column("gvc", Text),
    Column("iso_domain", Text),
    Column("iso_family", Text),
    Column("iso_subfamily", Text),
    Column("return_reason", Text),
    Column("bank_reference", Text),
    Column("details", JSONB),
    Column("start_byte", BigInteger),
    Column("end_byte", BigInteger),
    Column("page", Integer),
    Column("box", ARRAY(Double)),
    Column("duplicate", Boolean),
    Column("category", Text),
    Column("bounced", Boolean),
    Column("particulars", JSONB),
)
_PARTS = ("iso_domain", "iso_family", "iso_subfamily")
# The database joins the parts of a code, which here would cost more than reading it.
_ISO = literal_column(
    "iso_domain || coalesce('-' || iso_family, '') || coalesce('-' || iso_subfamily, '')", Text
)
COLUMNS = [each for each in transaction.c if each.name not in _PARTS] + [_ISO.label("iso")]


def statement_row(application_id: UUID, each: StoredStatement) -> tuple[object, ...]:
    """A statement as its row."""
    head, opening, closing = each.statement, each.statement.opening, each.statement.closing
    return (
        each.id,
        application_id,
        each.document_id,
        head.kind,
        head.account.number,
        head.account.currency,
        head.account.holder,
        head.account.bank,
        head.number,
        each.starts_on,
        each.ends_on,
        opening.amount if opening else None,
        opening.on if opening else None,
        closing.amount if closing else None,
        closing.on if closing else None,
        each.difference,
        each.flipped,
        each.transaction_count,
        each.unread_rows,
        _head_row(head),
    )


def _head_row(head: Statement) -> dict[str, object] | None:
    """What a head says beside period and balances, None where it says no more."""
    said = {
        "available": head.available and [head.available.amount, str(head.available.on)],
        "credit_line": head.credit_line,
        "account_kind": head.account_kind,
        "controls": head.controls and list(head.controls),
    }
    return {name: value for name, value in said.items() if value is not None} or None


def transaction_row(application_id: UUID, each: StoredTransaction) -> tuple[object, ...]:
    """A transaction as its row."""
    booking = each.transaction
    return (
        each.id,
        application_id,
        each.document_id,
        each.statement_id,
        each.account,
        booking.booked_on,
        booking.valued_on,
        booking.amount,
        booking.currency,
        booking.pending,
        booking.reversal,
        booking.counterparty,
        booking.counterparty_account,
        booking.remittance,
        booking.gvc,
        *_split(booking.iso),
        booking.return_reason,
        booking.bank_reference,
        [_detail_row(detail) for detail in booking.details],
        booking.evidence.start,
        booking.evidence.end,
        booking.box.page if booking.box else None,
        [booking.box.left, booking.box.top, booking.box.right, booking.box.bottom]
        if booking.box
        else None,
        each.duplicate,
        each.category,
        each.bounced,
        booking.particulars and list(booking.particulars),
    )


@lru_cache(maxsize=4096)  # a bank's bookings have few codes
def _split(iso: str | None) -> tuple[str | None, ...]:
    """Domain, family and subfamily of an ISO 20022 code, null where it has fewer parts."""
    parts = [] if iso is None else iso.split("-", 2)
    return (*parts, *[None] * (3 - len(parts)))


def _detail_row(each: Detail) -> list[object]:
    return [
        each.amount,
        each.currency,
        each.counterparty,
        each.counterparty_account,
        each.remittance,
    ]


def statement_from_row(row: asyncpg.Record) -> StoredStatement:
    """A row as the statement that it holds."""
    opening, closing = row["opening"], row["closing"]
    more = row["particulars"] or {}
    available, controls = more.get("available"), more.get("controls")
    return StoredStatement(
        id=row["id"],
        document_id=row["document_id"],
        statement=Statement(
            kind=row["kind"],
            account=Account(row["account"], row["currency"], row["holder"], row["bank"]),
            number=row["number"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            opening=None if opening is None else Balance(opening, row["opening_on"]),
            closing=None if closing is None else Balance(closing, row["closing_on"]),
            available=available and Balance(available[0], date.fromisoformat(available[1])),
            credit_line=more.get("credit_line"),
            account_kind=more.get("account_kind"),
            controls=controls and ControlSums(*controls),
        ),
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        difference=row["difference"],
        flipped=row["flipped"],
        transaction_count=row["transaction_count"],
        unread_rows=row["unread_rows"],
    )


def transaction_from_row(row: asyncpg.Record) -> StoredTransaction:
    """A row as the transaction that it holds."""
    return StoredTransaction(
        id=row["id"],
        document_id=row["document_id"],
        statement_id=row["statement_id"],
        account=row["account"],
        transaction=Transaction(
            booked_on=row["booked_on"],
            valued_on=row["valued_on"],
            amount=row["amount"],
            currency=row["currency"],
            pending=row["pending"],
            reversal=row["reversal"],
            counterparty=row["counterparty"],
            counterparty_account=row["counterparty_account"],
            remittance=row["remittance"],
            gvc=row["gvc"],
            iso=row["iso"],
            return_reason=row["return_reason"],
            bank_reference=row["bank_reference"],
            details=tuple(Detail(*each) for each in row["details"]),
            evidence=Bytes(row["start_byte"], row["end_byte"]),
            box=Box(row["page"], *row["box"]) if row["box"] else None,
            particulars=Particulars(*row["particulars"]) if row["particulars"] else None,
        ),
        duplicate=row["duplicate"],
        category=row["category"],
        bounced=row["bounced"],
    )
