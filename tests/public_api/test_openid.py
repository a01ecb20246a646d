"""Tokens of an OpenID provider: what a real one gives opens the API, and nothing else does."""

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from tests.builders import House, Partner, running
from tests.openid import APP, OpenIdProvider, SigningKey
from tests.ports import free_ports

AUDIENCE, SCOPES = "https://api.beleg.test", "applications:read"
OLD = {"company_name": "A", "type": "LOAN", "amount_eur": 1, "duration": 1}
FIRST, SECOND = SigningKey("first"), SigningKey("second")
PUBLIC = FIRST.private.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[OpenIdProvider]:
    """A provider that signs with the first key."""
    serving = OpenIdProvider(tmp_path, free_ports(1)[0])
    await serving.start([FIRST])
    yield serving
    await serving.stop()


@pytest.fixture
async def house_with_provider(
    database: str, tmp_path: Path, provider: OpenIdProvider
) -> AsyncIterator[House]:
    """An instance that takes the provider's tokens."""
    async with running(
        database, tmp_path, oidc_issuer=provider.issuer, oidc_audience=AUDIENCE
    ) as house:
        yield house


@pytest.fixture
async def broker(house_with_provider: House) -> Partner:
    """The partner whose app people sign in to."""
    return await house_with_provider.partner("Makler App", oidc_client_id=APP)


async def ask(house: House, token: str, version: str = "v2") -> httpx.Response:
    """A list of applications, asked for with a token."""
    headers = {"Authorization": f"Bearer {token}"}
    return await house.http.get(f"/{version}/applications", headers=headers)


def refusal(answer: httpx.Response) -> str:
    """The kind of a refusal, by the version's own error body."""
    body = answer.json()
    if answer.headers["beleg-version"] == "v1":
        return f"{answer.status_code} {body['error']['code']}"
    assert answer.headers["content-type"] == "application/problem+json"
    return f"{answer.status_code} {body['type']}"


def claims(issuer: str, **changes: Any) -> dict[str, Any]:
    """What a token that opens the API says; None takes a claim out."""
    now = int(time.time())
    payload = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": "mia",
        "client_id": APP,
        "scope": SCOPES,
        "iat": now,
        "exp": now + 600,
        **changes,
    }
    return {name: value for name, value in payload.items() if value is not None}


def signed(
    payload: dict[str, Any], key: SigningKey = FIRST, name: str = "first", **head: Any
) -> str:
    """A token signed with a provider's key."""
    return jwt.encode(payload, key.private, "RS256", {"kid": name, **head})


def written(head: dict[str, str], payload: dict[str, Any], secret: bytes = b"") -> str:
    """A token as a forger writes it, who heeds no rule; with a secret, signed by HMAC."""
    parts = [_base64(json.dumps(each).encode()) for each in (head, payload)]
    mark = hmac.digest(secret, ".".join(parts).encode(), "sha256") if secret else b""
    return ".".join((*parts, _base64(mark)))


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(payload: dict[str, Any]) -> str:
    """A token that says it needs no signature."""
    return written({"alg": "none", "typ": "at+jwt", "kid": "first"}, payload)


def signed_with_what_is_public(payload: dict[str, Any]) -> str:
    """A token whose secret is the provider's public key."""
    return written({"alg": "HS256", "typ": "at+jwt", "kid": "first"}, payload, PUBLIC)


def meddled_with(payload: dict[str, Any]) -> str:
    """A token with more scopes than were signed."""
    head, _, mark = signed(payload).split(".")
    more = json.dumps({**payload, "scope": "applications:read documents:write"}).encode()
    return f"{head}.{_base64(more)}.{mark}"


async def test_who_signs_in_to_an_app_sees_what_they_handed_in(
    house_with_provider: House, broker: Partner, provider: OpenIdProvider
) -> None:
    of_partner = await broker.submit()
    token = await provider.sign_in(AUDIENCE)
    app = house_with_provider.caller(token)
    written = await app.post("/v1/applications", json=OLD)
    assert written.status_code == 201
    application_id = written.json()["id"]
    for version, name in (("v1", "items"), ("v2", "data")):
        (listed,) = (await app.get(f"/{version}/applications")).json()[name]
        assert listed["id"] == application_id
        assert (await app.get(f"/{version}/applications/{of_partner}")).status_code == 404
    assert refusal(await app.get(f"/v2/applications/{application_id}/report")) == (
        "403 /problems/scope-missing"
    )
    reader = house_with_provider.caller(await provider.sign_in(AUDIENCE, SCOPES))
    assert refusal(await reader.post("/v1/applications", json=OLD)) == "403 scope_missing"


async def test_a_token_for_another_audience_is_refused(
    house_with_provider: House, broker: Partner, provider: OpenIdProvider
) -> None:
    token = await provider.sign_in("https://another.test")
    assert refusal(await ask(house_with_provider, token)) == "401 /problems/unauthenticated"
    assert refusal(await ask(house_with_provider, token, "v1")) == "401 unauthenticated"


async def test_a_token_of_an_app_that_no_partner_has_is_refused(
    house_with_provider: House, provider: OpenIdProvider
) -> None:
    token = await provider.sign_in(AUDIENCE)
    assert refusal(await ask(house_with_provider, token)) == "401 /problems/unauthenticated"


