"""What is promised of `POST /oauth/token`: only keys are traded; refusals say what they are."""

import orjson
import pytest
from starlette.types import Message

from core import errors
from core.errors import Unavailable
from public_api import oauth, refusals
from public_api.docs.faults import FAULTS
from tests.builders import House, Partner

GRANT = {"grant_type": "client_credentials"}
PATH = "/oauth/token"
# RFC 6749, 5.2 and 4.1.2.1: the words that libraries know.
WORDS = {
    "invalid_request",
    "invalid_client",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
    "server_error",
    "temporarily_unavailable",
}


def credentials(partner: Partner, **changes: str) -> dict[str, str]:
    """A client's id and key in the form."""
    usual = {"client_id": str(partner.client_id), "client_secret": partner.key}
    return {**GRANT, **usual, **changes}


async def test_only_an_api_key_is_traded_for_a_token(house: House) -> None:
    """An access token is no client_secret, so none outlives its 24 hours; nor is anything else."""
    partner = await house.partner()
    client_id = str(partner.client_id)
    given = await house.http.post(PATH, data=credentials(partner))
    token = given.json()["access_token"]
    for known in (False, True):
        for secret in (token, "beleg_at_wrong", "a.b.c", ""):
            for answer in (
                await house.http.post(PATH, data=GRANT, auth=(client_id, secret)),
                await house.http.post(PATH, data=credentials(partner, client_secret=secret)),
            ):
                assert answer.status_code == 401, (secret, known)
                assert answer.json()["error"] == "invalid_client"
                assert answer.headers["www-authenticate"] == "Basic"
        # The API itself knows the token, and remembers whose it is.
        assert (await house.caller(token).get("/v2/applications")).status_code == 200


@pytest.mark.parametrize("unreadable", ["\u00e9", "x", "x:y", "/w==", ""])
async def test_basic_credentials_that_cannot_be_read_are_wrong(
    house: House, unreadable: str
) -> None:
    """401 whatever stands there: no base64, no text in it, characters beyond ASCII."""
    header = {b"Authorization": f"Basic {unreadable}".encode("latin-1")}
    answer = await house.http.post(PATH, data=GRANT, headers=header)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_network_that_is_refused_is_told_so(house: House) -> None:
    """403 and `unauthorized_client`: coming back later would not help."""
    partner = await house.partner(networks=["192.0.2.0/24"])
    answer = await house.http.post(PATH, data=credentials(partner))
    assert answer.status_code == 403
    assert answer.json() == {
        "error": "unauthorized_client",
        "error_description": "This key may not be used from this address.",
    }
    assert "retry-after" not in answer.headers


@pytest.mark.unit
def test_only_what_is_away_is_503() -> None:
    """Every kind of refusal has its own status, and a word that libraries know."""
    statuses = {}
    for refusal in (each.refusal for each in FAULTS):
        answer = oauth._refused(refusal)
        body = orjson.loads(answer.body)
        assert body["error"] in WORDS
        assert body["error_description"]
        assert ("retry-after" in answer.headers) == (answer.status_code in (429, 503))
        statuses[type(refusal)] = answer.status_code
    assert [kind for kind, status in statuses.items() if status == 503] == [Unavailable]
    assert {
        errors.Unauthenticated: 401,
        errors.Forbidden: 403,
        errors.Invalid: 400,
        errors.TooLarge: 413,
        refusals.NoSuchMethod: 405,
        refusals.VersionGone: 410,
        refusals.UpgradeRequired: 426,
        refusals.TooManyCalls: 429,
        refusals.OurFault: 500,
    }.items() <= statuses.items()


async def test_what_the_token_endpoint_took_it_goes_on_taking(house: House) -> None:
    """A form under any media type; of a field that is sent twice, the last."""
    partner = await house.partner()
    form = "&".join(f"{name}={value}" for name, value in credentials(partner).items())
    for media_type in ("application/json", "text/plain", "application/x-www-form-urlencoded; a=b"):
        headers = {"Content-Type": media_type}
        answer = await house.http.post(PATH, content=form, headers=headers)
        assert answer.status_code == 200, media_type
    twice = f"scope=everything&{form}&scope=report:read&grant_type=client_credentials"
    answer = await house.http.post(PATH, content=twice)
    assert (answer.status_code, answer.json()["scope"]) == (200, "report:read")


async def test_what_is_no_form_is_refused_in_oauths_shape(house: House) -> None:
    """JSON is told what to send; another method is 405, too much 413."""
    partner = await house.partner()
    as_json = await house.http.post(PATH, json=credentials(partner))
    assert (as_json.status_code, as_json.json()["error"]) == (400, "unsupported_grant_type")
    assert "application/x-www-form-urlencoded" in as_json.json()["error_description"]
    too_much = await house.http.post(PATH, content=b"x" * (8 * 1024 + 1))
    assert (too_much.status_code, too_much.json()["error"]) == (413, "invalid_request")
    for method in ("GET", "PUT", "DELETE"):
        answer = await house.http.request(method, PATH)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert answer.json()["error"] == "invalid_request"


async def test_an_error_of_ours_at_the_token_endpoint_names_its_request(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """500 and `server_error` with the request's id, and nothing of what broke."""
    partner = await house.partner()

    async def break_down(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("core.tokens.issue", break_down)
    answer = await house.http.post(PATH, data=credentials(partner))
    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")
    assert answer.headers["request-id"] in answer.json()["error_description"]
    assert "secret" not in answer.text


async def test_nobody_is_answered_who_hung_up(house: House) -> None:
    """A caller that hangs up while it sends is no error of ours, and gets no token."""
    sent: list[Message] = []

    async def hang_up() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "query_string": b"",
        "headers": [],
        "state": {"dependencies": house.api.dependencies},
    }
    await house.api(scope, hang_up, send)
    assert sent == []
