"""Where figures and months lie, and every query on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Integer,
    Numeric,
    Table,
    Text,
    Uuid,
    any_,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core.analysis.figures import FORMULAS
from core.analysis.model import (
    AnswerState,
    Figure,
    Missing,
    MissingKind,
    Month,
    NoValueReason,
    Reservation,
    ReservationKind,
    Unit,
    Window,
)
from core.db import Queryable, Tx
from core.query import compiled, metadata, param
from core.statements.rows import transaction
from core.vocabulary import CatalogueWord, list_words, usually_falls_back

figure = Table(
    "figure",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("position", Integer),
    Column("version", Integer),
    Column("unit", Text),
    Column("currency", Text),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("state", Text),
    Column("value", Numeric),
    Column("reason", Text),
    Column("missing", JSONB),
    Column("detail", JSONB),
    Column("evidence", ARRAY(Uuid)),
    Column("evidence_sum", BigInteger),
    Column("statements", ARRAY(Uuid)),
    Column("computed_at", DateTime(timezone=True)),
    Column("reservations", JSONB),
)
month = Table(
    "month",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("starts_on", Date, primary_key=True),
    Column("inflow", BigInteger),
    Column("outflow", BigInteger),
    Column("revenue", BigInteger),
    Column("balance", BigInteger),
)
usually_falls_back(NoValueReason.NOT_RECONCILED)
usually_falls_back(ReservationKind.NOT_RECONCILED)
list_words(CatalogueWord("Figure", each.id, each.version) for each in FORMULAS)
_DELETE = [
    compiled(delete(table).where(table.c.application_id == param("application_id")))
    for table in (figure, month)
]
_FIGURES = compiled(
    select(*figure.c)
    .where(figure.c.application_id == param("application_id"))
    .order_by(figure.c.position)
)
# An index has them in this order: no more is looked at than it takes to find so many.
_BEGINNING = (
    select(transaction.c.id)
    .where(
        transaction.c.application_id == figure.c.application_id,
        transaction.c.id == any_(figure.c.evidence),
    )
    .order_by(transaction.c.booked_on, transaction.c.id)
    .limit(param("limit", Integer))
    .correlate(figure)
)
_BEGINNINGS = compiled(
    select(figure.c.name, func.array(_BEGINNING.scalar_subquery()).label("ids")).where(
        figure.c.application_id == param("application_id"),
        func.cardinality(figure.c.evidence) > param("limit", Integer),
    )
)
_EVIDENCE = compiled(
    select(figure.c.evidence, figure.c.statements).where(
        figure.c.application_id == param("application_id"), figure.c.name == param("name")
    )
)
_MONTHS = compiled(
    select(*month.c)
    .where(month.c.application_id == param("application_id"))
    .order_by(month.c.starts_on)
)


class EvidenceIds(NamedTuple):
    """The transactions and the statements that a figure rests on."""

    transactions: list[UUID]
    statements: list[UUID]


@dataclass(frozen=True, slots=True)
class StoredFigure:
    """A figure on record, when it was computed, and the sum of its evidence in minor units."""

    figure: Figure
    evidence_sum: int
    computed_at: datetime


async def replace(
    tx: Tx,
    application_id: UUID,
    figures: Sequence[Figure],
    months: Sequence[Month],
    sums: Mapping[str, int],
) -> None:
    """Write figures, each with the sum of its evidence, and months in place of those there were."""
    for query in _DELETE:
        await tx.run(query, application_id=application_id)
    now = datetime.now(UTC)
    await tx.copy(
        figure,
        [column.name for column in figure.c],
        [_row(application_id, at, each, sums[each.id], now) for at, each in enumerate(figures)],
    )
    await tx.copy(
        month,
        [column.name for column in month.c],
        [(application_id, m.starts_on, m.inflow, m.outflow, m.revenue, m.balance) for m in months],
    )


async def list_figures(db: Queryable, application_id: UUID) -> list[StoredFigure]:
    """An application's figures, in the order of the formulas."""
    rows = await db.all(_FIGURES, application_id=application_id)
    return [
        StoredFigure(_figure(row), row["evidence_sum"], computed_at=row["computed_at"])
        for row in rows
    ]


async def evidence_ids(db: Queryable, application_id: UUID, name: str) -> EvidenceIds | None:
    """What a figure rests on; None where there is no such figure."""
    row = await db.one(_EVIDENCE, application_id=application_id, name=name)
    return EvidenceIds(list(row["evidence"]), list(row["statements"])) if row else None


async def list_beginnings(db: Queryable, application_id: UUID, limit: int) -> dict[str, list[UUID]]:
    """Of each figure that rests on more: the first of its transactions, as all are listed."""
    rows = await db.all(_BEGINNINGS, application_id=application_id, limit=limit)
    return {row["name"]: row["ids"] for row in rows}


async def list_months(db: Queryable, application_id: UUID) -> list[Month]:
    """An application's months, oldest first."""
    rows = await db.all(_MONTHS, application_id=application_id)
    return [
        Month(
            starts_on=row["starts_on"],
            inflow=row["inflow"],
            outflow=row["outflow"],
            revenue=row["revenue"],
            balance=row["balance"],
        )
        for row in rows
    ]


def _row(
    application_id: UUID, position: int, each: Figure, evidence_sum: int, now: datetime
) -> tuple[object, ...]:
    return (
        application_id,
        CatalogueWord("Figure", each.id, each.version),
        position,
        each.version,
        each.unit,
        each.currency,
        each.window.starts_on if each.window else None,
        each.window.ends_on if each.window else None,
        each.state,
        None if each.value is None else Decimal(each.value),
        each.reason,
        [_missing_row(paper) for paper in each.missing],
        dict(each.detail),
        list(each.evidence),
        evidence_sum,
        list(each.statements),
        now,
        [_reservation_row(reservation) for reservation in each.reservations],
    )


def _missing_row(paper: Missing) -> dict[str, Any]:
    return {
        "kind": paper.kind,
        "account": paper.account,
        "starts_on": paper.starts_on,
        "ends_on": paper.ends_on,
    }


def _reservation_row(reservation: Reservation) -> dict[str, Any]:
    document = reservation.document
    return {
        "kind": reservation.kind,
        "account": reservation.account,
        "starts_on": reservation.starts_on,
        "ends_on": reservation.ends_on,
        "holder": reservation.holder,
        "document": None if document is None else str(document),
        "filename": reservation.filename,
    }


def _reservation(row: Mapping[str, Any]) -> Reservation:
    document = row["document"]
    return Reservation(
        ReservationKind(row["kind"]),
        row["account"],
        _day(row["starts_on"]),
        _day(row["ends_on"]),
        row["holder"],
        None if document is None else UUID(document),
        row["filename"],
    )


def _missing(row: Mapping[str, Any]) -> Missing:
    return Missing(
        MissingKind(row["kind"]), row["account"], _day(row["starts_on"]), _day(row["ends_on"])
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _figure(row: asyncpg.Record) -> Figure:
    unit, value = Unit(row["unit"]), row["value"]
    return Figure(
        id=row["name"],
        version=row["version"],
        unit=unit,
        currency=row["currency"],
        window=Window(row["starts_on"], row["ends_on"]) if row["starts_on"] else None,
        state=AnswerState(row["state"]),
        value=value if value is None or unit is Unit.RATIO else int(value),
        reason=NoValueReason(row["reason"]) if row["reason"] else None,
        missing=tuple(_missing(missing) for missing in row["missing"]),
        detail=row["detail"],
        evidence=tuple(row["evidence"]),
        statements=tuple(row["statements"]),
        reservations=tuple(map(_reservation, row["reservations"])),
    )
