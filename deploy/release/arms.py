"""What each build wrote, as the database knows it, and what came of it: an arm a measure.

Every row of an application, document or decision says which session wrote it, `beleg/BUILD/PART`
(revision 0021). Sandboxes are left out: their cases are made up.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Self
from uuid import UUID

from core.db import Database
from core.ids import first_id
from core.query import Query
from deploy.release.intervals import Cluster, Estimate, quantile, share
from deploy.release.model import Condition, ConditionKind

ENOUGH_ROWS, ENOUGH_CLUSTERS = 30, 6
"""Of each build; with less nothing is said."""
SETTLED = timedelta(minutes=15)
"""What is younger is not yet asked whether it was answered."""
MEDIAN, P90 = 0.5, 0.9

_SINCE = """
    NOT client.test AND client.id <> ALL($3) AND {table}.id >= $1
    AND {table}.written_by LIKE 'beleg/%' AND split_part({table}.written_by, '/', 2) = $2
    ORDER BY {table}.id DESC LIMIT 20000"""
"""So many rows of a build are looked at, the newest."""


def _written(table: str, rows: str, *more: str) -> Query:
    return Query(rows + _SINCE.format(table=table), ("since", "build", "clients", *more), {})


_DOCUMENTS = _written(
    "document",
    """SELECT application.client_id AS cluster, document.created_at, document.read_at,
        document.status, (
            SELECT min(event.at) FROM event
            WHERE event.application_id = document.application_id
                AND event.at > document.created_at
                AND event.kind IN ('application.in_review', 'application.needs_documents')
        ) AS answered_at
    FROM document
    JOIN application ON application.id = document.application_id
    JOIN client ON client.id = application.client_id
    WHERE""",
)
_APPLICATIONS = _written(
    "application",
    """SELECT application.client_id AS cluster, application.created_at,
        (SELECT min(document.created_at) FROM document
            WHERE document.application_id = application.id) AS first_document_at,
        EXISTS (SELECT FROM answer WHERE answer.application_id = application.id) AS answered,
        EXISTS (SELECT FROM decision WHERE decision.application_id = application.id) AS decided
    FROM application
    JOIN client ON client.id = application.client_id
    WHERE""",
)
_DECISIONS = _written(
    "decision",
    """SELECT decision.person_id AS cluster, decision.outcome, decision.decided_at,
        application.created_at
    FROM decision
    JOIN application ON application.id = decision.application_id
    JOIN client ON client.id = application.client_id
    WHERE decision.person_id <> ALL($4) AND""",
    "persons",
)
_CLIENTS = Query(
    "SELECT DISTINCT client_id FROM client_key WHERE prefix = ANY($1)", ("prefixes",), {}
)


@dataclass(frozen=True, slots=True)
class Arm:
    """What was seen of one build: on how many rows of how many partners or people it rests."""

    rows: int
    clusters: int
    seen: Estimate | None

    @property
    def is_enough(self) -> bool:
        """Whether this is enough to say anything."""
        return self.rows >= ENOUGH_ROWS and self.clusters >= ENOUGH_CLUSTERS


@dataclass(frozen=True, slots=True)
class ArmQuery:
    """Asks for a build's arms: what it wrote since a moment, without whom conditions name."""

    db: Database
    first: UUID
    clients: list[UUID]
    persons: list[UUID]

    @classmethod
    async def since(cls, db: Database, since: datetime, without: Sequence[Condition]) -> Self:
        """What was written since then by all whom no condition names."""
        keys = [each.value for each in without if each.kind is ConditionKind.CLIENT]
        persons = [UUID(each.value) for each in without if each.kind is ConditionKind.PERSON]
        clients = [row["client_id"] for row in await db.all(_CLIENTS, prefixes=keys)]
        return cls(db, first_id(since), clients, persons)

    async def arms(self, build: str) -> tuple[Arm, ...]:
        """Every measure of one build."""
        of_cases = await self._of_cases(build)
        of_documents = await self._of_documents(build)
        of_decisions = await self._of_decisions(build)
        answered, decided = of_cases
        return (answered, *of_documents, decided, *of_decisions)

    async def _of_cases(self, build: str) -> tuple[Arm, Arm]:
        """Answered, of those whose documents have been there for a while; decided, of all."""
        rows = await self.db.all(_APPLICATIONS, since=self.first, build=build, clients=self.clients)
        before = _settled()
        answered = [
            (row["cluster"], row["answered"])
            for row in rows
            if row["first_document_at"] and row["first_document_at"] < before
        ]
        return shares(answered), shares((row["cluster"], row["decided"]) for row in rows)

    async def _of_documents(self, build: str) -> tuple[Arm, Arm, Arm]:
        """Unreadable, of those that were read to the end; and how long until the answer."""
        rows = await self.db.all(_DOCUMENTS, since=self.first, build=build, clients=self.clients)
        ended = [(row["cluster"], row["status"] == "unreadable") for row in rows if row["read_at"]]
        before = _settled()
        took = [
            (row["cluster"], _seconds(row["created_at"], row["answered_at"]))
            for row in rows
            if row["created_at"] < before
        ]
        return shares(ended), quantiles(took, MEDIAN), quantiles(took, P90)

    async def _of_decisions(self, build: str) -> tuple[Arm, Arm, Arm]:
        """How long until a decision that was taken on its pages, and how many approve."""
        rows = await self.db.all(
            _DECISIONS,
            since=self.first,
            build=build,
            clients=self.clients,
            persons=self.persons,
        )
        took = [(row["cluster"], _seconds(row["created_at"], row["decided_at"])) for row in rows]
        approved = shares((row["cluster"], row["outcome"] == "approved") for row in rows)
        return quantiles(took, MEDIAN), quantiles(took, P90), approved


def shares(rows: Iterable[tuple[object, bool]]) -> Arm:
    """The share of rows, each of a partner or person, of which something is so."""
    by_cluster: dict[object, list[bool]] = defaultdict(list)
    for cluster, hit in rows:
        by_cluster[cluster].append(hit)
    clusters = [Cluster(len(each), sum(each)) for each in by_cluster.values()]
    rows_seen = sum(each.all for each in clusters)
    return Arm(rows_seen, len(clusters), share(clusters) if clusters else None)


def quantiles(rows: Iterable[tuple[object, float]], fraction: float) -> Arm:
    """The quantile of rows, each of a partner or person, in seconds."""
    by_cluster: dict[object, list[float]] = defaultdict(list)
    for cluster, seconds in rows:
        by_cluster[cluster].append(seconds)
    clusters = list(by_cluster.values())
    rows_seen = sum(map(len, clusters))
    return Arm(rows_seen, len(clusters), quantile(clusters, fraction) if clusters else None)


def _settled() -> datetime:
    return datetime.now(UTC) - SETTLED


def _seconds(began: datetime, ended: datetime | None) -> float:
    return inf if ended is None else (ended - began).total_seconds()
