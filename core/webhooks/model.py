"""What a webhook is, what it is still to be told, and when an attempt follows one that failed."""

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from core.viewers import Viewer

MOST_WEBHOOKS = 20
"""How many webhooks a client may have."""
SCHEDULE = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long after each failed attempt the next one follows, as Standard Webhooks has it: 3 days."""
JITTER = 0.1
CLAIM_TIME = timedelta(seconds=30)
"""How long an attempt keeps others away; one whose worker was killed is made again after it."""
ROTATION = timedelta(hours=24)
"""How long the secret before signs beside a new one, however many follow meanwhile."""
MOST_SECRETS = 10
"""How many secrets of a webhook sign at once; a delivery carries a signature by each."""
RETENTION = timedelta(days=30)
"""How long it is on record that a delivery was made or given up, and how far a replay goes back."""
TEST = "webhook.test"
"""The kind of a delivery that tells of nothing, made to try a webhook out."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many deliveries may be begun, and how many may be under way at once, for whom.

    `in_flight` names the webhook of each attempt that goes on already. Those in `slow` took long
    to answer lately: one attempt each, and limits of their own, so that they delay no others.
    """

    limit: int
    per_webhook: int
    per_client: int = 8
    slow_limit: int = 16
    slow_per_client: int = 4
    in_flight: Collection[UUID] = ()
    slow: Collection[UUID] = ()


class DeliveryState(StrEnum):
    """How a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DisabledReason(StrEnum):
    """Why a webhook is told nothing: it was asked for, the receiver said 410, or never answers."""

    REQUESTED = "requested"
    GONE = "gone"
    FAILING = "failing"


class AttemptOutcome(StrEnum):
    """What an attempt came to."""

    DELIVERED = "delivered"
    RETRIED = "retried"
    FAILED = "failed"
    DISABLED = "disabled"
    SUPERSEDED = "superseded"
    SKIPPED = "skipped"

    @property
    def state(self) -> DeliveryState:
        """How the delivery stands after it."""
        ended = {
            AttemptOutcome.DELIVERED: DeliveryState.DELIVERED,
            AttemptOutcome.FAILED: DeliveryState.FAILED,
        }
        return ended.get(self, DeliveryState.PENDING)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """On whose behalf: who sees and acts for a client, and in which version of the API."""

    viewer: Viewer
    version: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told what happens; all kinds of it where `kinds` is None."""

    id: UUID
    client_id: UUID
    version: str
    url: str = field(repr=False)
    kinds: tuple[str, ...] | None
    enabled: bool
    disabled_reason: DisabledReason | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CreatedWebhook:
    """A new webhook, and the secret that signs what it is told."""

    webhook: Webhook
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook's new secret, and until when the one before signs beside it."""

    secret: bytes = field(repr=False)
    previous_valid_until: datetime


class OldSecret(NamedTuple):
    """A secret that others have followed, and until when it signs beside them."""

    secret: bytes
    until: datetime


WebhookPatch = Callable[[Webhook], Webhook]
"""What is to become of a webhook (its address, kinds, whether it is enabled) by what it is."""


class ClientWebhook(NamedTuple):
    """A webhook, and the name of the client whose it is."""

    webhook: Webhook
    client: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event as told to one webhook; it goes by the event's id, however often it is told."""

    id: UUID
    application_id: UUID | None
    kind: str
    at: datetime
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    last_status: int | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A delivery whose turn it is, where it goes, and the secrets that sign it."""

    id: UUID
    webhook_id: UUID
    client_id: UUID
    version: str
    url: str = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)
    application_id: UUID | None
    kind: str
    at: datetime
    data: Mapping[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt went: the receiver's status, or why there is none."""

    status: int | None
    problem: str | None = None

    @property
    def delivered(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants to hear no more."""
        return self.status == 410


def wait_after(attempt: int, schedule: tuple[timedelta, ...]) -> timedelta | None:
    """How long to wait after so many failed attempts, up to a tenth more; None gives up."""
    if attempt > len(schedule):
        return None
    return schedule[attempt - 1] * (1 + random.uniform(0, JITTER))  # noqa: S311 - no secret


def outcome_of(
    attempt: Attempt, delay: timedelta | None, reason: DisabledReason | None
) -> AttemptOutcome:
    """What an attempt came to, by how long the next one is to wait and why none is to follow."""
    if attempt.delivered:
        return AttemptOutcome.DELIVERED
    if reason is not None:
        return AttemptOutcome.DISABLED
    return AttemptOutcome.FAILED if delay is None else AttemptOutcome.RETRIED