WRONG: dict[str, Callable[[str], str]] = {
    "of another issuer": lambda it: signed(claims("https://another.test")),
    "of an issuer that is alike": lambda it: signed(claims(f"{it}/")),
    "of no issuer": lambda it: signed(claims(it, iss=None)),
    "for another audience": lambda it: signed(claims(it, aud=["https://another.test"])),
    "for no audience": lambda it: signed(claims(it, aud=None)),
    "expired": lambda it: signed(claims(it, exp=int(time.time()) - 60)),
    "without an end": lambda it: signed(claims(it, exp=None)),
    "not yet valid": lambda it: signed(claims(it, nbf=int(time.time()) + 60)),
    "of no app": lambda it: signed(claims(it, client_id=None)),
    "of an app without a name": lambda it: signed(claims(it, client_id="")),
    "of two apps": lambda it: signed(claims(it, azp="another-app")),
    "of two apps, ours named first": lambda it: signed(claims(it, azp=APP, client_id="another")),
    "of an app that is no word": lambda it: signed(claims(it, client_id=["beleg-ios"])),
    "of nobody": lambda it: signed(claims(it, sub=None)),
    "of a nameless person": lambda it: signed(claims(it, sub="")),
    "of a person whose name no database takes": lambda it: signed(claims(it, sub="a\0b")),
    "of a person whose name is half a letter": lambda it: signed(claims(it, sub="\ud800")),
    "of a person whose name is too long": lambda it: signed(claims(it, sub="a" * 256)),
    "an ID token by its hash": lambda it: signed(claims(it, azp=APP, at_hash="x")),
    "an ID token by its type": lambda it: signed(claims(it, typ="ID")),
    "a refresh token": lambda it: signed(claims(it, typ="Refresh")),
    "a logout token": lambda it: signed(claims(it), typ="logout+jwt"),
    "a proof of possession": lambda it: signed(claims(it), typ="dpop+jwt"),
    "with an extension that counts": lambda it: signed(claims(it), crit=["x"], x=1),
    "unsigned": lambda it: unsigned(claims(it)),
    "signed with the public key": lambda it: signed_with_what_is_public(claims(it)),
    "signed with a key of another name": lambda it: signed(claims(it), SECOND, "first"),
    "signed with an unknown key": lambda it: signed(claims(it), SECOND, "second"),
    "changed after it was signed": lambda it: meddled_with(claims(it)),
    "of nested brackets": lambda _: f"{_base64(b'[' * 9_000)}.e30.x",
    "of nothing": lambda _: "..",
}


async def test_a_token_that_is_wrong_in_one_thing_is_refused_in_each_versions_words(
    house_with_provider: House, broker: Partner, provider: OpenIdProvider
) -> None:
    right = signed(claims(provider.issuer))
    for kind in ("JWT", "at+jwt", "application/at+jwt", None):
        token = signed(claims(provider.issuer, typ="Bearer", azp=APP), typ=kind)
        assert (await ask(house_with_provider, token)).status_code == 200, kind
    for name, made in WRONG.items():
        token = made(provider.issuer)
        assert refusal(await ask(house_with_provider, token)) == "401 /problems/unauthenticated", (
            name
        )
        assert refusal(await ask(house_with_provider, token, "v1")) == "401 unauthenticated", name
    assert (await ask(house_with_provider, right)).status_code == 200


async def test_keys_may_rotate_and_one_that_was_taken_back_no_longer_counts(
    house_with_provider: House,
    broker: Partner,
    provider: OpenIdProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("public_api.oidc.FETCH_SECONDS", 0)
    old = await provider.sign_in(AUDIENCE)
    assert (await ask(house_with_provider, old)).status_code == 200
    await provider.stop()
    await provider.start([SECOND, FIRST])
    new = await provider.sign_in(AUDIENCE)
    assert jwt.get_unverified_header(new)["kid"] == "second"
    assert [(await ask(house_with_provider, each)).status_code for each in (new, old)] == [200, 200]
    await provider.stop()
    await provider.start([SECOND])
    monkeypatch.setattr("public_api.oidc.KEPT_SECONDS", 0)
    assert [(await ask(house_with_provider, each)).status_code for each in (new, old)] == [200, 401]


async def test_while_the_provider_is_away_known_keys_count_and_others_are_told_to_come_back(
    house_with_provider: House,
    broker: Partner,
    provider: OpenIdProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = await provider.sign_in(AUDIENCE)
    unknown = signed(claims(provider.issuer), SECOND, "second")
    await provider.stop()
    for version, code in (("v2", "503 /problems/unavailable"), ("v1", "503 unavailable")):
        answer = await ask(house_with_provider, known, version)
        assert refusal(answer) == code
        assert "The OpenID provider is not reachable" in answer.text
        assert answer.headers["retry-after"] == "5"
    monkeypatch.setattr("public_api.oidc.FETCH_SECONDS", 0)
    monkeypatch.setattr("public_api.oidc.KEPT_SECONDS", 0)
    await provider.start([FIRST])
    assert (await ask(house_with_provider, known)).status_code == 200
    await provider.stop()
    assert (await ask(house_with_provider, known)).status_code == 200
    assert refusal(await ask(house_with_provider, unknown)) == "503 /problems/unavailable"
    assert (await ask(house_with_provider, broker.key)).status_code == 200


async def test_a_token_of_the_provider_is_traded_for_none_of_ours(
    house_with_provider: House, broker: Partner, provider: OpenIdProvider
) -> None:
    token = await provider.sign_in(AUDIENCE)
    assert (await ask(house_with_provider, token)).status_code == 200
    form = {"grant_type": "client_credentials"}
    answer = await house_with_provider.http.post(
        "/oauth/token", data=form, auth=(str(broker.client_id), token)
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
