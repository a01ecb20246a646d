"""What an operator takes away is gone at once, comes back when given again, and is audited."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from core.audit import audit_entry
from core.query import compiled
from core.users import Role
from tests.bff.conftest import Screen, stranger  # noqa: F401 - a fixture
from tests.builders import House
from tests.deploy.ops.test_steering import beleg

BY_OPERATORS = compiled(
    select(audit_entry.c.action)
    .where(audit_entry.c.actor_kind == "operator")
    .order_by(audit_entry.c.id)
)


@pytest.fixture(autouse=True)
def callers_are_remembered_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is noticed sooner was not noticed by looking a key up again."""
    monkeypatch.setattr("core.callers.CACHED_SECONDS", 3600.0)


async def done(house: House, *words: str) -> Any:
    """What a command says as JSON."""
    result = await beleg(house, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output.splitlines()[-1])


async def ends(http: httpx.AsyncClient) -> None:
    """See a caller refused, though nobody forgets by themselves who it was for an hour."""
    async with asyncio.timeout(60):
        while (await http.get("/v2/applications")).status_code != 401:
            await asyncio.sleep(0.05)


async def test_a_person_who_is_disabled_is_out_at_once_and_may_come_back(
    house: House,
    stranger: Screen,  # noqa: F811
) -> None:
    uta = await house.person()
    await stranger.sign_in(uta)
    await stranger.get("/bff/session")
    assert (await done(house, "user", "disable", "UTA@lender.test"))["state"] == "disabled"
    await stranger.get("/bff/session", status=401)
    (listed,) = await done(house, "user", "list")
    assert (listed["email"], listed["disabled"]) == (uta.email, True)
    assert "disabled" in (await beleg(house, "user", "list")).output
    await done(house, "user", "enable", uta.email)
    await stranger.get("/bff/session", status=401)  # what was ended stays ended
    await stranger.sign_in(uta)


async def test_another_password_ends_the_sessions_of_the_old_one(
    house: House,
    stranger: Screen,  # noqa: F811
) -> None:
    uta = await house.person()
    await stranger.sign_in(uta)
    weak = await beleg(house, "user", "reset", uta.email, "--password", "passwort2024!")
    assert weak.exit_code == 1
    assert "guessed first" in weak.output
    await stranger.get("/bff/session")
    fresh = "vier ganz andere Worte"
    await done(house, "user", "reset", uta.email, "--password", fresh)
    await stranger.get("/bff/session", status=401)
    credentials = {"email": uta.email, "password": fresh}
    assert (await stranger.http.post("/bff/session", json=credentials)).status_code == 200


async def test_another_role_holds_from_the_next_click(
    house: House,
    stranger: Screen,  # noqa: F811
) -> None:
    uta = await house.person()
    await stranger.sign_in(uta)
    assert (await done(house, "user", "role", uta.email, "viewer"))["role"] == Role.VIEWER
    session = await stranger.get("/bff/session")
    assert "decide_cases" not in session["person"]["permissions"]


async def test_who_is_not_there_is_said_so(house: House) -> None:
    for words in (
        ("user", "disable", "nobody@lender.test"),
        ("client", "disable", "00000000-0000-7000-8000-000000000000"),
        ("key", "revoke", "00000000-0000-7000-8000-000000000000"),
    ):
        result = await beleg(house, *words)
        assert result.exit_code == 1
        assert "There is no such" in result.output


async def test_a_revoked_key_and_its_tokens_end_at_once(house: House) -> None:
    partner = await house.partner()
    form = {"grant_type": "client_credentials"}
    login = (str(partner.client_id), partner.key)
    issued = await house.http.post("/oauth/token", data=form, auth=login)
    assert issued.status_code == 200, issued.text
    token = house.caller(issued.json()["access_token"])
    assert (await token.get("/v2/applications")).status_code == 200
    (key,) = await done(house, "key", "list", str(partner.client_id))
    assert partner.key not in json.dumps(key)
    await done(house, "key", "revoke", key["key_id"])
    for http in (partner.http, token):
        await ends(http)


async def test_a_disabled_partner_calls_no_more_until_it_is_enabled(house: House) -> None:
    partner = await house.partner()
    assert (await partner.http.get("/v2/applications")).status_code == 200
    await done(house, "client", "disable", str(partner.client_id))
    await ends(partner.http)
    assert [each["disabled"] for each in await done(house, "client", "list")] == [True]
    await done(house, "client", "enable", str(partner.client_id))
    assert (await partner.http.get("/v2/applications")).status_code == 200


async def test_what_operators_took_and_gave_is_in_the_audit_log(house: House) -> None:
    uta, partner = await house.person(), await house.partner()
    (key,) = await done(house, "key", "list", str(partner.client_id))
    await done(house, "user", "disable", uta.email)
    await done(house, "user", "enable", uta.email)
    await done(house, "user", "role", uta.email, "viewer")
    await done(house, "client", "disable", str(partner.client_id))
    await done(house, "client", "enable", str(partner.client_id))
    await done(house, "key", "revoke", key["key_id"])
    assert [row["action"] for row in await house.db.all(BY_OPERATORS)] == [
        "person.disabled", "person.enabled", "person.role_changed",
        "client.disabled", "client.enabled", "client.key_revoked",
    ]  # fmt: skip


async def test_keys_are_listed_by_the_old_name_too_which_says_the_new_one(house: House) -> None:
    partner = await house.partner()
    listed = await beleg(house, "key", "list", str(partner.client_id))
    old = await beleg(house, "client", "keys", str(partner.client_id))
    assert old.stdout == listed.stdout
    assert "`beleg key list`" in old.stderr
    assert "\n  keys " not in (await beleg(house, "client", "--help")).stdout
