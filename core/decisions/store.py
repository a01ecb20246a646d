"""Where decisions lie, and every query on them."""

from uuid import UUID

from sqlalchemy import Column, DateTime, Table, Text, Uuid, select, text
from sqlalchemy.dialects.postgresql import JSONB

from core.db import Queryable, Tx
from core.decisions.model import Decision, DecisionOutcome, DecisionReason
from core.query import Deferred, compiled, metadata, param

decision = Table(
    "decision",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("application_id", Uuid),
    Column("outcome", Text),
    Column("reasons", JSONB),
    Column("note", Text),
    Column("person_id", Uuid),
    Column("decided_at", DateTime(timezone=True)),
    Column("rested_on", JSONB),
)
_ROW = Deferred(decision, *(column.name for column in decision.c))
_GET = compiled(select(*decision.c).where(decision.c.application_id == param("application_id")))
# Reading moves documents, not the application; and answers are written in place of others.
_GROUNDS = compiled(
    text("""
SELECT (SELECT encode(sha256(convert_to(string_agg(
            concat_ws(' ', id, status, kind, extract(epoch FROM read_at)), ',' ORDER BY id
        ), 'UTF8')), 'hex') FROM document WHERE application_id = :application_id) AS documents,
    (SELECT extract(epoch FROM max(answered_at)) FROM answer
        WHERE application_id = :application_id) AS answered,
    (SELECT extract(epoch FROM max(computed_at)) FROM figure
        WHERE application_id = :application_id) AS computed""")
)


def add(tx: Tx, new: Decision) -> None:
    """Insert the decision when the unit of work ends."""
    tx.defer(
        _ROW,
        new.id,
        new.application_id,
        new.outcome,
        list(new.reasons),
        new.note,
        new.person_id,
        new.decided_at,
        new.rested_on,
    )


async def grounds(db: Queryable, application_id: UUID) -> tuple[object, ...]:
    """Marks of an application's documents, answers and figures: others for each state of them."""
    row = await db.one(_GROUNDS, application_id=application_id)
    return tuple(row.values()) if row else ()


async def find_for_application(db: Queryable, application_id: UUID) -> Decision | None:
    """An application's decision, None while it is open."""
    row = await db.one(_GET, application_id=application_id)
    if row is None:
        return None
    return Decision(
        id=row["id"],
        application_id=row["application_id"],
        outcome=DecisionOutcome(row["outcome"]),
        reasons=tuple(DecisionReason(each) for each in row["reasons"]),
        note=row["note"],
        person_id=row["person_id"],
        decided_at=row["decided_at"],
        rested_on=row["rested_on"],
    )
