"""What is promised to a caller that has a copy already, and to one that repeats a change."""

from typing import Any

import httpx
import pytest

from public_api.v2.version import V2
from tests.builders import House, Partner, application
from tests.contracts.bodies import HOOK

CONTENT = b"<a>0123456789</a>"
STALE = '"1"'


async def content_of(partner: Partner) -> str:
    """Where the bytes of a new document are."""
    application_id = await partner.submit()
    document = await partner.upload(application_id, CONTENT)
    return f"/v2/applications/{application_id}/documents/{document}/content"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_content_that_the_caller_has_is_not_sent_again(house: House, method: str) -> None:
    """`If-None-Match` on content: 304 with the tag, by weak comparison, in lists, for `*`."""
    partner = await house.partner()
    where = await content_of(partner)
    tag = (await partner.http.get(where)).headers["etag"]
    for known in (tag, f"W/{tag}", f'"x", W/"y",{tag}', f'"a, b",  {tag}', "*", " * "):
        answer = await partner.http.request(method, where, headers={"If-None-Match": known})
        assert (answer.status_code, answer.headers["etag"]) == (304, tag), known
        assert answer.content == b""
        assert not {"content-length", "content-type", "content-range"} & answer.headers.keys()
    for other in ('"x"', tag.strip('"'), f'"x{tag[1:]}', f"x{tag}", "", '"*"'):
        answer = await partner.http.request(method, where, headers={"If-None-Match": other})
        assert (answer.status_code, answer.headers["etag"]) == (200, tag), other
        assert answer.content == (CONTENT if method == "GET" else b"")


async def test_a_current_copy_comes_before_any_range(house: House) -> None:
    """A copy that is current is 304 whatever range is asked for; else ranges are as ever."""
    partner = await house.partner()
    where = await content_of(partner)
    tag = (await partner.http.get(where)).headers["etag"]
    for asked in ({"Range": "bytes=0-1"}, {"Range": "bytes=99-"}, {"Range": "x"}):
        for more in ({}, {"If-Range": tag}, {"If-Range": '"other"'}):
            headers = {**asked, **more, "If-None-Match": tag}
            assert (await partner.http.get(where, headers=headers)).status_code == 304
    other = {"If-None-Match": '"other"', "Range": "bytes=0-1"}
    assert (await partner.http.get(where, headers=other)).content == CONTENT[:2]
    whole = await partner.http.get(where, headers={**other, "If-Range": '"other"'})
    assert (whole.status_code, whole.content) == (200, CONTENT)
    beyond = await partner.http.get(where, headers={**other, "Range": "bytes=99-"})
    assert beyond.status_code == 416


async def test_every_answer_with_a_tag_heeds_it(house: House) -> None:
    """What carries an `ETag` and is read by `GET` says 304 to who has that copy, and says so."""
    partner = await house.partner()
    content = await content_of(partner)
    ids = dict(zip(("id", "document_id"), content.split("/")[3:6:2], strict=True))
    hook = await partner.http.post("/v2/webhooks", json=HOOK)
    ids["webhook_id"] = hook.json()["id"]
    tagged = []
    for operation in (each for each in V2.operations if each.method == "GET"):
        place = f"/v2{operation.path}".format(**ids)
        answer = await partner.http.get(place)
        if tag := answer.headers.get("etag"):
            tagged.append(operation.name)
            again = await partner.http.get(place, headers={"If-None-Match": f'"x", W/{tag}'})
            assert again.status_code == 304
            assert again.headers["etag"] == tag
            assert 304 in operation.responses
            assert "If-None-Match" in [each.name for each in operation.parameters]
    assert tagged == ["getApplication", "getDocumentContent"]


