"""Documents on their way in: however they come, and whatever stops them."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from public_api.uploads import UploadForm
from tests.builders import House, Partner, running

LIMIT = 1_000
CONTENT = b"<a>\r\n--not the boundary\r\n\x00\xff</a>"
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nother\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\n'
    b"Content-Type: application/xml\r\n\r\n" + CONTENT + b"\r\n--b--\r\n"
)


def blobs(house: House) -> list[Path]:
    """What lies in the blob store."""
    folder = house.folder / "blobs" / "documents"
    return list(folder.iterdir()) if folder.exists() else []


async def call(house: House, partner: Partner, path: str, *messages: Any, **headers: str) -> int:
    """A raw request that ends with these messages; its status, 0 where there is no answer."""
    remaining, status = iter(messages), 0
    sent_headers = {"authorization": f"Bearer {partner.key}", "content-type": "text/xml", **headers}

    async def receive() -> Any:
        return next(remaining)

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [
            (name.replace("_", "-").encode(), value.encode())
            for name, value in sent_headers.items()
        ],
    }
    await house.http._transport.app(scope, receive, send)  # type: ignore[attr-defined]
    return status


def part(body: bytes, *, more: bool = True) -> dict[str, Any]:
    """A piece of a request's body."""
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_caller_that_hangs_up_leaves_no_document_and_no_bytes(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/documents"
    gone = {"type": "http.disconnect"}
    assert await call(house, partner, place, part(b"<a>" * 1_000), gone) == 0
    form = {"content_type": "multipart/form-data; boundary=b"}
    assert await call(house, partner, place, part(FORM[:-20]), gone, **form) == 0
    assert await call(house, partner, "/v2/applications", part(b'{"product":'), gone) == 0
    assert (await partner.get(place))["data"] == []
    assert blobs(house) == []
    assert (await partner.upload(place.split("/")[3], b"<a/>")) != ""


async def test_a_document_may_be_as_large_as_the_limit_and_no_larger(
    database: str, tmp_path: Path
) -> None:
    async with running(database, tmp_path, document_limit_bytes=LIMIT) as house:
        partner = await house.partner()
        application_id = await partner.submit()
        await partner.upload(application_id, b"x" * LIMIT)
        place = f"/v2/applications/{application_id}/documents"
        too_large = b"y" * (LIMIT + 1)
        for sent in ({"content": too_large}, {"files": {"file": ("a", too_large)}}):
            answer = await partner.http.post(place, **sent)
            assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
        old = await partner.http.post(
            f"/v1/applications/{application_id}/documents", files={"file": ("a", too_large)}
        )
        assert (old.status_code, old.json()["error"]["code"]) == (413, "too_large")
        assert len(blobs(house)) == 1


async def test_what_a_form_has_beside_its_file_counts(database: str, tmp_path: Path) -> None:
    """Bytes that are passed over are bytes, and so are parts, however small."""
    async with running(database, tmp_path, document_limit_bytes=LIMIT) as house:
        partner = await house.partner()
        place = f"/v2/applications/{await partner.submit()}/documents"
        form = {"content_type": "multipart/form-data; boundary=b"}
        ignored = b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\n'
        poured = [part(ignored), *(part(b"x" * 10_000) for _ in range(100))]
        assert await call(house, partner, place, *poured, **form) == 413
        tiny = ignored + b"\r\n"
        assert await call(house, partner, place, part(tiny * 100 + FORM), **form) == 400
        ending = part(tiny * 98 + FORM, more=False)
        assert await call(house, partner, place, ending, **form) == 202
        assert len(blobs(house)) == 1


async def test_what_says_it_is_too_large_is_refused_unread(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    size = {"content_length": str(10**9)}
    for path in (
        "/v2/applications",
        f"/v2/applications/{application_id}/documents",
        f"/v1/applications/{application_id}/documents",
    ):
        assert await call(house, partner, path, **size) == 413
    assert blobs(house) == []


@pytest.mark.unit
@given(st.lists(st.integers(1, len(FORM) - 1), max_size=8, unique=True))
async def test_a_form_is_the_same_however_it_is_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(FORM)]

    async def chunks() -> AsyncIterator[bytes]:
        for start, end in pairwise(edges):
            yield FORM[start:end]

    form = UploadForm(b"b")
    file = b"".join([piece async for piece in form.file(chunks())])
    assert file == CONTENT
    assert (form.filename, form.media_type, form.kind) == ("a.xml", "application/xml", "other")


async def test_a_kind_in_the_query_counts_for_a_form_too(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/documents"
    form = {"file": ("a.xml", b"<a/>")}
    for kind in ("novel", ""):
        assert (await partner.http.post(f"{place}?kind={kind}", files=form)).status_code == 422
    answer = await partner.http.post(f"{place}?kind=other", files=form)
    assert (answer.status_code, answer.json()["kind"]) == (202, "other")
