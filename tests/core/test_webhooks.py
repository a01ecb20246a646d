"""Webhooks: told of everything that is committed from then on, in order, at least once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from core import audit, events, webhooks
from core.audit import SYSTEM
from core.db import Tx
from core.errors import Conflict, Invalid, NotFound
from core.events import EventKind
from core.ids import new_id
from core.pages import CursorRequest
from core.query import Query
from core.viewers import Viewer, Visibility
from core.webhooks import Attempt, AttemptOutcome, DeliveryState, DueDelivery, Subscriber, Webhook
from core.webhooks.model import SCHEDULE, outcome_of, wait_after
from tests.builders import House

VERSIONS = ("v2",)
HOURLY = (timedelta(hours=1),) * 3
URL = "https://hooks.partner.test/?token=hush"
FIRST, SECOND, THIRD = (
    EventKind.APPLICATION_RECEIVED,
    EventKind.APPLICATION_READING,
    EventKind.DOCUMENT_READ,
)
EXPIRE = Query("UPDATE webhook_delivery SET next_attempt_at = now()", (), {})
SLEEP = Query("SELECT pg_sleep(0.1)", (), {})
INSERT = """INSERT INTO event (id, at, client_id, application_id, kind, data)
VALUES ($1, now(), $2, $3, 'document.read', '{}')"""


@dataclass
class Scene:
    """A partner with one webhook, and two applications that things happen to."""

    house: House
    subscriber: Subscriber
    cases: tuple[UUID, UUID]
    hook: Webhook
    secret: bytes

    async def emit(self, *kinds: EventKind, case: int = 0, settled: bool = True) -> None:
        """Let these things happen to an application, one transaction each."""
        for kind in kinds:

            async def work(tx: Tx, kind: EventKind = kind) -> None:
                events.emit(
                    tx, self.subscriber.viewer.client_id, self.cases[case], kind, {"n": case}
                )

            await self.house.db.write(work)
        if settled:
            await self.house.settled()

    async def claim(
        self, limit: int = 10, per_webhook: int = 10, in_flight: Sequence[UUID] = ()
    ) -> list[DueDelivery]:
        """What is due now."""
        await self.house.db.write(lambda tx: webhooks.plan(tx, VERSIONS))
        return await self.house.db.write(
            lambda tx: webhooks.claim(
                tx, VERSIONS, webhooks.Room(limit, per_webhook, in_flight=in_flight)
            )
        )

    async def finish(self, due: DueDelivery, status: int | None) -> AttemptOutcome:
        """Note how the receiver answered."""
        attempt = Attempt(status)
        return await self.house.db.write(lambda tx: webhooks.finish(tx, due, attempt, HOURLY))

    async def deliver(
        self, answer: Callable[[int, DueDelivery], int | None], rounds: int = 30
    ) -> list[str]:
        """Make attempts, as if hours passed, until nothing is due; the kinds that were taken."""
        taken = []
        for number in range(rounds):
            await self.house.db.write(lambda tx: tx.run(EXPIRE))
            found = await self.claim()
            for due in found:
                status = answer(number, due)
                await self.finish(due, status)
                if status == 204:
                    taken.append(due.kind)
            if not found and number:
                break
        return taken

    async def deliveries(self) -> list[webhooks.Delivery]:
        """All deliveries, newest first."""
        page = await webhooks.list_deliveries(
            self.house.db, self.subscriber, self.hook.id, CursorRequest(100)
        )
        return page.items

    async def now(self) -> Webhook:
        """The webhook as it stands."""
        return await webhooks.get(self.house.db, self.subscriber, self.hook.id)

    async def change(self, **changes: object) -> Webhook:
        """Change the webhook."""
        return await self.house.db.write(
            lambda tx: webhooks.change(
                tx,
                self.subscriber,
                self.hook.id,
                lambda it: replace(it, **changes),  # type: ignore[arg-type]
            )
        )


async def make_scene(house: House, kinds: Sequence[str] | None = None) -> Scene:
    """A webhook for these kinds, after something has happened already."""
    partner = await house.partner()
    cases = UUID(await partner.submit()), UUID(await partner.submit())
    subscriber = Subscriber(Viewer(partner.client_id, SYSTEM, Visibility.all()), "v2")
    chosen = None if kinds is None else tuple(kinds)
    created = await house.db.write(lambda tx: webhooks.subscribe(tx, subscriber, URL, chosen))
    return Scene(house, subscriber, cases, created.webhook, created.secret)


async def test_what_happened_before_is_not_told(house: House) -> None:
    scene = await make_scene(house)
    assert await scene.claim() == []
    await scene.emit(SECOND)
    assert [due.kind for due in await scene.claim()] == [SECOND]


async def test_what_was_begun_before_and_committed_after_is_told(
    house: House, database: str
) -> None:
    slow = await asyncpg.connect(database)
    partner = await house.partner()
    case, late = UUID(await partner.submit()), new_id()
    subscriber = Subscriber(Viewer(partner.client_id, SYSTEM, Visibility.all()), "v2")
    try:
        await slow.execute("BEGIN")
        await slow.execute(INSERT, late, partner.client_id, case)
        await partner.submit()  # is committed before, and is not told
        created = await house.db.write(lambda tx: webhooks.subscribe(tx, subscriber, URL))
        scene = Scene(house, subscriber, (case, case), created.webhook, created.secret)
        await scene.emit(SECOND, settled=False)
        assert await scene.claim() == []
        await slow.execute("COMMIT")
    finally:
        await slow.close()
    assert await scene.deliver(lambda *_: 204) == [THIRD, SECOND]


async def test_a_receiver_that_was_down_gets_everything_in_order(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST, SECOND, THIRD)
    await scene.emit(FIRST, SECOND, case=1)
    delivered: dict[int, list[str]] = {0: [], 1: []}

    def answer(number: int, due: DueDelivery) -> int | None:
        if number < 3:
            return 503 if number else None
        delivered[due.data["n"]].append(due.kind)
        return 204

    assert len(await scene.deliver(answer)) == 5
    assert delivered == {0: [FIRST, SECOND, THIRD], 1: [FIRST, SECOND]}


async def test_only_the_kinds_asked_for_are_told(house: House) -> None:
    scene = await make_scene(house, [SECOND])
    await scene.emit(FIRST, SECOND, THIRD)
    assert await scene.deliver(lambda *_: 204) == [SECOND]


async def test_a_later_one_waits_as_long_as_the_one_before_it(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST, SECOND)
    (due,) = await scene.claim()
    await scene.house.db.write(lambda tx: webhooks.finish(tx, due, Attempt(500)))
    first, second = (await scene.deliveries())[::-1]
    assert first.next_attempt_at is not None
    assert first.next_attempt_at == second.next_attempt_at
    assert (first.attempts, first.last_status, second.attempts) == (1, 500, 0)
    assert await scene.claim() == []


async def test_an_attempt_cut_short_is_made_again_and_the_late_word_of_it_counts_for_nothing(
    house: House,
) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST)
    (due,) = await scene.claim()
    assert await scene.claim() == []
    await house.db.write(lambda tx: tx.run(EXPIRE))
    (again,) = await scene.claim()
    assert again.id == due.id
    assert await scene.finish(again, 500) is AttemptOutcome.RETRIED
    assert await scene.finish(due, 410) is AttemptOutcome.SUPERSEDED
    await house.db.write(lambda tx: tx.run(EXPIRE))
    (last,) = await scene.claim()
    assert last.attempts == 1
    assert await scene.finish(last, 204) is AttemptOutcome.DELIVERED
    assert (await scene.now()).enabled
    assert [each.state for each in await scene.deliveries()] == [DeliveryState.DELIVERED]


async def test_two_workers_never_have_the_same_or_a_later_one(house: House, database: str) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST, SECOND)
    await scene.emit(FIRST, case=1)

    async def both(tx: Tx) -> tuple[list[DueDelivery], list[DueDelivery]]:
        mine = await webhooks.claim(tx, VERSIONS, webhooks.Room(1, 1))
        other = await house.db.write(lambda tx: webhooks.claim(tx, VERSIONS, webhooks.Room(9, 9)))
        return mine, other

    await house.db.write(lambda tx: webhooks.plan(tx, VERSIONS))
    mine, others = await house.db.write(both)
    taken = {(due.application_id, due.kind) for due in [*mine, *others]}
    assert taken == {(scene.cases[0], FIRST), (scene.cases[1], FIRST)}
    assert len(mine) == len(others) == 1


async def test_two_workers_that_plan_at_once_plan_each_event_once(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST, SECOND)

    async def both(tx: Tx) -> int:
        planned = await webhooks.plan(tx, VERSIONS)
        return planned + 10 * await house.db.write(lambda tx: webhooks.plan(tx, VERSIONS))

    assert await house.db.write(both) == 2
    assert len(await scene.deliveries()) == 2


async def test_one_webhook_takes_no_more_than_its_share(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST)
    await scene.emit(FIRST, case=1)
    assert len(await scene.claim(per_webhook=1)) == 1
    assert not await scene.claim(per_webhook=1, in_flight=[scene.hook.id])
    assert len(await scene.claim(per_webhook=2, in_flight=[scene.hook.id])) == 1


async def test_a_build_tells_only_in_versions_that_it_serves(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST)
    assert await house.db.write(lambda tx: webhooks.plan(tx, ["v1"])) == 0
    await scene.house.db.write(lambda tx: webhooks.plan(tx, VERSIONS))
    assert not await house.db.write(lambda tx: webhooks.claim(tx, ["v1"], webhooks.Room(9, 9)))


async def test_a_receiver_that_is_gone_is_told_no_more(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST, SECOND)
    (due,) = await scene.claim()
    assert await scene.finish(due, 410) is AttemptOutcome.DISABLED
    now = await scene.now()
    assert (now.enabled, now.disabled_reason) == (False, "gone")
    assert await scene.claim() == []
    log = await audit.history(house.db, scene.hook.id)
    assert (log[-1].action, log[-1].detail) == ("webhook.disabled", {"reason": "gone"})


async def test_one_that_never_answers_is_disabled_and_gets_everything_once_it_is_enabled(
    house: House,
) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST, SECOND)
    assert await scene.deliver(lambda *_: None) == []
    now = await scene.now()
    assert (now.enabled, now.disabled_reason) == (False, "failing")
    await scene.emit(THIRD)
    enabled = await scene.change(enabled=True)
    assert (enabled.enabled, enabled.disabled_reason) == (True, None)
    for each in await scene.deliveries():
        assert each.attempts == 0
        assert each.next_attempt_at is not None
        assert each.next_attempt_at <= datetime.now(UTC)
    assert await scene.deliver(lambda *_: 204) == [FIRST, SECOND, THIRD]


async def test_one_delivery_that_is_never_taken_is_given_up_for_the_others(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST, SECOND)
    await scene.emit(FIRST, case=1)
    broken = scene.cases[0]
    taken = await scene.deliver(
        lambda _, due: 500 if (due.application_id, due.kind) == (broken, FIRST) else 204
    )
    assert sorted(taken) == sorted([FIRST, SECOND])
    assert (await scene.now()).enabled
    assert sorted(each.state for each in await scene.deliveries()) == [
        "delivered",
        "delivered",
        "failed",
    ]


async def test_a_pause_skips_nothing(house: House) -> None:
    scene = await make_scene(house)
    paused = await scene.change(enabled=False)
    assert paused.disabled_reason == "requested"
    await scene.emit(FIRST, SECOND)
    assert await scene.claim() == []
    with pytest.raises(Conflict):
        await house.db.write(lambda tx: webhooks.try_out(tx, scene.subscriber, scene.hook.id))
    await scene.change(enabled=True)
    assert await scene.deliver(lambda *_: 204) == [FIRST, SECOND]


async def test_a_delivery_is_made_again_under_its_own_id(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST)
    assert await scene.deliver(lambda *_: 204) == [FIRST]
    (delivery,) = await scene.deliveries()
    again = await house.db.write(
        lambda tx: webhooks.redeliver(tx, scene.subscriber, scene.hook.id, delivery.id)
    )
    assert (again.id, again.state, again.attempts) == (delivery.id, DeliveryState.PENDING, 0)
    assert await scene.deliver(lambda *_: 204) == [FIRST]
    assert len(await scene.deliveries()) == 1
    with pytest.raises(NotFound, match="delivery"):
        await house.db.write(
            lambda tx: webhooks.redeliver(tx, scene.subscriber, scene.hook.id, new_id())
        )


async def test_a_replay_tells_everything_since_again_in_order(house: House) -> None:
    scene = await make_scene(house)
    start = datetime.now(UTC) - timedelta(hours=1)
    await scene.emit(FIRST, SECOND)
    assert await scene.deliver(lambda *_: 204) == [FIRST, SECOND]
    ids = {each.id for each in await scene.deliveries()}
    await scene.emit(THIRD)
    await house.db.write(lambda tx: webhooks.plan(tx, VERSIONS))
    await house.db.write(lambda tx: webhooks.replay(tx, scene.subscriber, scene.hook.id, start))
    # What was pending waits for what is to be told before it again.
    assert not await house.db.write(lambda tx: webhooks.claim(tx, VERSIONS, webhooks.Room(9, 9)))
    taken: list[tuple[int, str]] = []

    def answer(_: int, due: DueDelivery) -> int:
        taken.append((scene.cases.index(due.application_id or UUID(int=0)), due.kind))
        return 204

    await scene.deliver(answer)
    # From before the webhook was made: both applications were received.
    of_first = [kind for case, kind in taken if case == 0]
    assert of_first == [FIRST, FIRST, SECOND, THIRD]
    assert (1, FIRST) in taken
    assert ids < {each.id for each in await scene.deliveries()}


async def test_a_replay_never_skips_what_is_still_to_come(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST)
    since = datetime.now(UTC)
    await scene.emit(SECOND)
    await house.db.write(lambda tx: webhooks.replay(tx, scene.subscriber, scene.hook.id, since))
    assert await scene.deliver(lambda *_: 204) == [FIRST, SECOND]
    long_ago = datetime.now(UTC) - timedelta(days=31)
    with pytest.raises(Invalid, match="30 days"):
        await house.db.write(
            lambda tx: webhooks.replay(tx, scene.subscriber, scene.hook.id, long_ago)
        )


async def test_a_test_tells_of_nothing_and_waits_for_nobody(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST)
    (due,) = await scene.claim()
    await scene.finish(due, 204)
    await house.db.write(lambda tx: webhooks.try_out(tx, scene.subscriber, scene.hook.id))
    (trial,) = await scene.claim()
    assert (trial.kind, trial.application_id, trial.data) == (webhooks.TEST, None, {})
    assert await scene.finish(trial, 204) is AttemptOutcome.DELIVERED


async def test_both_secrets_sign_for_a_day(house: House) -> None:
    scene = await make_scene(house)
    new = await house.db.write(lambda tx: webhooks.rotate(tx, scene.subscriber, scene.hook.id))
    assert timedelta(hours=23) < new.previous_valid_until - datetime.now(UTC) <= timedelta(hours=24)
    await scene.emit(FIRST)
    (due,) = await scene.claim()
    assert due.secrets == (new.secret, scene.secret)
    await house.db.write(
        lambda tx: tx.run(Query("UPDATE webhook SET old_secret_until = now()", (), {}))
    )
    await house.db.write(lambda tx: tx.run(EXPIRE))
    (later,) = await scene.claim()
    assert later.secrets == (new.secret,)


async def test_nobody_has_more_than_twenty_however_many_are_asked_for_at_once(
    house: House,
) -> None:
    scene = await make_scene(house)

    async def one_more() -> None:
        await house.db.write(lambda tx: webhooks.subscribe(tx, scene.subscriber, URL))

    for _ in range(webhooks.MOST_WEBHOOKS - 2):
        await one_more()
    # Each has a connection at once, so that they meet.
    await asyncio.gather(*(house.db.write(lambda tx: tx.all(SLEEP)) for _ in range(4)))
    ends = await asyncio.gather(*(one_more() for _ in range(4)), return_exceptions=True)
    assert [type(each) for each in ends if each] == [Conflict] * 3
    assert len(await webhooks.list_for_subscriber(house.db, scene.subscriber)) == 20


async def test_a_webhook_that_is_removed_takes_its_deliveries_along(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST, SECOND)
    (due,) = await scene.claim()
    await house.db.write(lambda tx: webhooks.unsubscribe(tx, scene.subscriber, scene.hook.id))
    assert await scene.finish(due, 204) is AttemptOutcome.SUPERSEDED
    assert await house.db.all(Query("SELECT id FROM webhook_delivery", (), {})) == []


async def test_what_ended_long_ago_is_forgotten_and_what_is_due_is_counted(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST, SECOND)
    (due,) = await scene.claim()
    await scene.finish(due, 204)
    age = Query("UPDATE webhook_delivery SET at = at - interval '31 days'", (), {})
    await house.db.write(lambda tx: tx.run(age))
    assert await house.db.write(webhooks.sweep) == 1
    assert [each.kind for each in await scene.deliveries()] == [SECOND]
    back = "UPDATE webhook_delivery SET next_attempt_at = now() - interval '60 s'"
    await house.db.write(lambda tx: tx.run(Query(back, (), {})))
    assert 60 <= await webhooks.waiting_seconds(house.db, VERSIONS) < 70
    assert await webhooks.waiting_seconds(house.db, ["v9"]) == 0


async def test_no_secret_is_in_what_might_be_printed(house: House) -> None:
    scene = await make_scene(house)
    await scene.emit(FIRST)
    (due,) = await scene.claim()
    shown = f"{due!r} {scene.hook!r}"
    assert str(due.id) in shown
    assert "secret" not in shown
    assert "hush" not in shown


@pytest.mark.unit
def test_attempts_go_on_for_three_days() -> None:
    waits = [wait_after(attempt, SCHEDULE) for attempt in range(1, 11)]
    assert waits[-1] is None
    for waited, planned in zip(waits[:-1], SCHEDULE, strict=True):
        assert waited is not None
        assert planned <= waited <= planned * 1.1
    assert sum(SCHEDULE, timedelta()) > timedelta(days=3)
    assert outcome_of(Attempt(199), timedelta(), None) is AttemptOutcome.RETRIED
    assert outcome_of(Attempt(299), None, None) is AttemptOutcome.DELIVERED
    assert outcome_of(Attempt(301), None, None) is AttemptOutcome.FAILED
