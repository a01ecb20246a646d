"""What releases are kept in: the two tables, and every statement about them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Table,
    Text,
    Uuid,
    insert,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.query import compiled, metadata, param
from deploy.release.model import ReleaseState

release = Table(
    "release",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("a", Text),
    Column("b", Text),
    Column("slot", Text),
    Column("state", Text),
    Column("weight", Double),
    Column("conditions", JSONB),
    Column("plan", JSONB),
    Column("automatic", Boolean),
    Column("held", Text),
    Column("generation", BigInteger),
    Column("observed_generation", BigInteger),
    Column("measured", JSONB),
    Column("driver", Text),
    Column("since", DateTime(timezone=True)),
    Column("started_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
)
release_step = Table(
    "release_step",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("release_id", Uuid),
    Column("at", DateTime(timezone=True)),
    Column("from_state", Text),
    Column("to_state", Text),
    Column("verdict", Text),
    Column("evidence", JSONB),
    Column("by", Text),
)
LAST = compiled(select(*release.c).order_by(release.c.id.desc()).limit(1))
DONE = compiled(
    select(*release.c)
    .where(release.c.state == ReleaseState.DONE.value)
    .order_by(release.c.id.desc())
    .limit(1)
)
BEGIN = compiled(
    insert(release).values(
        {
            name: param(name)
            for name in release.c.keys()  # noqa: SIM118 - columns, not a dict
            if name not in ("driver", "ended_at")
        }
    )
)
MOVE = compiled(
    update(release)
    .where(
        release.c.id == param("id"),
        release.c.generation == param("before"),
        release.c.held.is_not_distinct_from(param("before_held")),
    )
    .values(
        state=param("state"),
        weight=param("weight"),
        held=param("held"),
        generation=param("generation"),
        since=param("since"),
    )
)
MADE = compiled(
    update(release)
    .where(release.c.id == param("id"), release.c.generation == param("generation"))
    .values(
        observed_generation=param("generation"),
        measured=param("measured"),
        ended_at=param("ended_at"),
    )
)
UNMADE = compiled(
    update(release)
    .where(release.c.ended_at.is_(None))
    .values(observed_generation=release.c.generation - 1)
)
MEASURED = compiled(
    update(release)
    .where(release.c.id == param("id"), release.c.generation == param("generation"))
    .values(measured=param("measured"))
)
REFRESHED = compiled(
    update(release)
    .where(release.c.id == param("id"), release.c.generation == param("generation"))
    .values(conditions=param("conditions"))
)
DRIVEN = compiled(update(release).where(release.c.id == param("id")).values(driver=param("driver")))
UNDRIVEN = compiled(
    update(release)
    .where(release.c.id == param("id"), release.c.driver == param("who"))
    .values(driver=null())
)
NOTE = compiled(insert(release_step))
STEPS = compiled(
    select(*release_step.c)
    .where(release_step.c.release_id == param("release_id"))
    .order_by(release_step.c.id)
)
