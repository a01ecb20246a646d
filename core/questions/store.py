"""Where answers lie, and every query on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    Numeric,
    Table,
    Text,
    Uuid,
    any_,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core.analysis import AnswerState, MissingKind, ReservationKind, Unit
from core.analysis.figures import FORMULAS
from core.bilingual import Bilingual
from core.db import Queryable, Tx
from core.query import compiled, metadata, param
from core.questions.catalogue import QUESTIONS
from core.questions.model import Answer, AnswerReservation, MissingDocument, Verdict
from core.vocabulary import CatalogueWord, list_words

answer = Table(
    "answer",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("position", Integer),
    Column("figure", Text),
    Column("state", Text),
    Column("value", Numeric),
    Column("unit", Text),
    Column("currency", Text),
    Column("verdict", Text),
    Column("because", JSONB),
    Column("missing", JSONB),
    Column("answered_at", DateTime(timezone=True)),
    Column("reservations", JSONB),
)
_DELETE = compiled(delete(answer).where(answer.c.application_id == param("application_id")))
_TALLIES = compiled(
    select(
        answer.c.application_id,
        func.count().filter(answer.c.verdict == literal(Verdict.BAD.value)).label("bad"),
        func.count().filter(answer.c.verdict == literal(Verdict.WATCH.value)).label("watch"),
        func.count()
        .filter(answer.c.state == literal(AnswerState.NOT_ANSWERABLE.value))
        .label("unanswered"),
        func.count()
        .filter(
            answer.c.state == literal(AnswerState.ANSWERED.value),
            func.jsonb_array_length(answer.c.reservations) > 0,
        )
        .label("provisional"),
    )
    .where(answer.c.application_id == any_(param("ids", ARRAY(Uuid))))
    .group_by(answer.c.application_id)
)
_ALL = compiled(
    select(*answer.c)
    .where(answer.c.application_id == param("application_id"))
    .order_by(answer.c.position)
)

list_words(CatalogueWord("Question", each.id) for each in QUESTIONS)
_VERSIONS = {each.id: each.version for each in FORMULAS}
"""An answer is left out with the figure that it shows."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of an application's answers look bad, are to watch, could not be given at all, or
    are provisional.
    """

    bad: int = 0
    watch: int = 0
    unanswered: int = 0
    provisional: int = 0


async def replace(tx: Tx, application_id: UUID, answers: Sequence[Answer]) -> None:
    """Write an application's answers in place of those it had."""
    await tx.run(_DELETE, application_id=application_id)
    now = datetime.now(UTC)
    await tx.copy(
        answer,
        [column.name for column in answer.c],
        [_row(application_id, at, each, now) for at, each in enumerate(answers)],
    )


async def list_for_application(db: Queryable, application_id: UUID) -> list[Answer]:
    """An application's answers, in the catalogue's order; evidence is with their figures."""
    return [_answer(row) for row in await db.all(_ALL, application_id=application_id)]


async def tallies(db: Queryable, application_ids: Sequence[UUID]) -> dict[UUID, Tally]:
    """The tallies of these applications; those without any answer are left out."""
    rows = await db.all(_TALLIES, ids=list(application_ids))
    return {
        row["application_id"]: Tally(
            row["bad"], row["watch"], row["unanswered"], row["provisional"]
        )
        for row in rows
    }


def _row(application_id: UUID, position: int, each: Answer, now: datetime) -> tuple[object, ...]:
    return (
        application_id,
        CatalogueWord("Question", each.question),
        position,
        CatalogueWord("Figure", each.figure, _VERSIONS.get(each.figure)),
        each.state,
        None if each.value is None else Decimal(each.value),
        each.unit,
        each.currency,
        each.verdict,
        {"en": each.because.en, "de": each.because.de},
        [_document_row(paper) for paper in each.missing],
        now,
        [_reservation_row(reservation) for reservation in each.reservations],
    )


def _document_row(paper: MissingDocument) -> dict[str, Any]:
    return {
        "kind": paper.kind,
        "account": paper.account,
        "starts_on": paper.starts_on,
        "ends_on": paper.ends_on,
        "text": {"en": paper.text.en, "de": paper.text.de},
    }


def _reservation_row(reservation: AnswerReservation) -> dict[str, Any]:
    document = reservation.document
    return {
        "kind": reservation.kind,
        "account": reservation.account,
        "document": None if document is None else str(document),
        "text": {"en": reservation.text.en, "de": reservation.text.de},
    }


def _reservation(row: Mapping[str, Any]) -> AnswerReservation:
    document = row["document"]
    return AnswerReservation(
        ReservationKind(row["kind"]),
        row["account"],
        None if document is None else UUID(document),
        Bilingual(row["text"]["en"], row["text"]["de"]),
    )


def _document(row: Mapping[str, Any]) -> MissingDocument:
    return MissingDocument(
        MissingKind(row["kind"]),
        row["account"],
        _day(row["starts_on"]),
        _day(row["ends_on"]),
        Bilingual(row["text"]["en"], row["text"]["de"]),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _answer(row: asyncpg.Record) -> Answer:
    unit, value = Unit(row["unit"]), row["value"]
    return Answer(
        question=row["question"],
        figure=row["figure"],
        state=AnswerState(row["state"]),
        value=value if value is None or unit is Unit.RATIO else int(value),
        unit=unit,
        currency=row["currency"],
        verdict=Verdict(row["verdict"]),
        because=Bilingual(row["because"]["en"], row["because"]["de"]),
        missing=tuple(_document(document) for document in row["missing"]),
        reservations=tuple(map(_reservation, row["reservations"])),
    )