async def patched(partner: Partner, place: str, body: Any, **headers: str) -> httpx.Response:
    """A change with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await partner.http.patch(place, json=body, headers=named)


async def test_a_change_that_is_repeated_gets_the_same_answer(house: House) -> None:
    """`Idempotency-Key` on `PATCH`: byte for byte, though the tag is stale by then."""
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}"
    tag = (await partner.http.get(place)).headers["etag"]
    how = {"If_Match": tag, "Idempotency_Key": "c"}
    first = await patched(partner, place, {"term_months": 12, "purpose": "x"}, **how)
    again = await patched(partner, place, {"purpose": "x", "term_months": 12}, **how)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"] != tag
    bare = await patched(partner, place, {"term_months": 12}, If_Match=tag)
    assert bare.status_code == 412
    shown = await partner.http.get(place)
    assert shown.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("key", ["", "a b", "ä", "k" * 256])
async def test_a_change_with_a_key_that_is_none_is_made(house: House, key: str) -> None:
    """Changes were taken with any key before keys counted for them, and still are."""
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}"
    headers = {b"If-Match": b"*", b"Idempotency-Key": key.encode()}
    for _ in range(2):
        answer = await partner.http.patch(place, json={"purpose": "x"}, headers=headers)
        assert answer.status_code == 200
        assert "idempotent-replayed" not in answer.headers


async def test_another_change_under_the_key_is_refused(house: House) -> None:
    """Another patch, another `If-Match`, another path or method: 422, and nothing changes."""
    partner = await house.partner()
    one, other = [f"/v2/applications/{await partner.submit()}" for _ in range(2)]
    await patched(partner, one, {"term_months": 12}, If_Match="*", Idempotency_Key="c")
    before = await partner.get(one)
    for place, body, match in (
        (one, {"term_months": 13}, "*"),
        (one, {"term_months": 12, "purpose": None}, "*"),
        (one, {"term_months": 12}, '"1"'),
        (one, {"term_months": 12}, '"2"'),
        (other, {"term_months": 12}, "*"),
    ):
        answer = await patched(partner, place, body, If_Match=match, Idempotency_Key="c")
        assert answer.status_code == 422, (place, body, match)
        assert answer.json()["type"] == "/problems/idempotency-key-reused"
    posted = await partner.http.post(
        "/v2/applications", json=application(), headers={"Idempotency-Key": "c"}
    )
    assert posted.status_code == 422
    assert await partner.get(one) == before
    assert (await partner.get(other))["term_months"] == 60


async def test_a_change_of_a_webhook_is_repeated_likewise(house: House) -> None:
    """`Idempotency-Key` on `PATCH /v2/webhooks/{id}`; the key is published on every PATCH."""
    partner = await house.partner()
    hook = await partner.http.post("/v2/webhooks", json=HOOK)
    place = hook.headers["location"]
    first = await patched(partner, place, {"enabled": False}, Idempotency_Key="w")
    await patched(partner, place, {"enabled": True})
    again = await patched(partner, place, {"enabled": False}, Idempotency_Key="w")
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert (await partner.get(place))["enabled"] is True
    reused = await patched(partner, place, {"enabled": True}, Idempotency_Key="w")
    assert reused.status_code == 422
    passed_over = await patched(partner, place, {"enabled": True}, Idempotency_Key="a b")
    assert passed_over.status_code == 200
    for operation in (each for each in V2.operations if each.method == "PATCH"):
        published = {each.name: each for each in operation.parameters}
        assert published["Idempotency-Key"].required is False


async def test_deleting_again_leaves_things_as_they_are(house: House) -> None:
    """`DELETE` needs no key: repeated, it changes nothing; a key that comes along is ignored."""
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}"
    for reason in ("test", "other"):
        answer = await partner.http.delete(
            f"{place}?reason={reason}", headers={"Idempotency-Key": "d"}
        )
        assert answer.status_code == 204
        assert "idempotent-replayed" not in answer.headers
    assert (await partner.get(place))["delete_reason"] == "test"
    hook = await partner.http.post("/v2/webhooks", json=HOOK)
    for status in (204, 404):
        gone = await partner.http.delete(hook.headers["location"], headers={"Idempotency-Key": "d"})
        assert gone.status_code == status
