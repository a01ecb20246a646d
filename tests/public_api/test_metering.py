"""Wrong keys: after too many of them the next are refused unread, and nobody else notices."""

import httpx
import pytest

from core.clients import Scope
from core.errors import Unauthenticated
from public_api.metering import FailureMeter
from public_api.refusals import TooManyCalls
from tests.builders import House, Partner


def told_wrong(house: House, most: int) -> list[int]:
    """Meter from here on with this limit; the times at which a key was looked for."""
    dependencies = house.api.dependencies
    assert dependencies is not None
    lookups: list[int] = []
    by_secret = dependencies.callers.by_secret

    async def counted(token: str) -> object:
        lookups.append(1)
        return await by_secret(token)

    object.__setattr__(dependencies, "failures", FailureMeter(most, lambda: 30.0))
    dependencies.callers.by_secret = counted  # type: ignore[method-assign,assignment]
    return lookups


async def token(house: House, client_id: object, key: str) -> httpx.Response:
    """The answer to a client's request for a token."""
    return await house.http.post(
        "/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": str(client_id),
            "client_secret": key,
        },
    )


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_after_too_many_wrong_keys_the_next_are_refused_unread(
    house: House, version: str
) -> None:
    partner = await house.partner()
    assert (await partner.http.get(f"/{version}/applications")).status_code == 200
    lookups, statuses = told_wrong(house, 5), []
    for number in range(20):
        stranger = house.caller(f"beleg_live_{number}")
        answer = await stranger.get(f"/{version}/applications")
        statuses.append(answer.status_code)
    assert statuses == [*[401] * 6, *[429] * 14]  # one beyond the limit is looked at all the same
    assert answer.headers["Retry-After"] == "30"
    assert len(lookups) == 6
    for _ in range(3):  # who was known before shares the source and is let through
        assert (await partner.http.get(f"/{version}/applications")).status_code == 200


async def test_tokens_for_a_wrong_key_are_metered_by_source_and_by_client(house: House) -> None:
    partner = await house.partner()
    assert (await token(house, partner.client_id, partner.key)).status_code == 200
    lookups = told_wrong(house, 3)
    answers = [await token(house, partner.client_id, f"beleg_live_{n}") for n in range(8)]
    assert [each.status_code for each in answers] == [*[401] * 4, *[429] * 4]
    assert answers[-1].json()["error"] == "temporarily_unavailable"
    assert answers[-1].headers["Retry-After"] == "30"
    assert len(lookups) == 4
    assert (await token(house, partner.client_id, partner.key)).status_code == 200


@pytest.mark.unit
def test_a_client_that_many_sources_try_is_metered_too() -> None:
    meter = FailureMeter(2, lambda: 30.0)
    for number in range(2):
        meter.require_room(f"source:{number}", "client:x")
        meter.count(f"source:{number}", "client:x")
    meter.require_room("source:9", "client:x")
    with pytest.raises(TooManyCalls):
        meter.require_room("source:10", "client:x")
    meter.require_room("source:10", "client:y")


@pytest.mark.unit
def test_some_are_looked_at_all_the_same_and_the_next_minute_begins_anew() -> None:
    now = [0.0]
    meter = FailureMeter(1, lambda: now[0])
    meter.count("source:1")
    looked_at = 0
    for tenth in range(50):
        now[0] = 1 + tenth / 10
        try:
            meter.require_room("source:1")
            looked_at += 1
        except TooManyCalls:
            pass
    assert 20 <= looked_at <= 26  # five a second
    now[0] = 60.0
    for _ in range(2):
        meter.require_room("source:1")


async def test_a_client_gets_as_many_tokens_as_it_has_calls(house: House) -> None:
    partner = await house.partner(scopes=[Scope.APPLICATIONS_READ], per_minute=2)
    statuses = [(await token(house, partner.client_id, partner.key)).status_code for _ in range(5)]
    assert 200 in statuses
    assert statuses[-1] == 429 or statuses.count(200) <= 4  # where a minute ended meanwhile
    assert (await partner.http.get("/v2/applications")).status_code == 200  # calls are beside them


async def test_keys_that_are_remembered_are_bounded(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.callers.MOST_CACHED", 3)
    partners: list[Partner] = [await house.partner(str(number)) for number in range(5)]
    dependencies = house.api.dependencies
    assert dependencies is not None
    for each in partners:
        await dependencies.callers.by_secret(each.key)
    known = [dependencies.callers.knows(each.key) for each in partners]
    assert known == [False, False, True, True, True]
    assert len(dependencies.callers._cached) <= 3
    with pytest.raises(Unauthenticated):
        await dependencies.callers.by_secret("beleg_live_x")
