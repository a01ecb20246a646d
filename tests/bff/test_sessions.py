"""Signing in and out."""

import asyncio
from pathlib import Path
from threading import Event

import httpx
import pytest

from bff.app import build
from core import passwords
from core.settings import Settings, local_blobs
from core.sign_in_attempts import OF_ACCOUNT
from core.users import Role
from tests.bff.conftest import HEADERS, Screen, screen
from tests.builders import PASSWORD, House, with_lifespan


async def test_a_person_signs_in_and_out(house: House, stranger: Screen) -> None:
    await stranger.get("/bff/session", status=401)
    await stranger.sign_in(await house.person())
    session = await stranger.get("/bff/session")
    assert session["person"]["name"] == "Uta Winter"
    cookies = dict(stranger.http.cookies)
    assert (await stranger.http.delete("/bff/session")).status_code == 204
    await stranger.get("/bff/session", status=401)
    stranger.http.cookies.update(cookies)
    await stranger.get("/bff/session", status=401)  # ended on our side as well


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    house: House, tmp_path: Path
) -> None:
    person = await house.person()
    secure = Settings(database_url=house.settings.database_url, blob_url=house.settings.blob_url)
    async with (
        with_lifespan(build(secure, tmp_path)) as served,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(served), base_url="https://web.test", headers=HEADERS
        ) as http,
    ):
        credentials = {"email": person.email, "password": PASSWORD}
        answer = await http.post("/bff/session", json=credentials)
    session, mark = answer.headers.get_list("Set-Cookie")
    assert session.startswith("__Host-beleg=")
    assert mark.startswith("beleg-person=")
    for cookie in (session, mark):
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


async def test_an_edge_can_tell_whose_browser_it_is_and_nobody_else_goes_by_that(
    house: House, stranger: Screen
) -> None:
    """The mark comes with the session and goes with it, and opens nothing."""
    uta = await house.person()
    credentials = {"email": uta.email, "password": PASSWORD}
    answer = await stranger.http.post("/bff/session", json=credentials)
    (mark,) = [each for each in answer.headers.get_list("Set-Cookie") if "person" in each]
    assert mark.startswith(f"beleg-person={uta.id}; ")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(mark.split("; "))
    assert "Set-Cookie" not in (await stranger.http.get("/bff/session")).headers
    stranger.http.cookies.delete("beleg-person")  # as in a session that began without it
    assert (await stranger.get("/bff/session"))["person"]["id"] == str(uta.id)
    assert stranger.http.cookies["beleg-person"] == str(uta.id)
    vera = await house.person("vera@lender.test", Role.VIEWER)
    stranger.http.cookies.set("beleg-person", str(vera.id), domain="web.test", path="/")
    assert (await stranger.get("/bff/session"))["person"]["id"] == str(uta.id)
    await stranger.http.delete("/bff/session")
    assert "beleg-person" not in stranger.http.cookies
    stranger.http.cookies.set("beleg-person", str(uta.id))
    await stranger.get("/bff/session", status=401)


async def test_a_wrong_password_and_an_unknown_person_look_the_same(
    house: House, stranger: Screen
) -> None:
    person = await house.person()
    answers = [
        await stranger.http.post("/bff/session", json={"email": email, "password": "wrong"})
        for email in (person.email, "nobody@lender.test")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].content == answers[1].content
    assert "Location" not in answers[0].headers


async def test_guessing_has_to_wait(house: House, stranger: Screen) -> None:
    person = await house.person()
    for _ in range(OF_ACCOUNT.free):
        guess = {"email": person.email.upper(), "password": "wrong"}
        assert (await stranger.http.post("/bff/session", json=guess)).status_code == 401
    right = {"email": person.email, "password": PASSWORD}
    answer = await stranger.http.post("/bff/session", json=right)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60


async def test_the_language_follows_the_person(house: House, uta: Screen, tmp_path: Path) -> None:
    assert (await uta.http.patch("/bff/session", json={"locale": "de"})).status_code == 204
    assert (await uta.http.patch("/bff/session", json={"locale": "fr"})).status_code == 422
    async with screen(house, tmp_path) as elsewhere:
        elsewhere.http.cookies.update(dict(uta.http.cookies))
        assert (await elsewhere.get("/bff/session"))["person"]["locale"] == "de"


async def test_a_form_that_makes_no_sense_is_refused(stranger: Screen) -> None:
    for body in (b"", b"{", b"[]", b'{"email": "a@b"}', b'{"email": 1, "password": "x"}'):
        answer = await stranger.http.post("/bff/session", content=body)
        assert answer.status_code == 422
    flood = await stranger.http.post("/bff/session", content=b" " * 1_100_000)
    assert flood.status_code == 413


async def test_a_database_without_its_revisions_is_named(
    empty_database: str, tmp_path: Path
) -> None:
    settings = Settings(
        database_url=empty_database, blob_url=local_blobs(tmp_path / "blobs"), cookie_secure=False
    )
    async with (
        with_lifespan(build(settings, tmp_path)) as served,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(served), base_url="http://web.test", headers=HEADERS
        ) as http,
    ):
        answer = await http.get("/bff/session")
    assert answer.status_code == 503
    assert "0001" in answer.json()["error"]["message"]


async def test_strangers_who_try_to_sign_in_wait_for_themselves(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, going = await house.person(), Event()
    match = passwords._matches

    def slow(password_hash: str, password: str) -> bool:
        if password == "guess":
            going.wait(60)
        return match(password_hash, password)

    monkeypatch.setattr(passwords, "_matches", slow)
    async with with_lifespan(build(house.settings, tmp_path)) as served:
        strangers, own = (
            httpx.AsyncClient(
                transport=httpx.ASGITransport(served, client=(address, 1)),
                base_url="https://web.test",
                headers=HEADERS,
            )
            for address in ("192.0.2.1", "192.0.2.2")
        )
        guesses = [
            asyncio.create_task(
                strangers.post("/bff/session", json={"email": f"{n}@x.test", "password": "guess"})
            )
            for n in range(20)
        ]
        in_line = passwords.MOST_PER_SOURCE + passwords.AT_ONCE
        while sum(each.done() for each in guesses) < len(guesses) - in_line:
            await asyncio.sleep(0.01)  # all others are refused at once
        mine = asyncio.create_task(
            own.post("/bff/session", json={"email": person.email, "password": PASSWORD})
        )
        while not mine.done() and "192.0.2.2" not in passwords._bulkhead._line:
            await asyncio.sleep(0.01)
        going.set()
        assert (await mine).status_code == 200
        answers = await asyncio.gather(*guesses)
        await strangers.aclose()
        await own.aclose()
    statuses = [each.status_code for each in answers]
    told_to_wait = [each for each in answers if each.status_code == 503]
    assert set(statuses) <= {401, 429, 503}  # by the line, or by what their address has tried
    assert statuses.count(401) <= in_line
    assert all(each.headers["Retry-After"] == "5" for each in told_to_wait)
