"""Who is sent to which build by a real Envoy: always to one, and to B for good."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clients
from core.audit import SYSTEM
from deploy.release import conditions
from deploy.release.conditions import parse
from deploy.release.model import Slot
from tests.builders import House
from tests.sticky import ALL_TO_A, Fork, bearer, by_weight, forked, keys

WEIGHTS = (1, 5, 10, 25, 50, 100)
KEYS = 300
B = Slot.GREEN


@pytest.fixture(scope="module")
async def fork(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Fork]:
    """An edge in front of A, B and the similar group."""
    async with forked(tmp_path_factory.mktemp("fork")) as running:
        yield running


async def test_nobody_sees_both_builds_and_raising_weights_moves_nobody_back(fork: Fork) -> None:
    """300 keys at six weights, each asked by its key and by two of its access tokens."""
    partners, others = keys(KEYS), keys(KEYS, 2)
    tokens = [
        f"beleg_at_{key[11:15]}{rest[15:]}" for key, rest in zip(partners, others, strict=True)
    ]
    callers = [bearer(secret) for secret in (*partners, *tokens, *partners)]
    were_on_b: set[int] = set()
    for weight in WEIGHTS:
        await fork.send(by_weight(weight))
        answers = await fork.ask(callers)
        seen = answers[:KEYS]
        assert answers == seen * 3, "a key and its token, or a key at two times"
        on_b = {at for at, slot in enumerate(seen) if slot == B}
        assert were_on_b <= on_b, f"{len(were_on_b - on_b)} were sent back at {weight} %"
        similar = seen.count(Slot.BASELINE)
        for group, share in ((len(on_b), weight), (similar, min(weight, 100 - weight))):
            # Four standard deviations of a fair draw: these keys are the same each time.
            spread = 4 * (KEYS * share / 100 * (1 - share / 100)) ** 0.5
            assert abs(group - KEYS * share / 100) <= spread, (weight, group, share)
        were_on_b = on_b
    assert len(were_on_b) == KEYS
    await fork.send(ALL_TO_A)
    assert set(await fork.ask([bearer(key) for key in partners])) == {Slot.BLUE}


async def test_a_person_keeps_to_one_build_in_every_browser_and_a_browser_without_anybody_too(
    fork: Fork,
) -> None:
    people = [str(uuid4()) for _ in range(100)]
    were_on_b: set[int] = set()
    for weight in (5, 25, 50):
        await fork.send(by_weight(weight))
        first, second = [
            await fork.ask(
                [{"cookie": f"{more}beleg-person={each}"} for each in people],
                path,
                fork.settings.web_port,
            )
            for more, path in (("beleg-edge=a; ", "/"), ("beleg-edge=b; beleg=x; ", "/bff/inbox"))
        ]
        assert first == second
        on_b = {at for at, slot in enumerate(first) if slot == B}
        assert were_on_b <= on_b
        were_on_b = on_b
    assert 20 < len(were_on_b) < 80
    browsers = [{"cookie": f"beleg-edge={each}"} for each in people]
    once = await fork.ask(browsers, "/", fork.settings.web_port)
    assert await fork.ask(browsers, "/bff/session", fork.settings.web_port) == once
    assert 20 < once.count(B) < 80


async def test_a_rule_sends_one_partner_app_or_person_to_b_and_nobody_else(fork: Fork) -> None:
    mine, other = keys(2)
    uta, vera = str(uuid4()), str(uuid4())
    rules = [f"client:{mine[:15]}", "app:ios/3.2.1", f"person:{uta}", "header:x-try=b"]
    await fork.send(by_weight(0, *map(parse, rules)))
    assert await fork.partner(bearer(mine)) == B
    assert await fork.partner(bearer(f"beleg_at_{mine[11:15]}{other[15:]}")) == B
    assert await fork.partner(bearer(other)) == Slot.BLUE
    assert await fork.partner(bearer(f"beleg_test_{mine[11:]}")) == Slot.BLUE
    for app, slot in (
        ("ios/3.2.1", B), ("iOS/3.2.1 (17.4)", B), ("ios/3.2.10", Slot.BLUE),
        ("ios/3.2", Slot.BLUE), ("android/3.2.1", Slot.BLUE),
    ):  # fmt: skip
        assert await fork.partner({**bearer(other), "app-version": app}) == slot, app
        assert await fork.partner({**bearer(other), "user-agent": f"Beleg {app}"}) == slot, app
    assert await fork.partner({**bearer(other), "x-try": "b"}) == B
    assert await fork.partner({**bearer(other), "x-try": "a"}) == Slot.BLUE
    assert await fork.person({"cookie": f"beleg=s; beleg-person={uta}"}) == B
    assert await fork.person({"cookie": f"beleg-person={uta}"}, "/assets/app.js") == B
    assert await fork.person({"cookie": f"beleg-person={vera}"}) == Slot.BLUE
    assert await fork.person({"x-try": "b"}) == B


async def test_what_stays_on_a_stays_there_whatever_would_send_it_to_b(fork: Fork) -> None:
    mine, other = keys(2)
    rules = ["version:v2", f"!client:{mine[:15]}", "!header:x-try=a"]
    await fork.send(by_weight(100, *map(parse, rules)))
    assert await fork.partner(bearer(mine)) == Slot.BLUE
    assert await fork.partner(bearer(other)) == B
    assert await fork.partner({**bearer(other), "x-try": "a"}) == Slot.BLUE
    await fork.send(by_weight(0, *map(parse, rules)))
    assert await fork.partner(bearer(other), "/v2/events") == B
    assert await fork.partner(bearer(other), "/v1/applications") == Slot.BLUE


async def test_a_key_rotated_in_the_middle_goes_by_the_weight_until_the_rule_is_refreshed(
    house: House, fork: Fork
) -> None:
    partner = await house.partner("Makler Ost")
    rule = await conditions.resolve(house.db, ["client:Makler Ost"])
    await fork.send(by_weight(0, *rule))
    assert await fork.partner(bearer(partner.key)) == B
    (old,) = await clients.keys_of(house.db, partner.client_id)
    new = await house.db.write(lambda tx: clients.rotate(tx, SYSTEM, old.id, timedelta(days=1)))
    assert await fork.partner(bearer(new)) == Slot.BLUE
    assert "that no rule names" in (await conditions.warnings(house.db, rule))[0]
    await fork.send(by_weight(0, *await conditions.refreshed(house.db, rule)))
    assert [await fork.partner(bearer(key)) for key in (partner.key, new)] == [B, B]
