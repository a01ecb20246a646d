"""What all versions promise of how large a request may be, and of fields they do not know."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.settings import Settings
from tests.builders import House, Partner, application, running
from tests.contracts.bodies import BODIES, MIB, OLD, VERSION


def padded(version: str, size: int) -> bytes:
    """A good application of so many bytes."""
    body = httpx.Request("POST", "/", json=BODIES[version]).content
    return body + b" " * (size - len(body))


@VERSION
async def test_a_body_may_have_a_mebibyte_and_not_a_byte_more(house: House, version: str) -> None:
    """A JSON body up to 1 MiB is taken."""
    partner, place = await house.partner(), f"/{version}/applications"
    assert (await partner.http.post(place, content=padded(version, MIB))).status_code == 201
    over = await partner.http.post(place, content=padded(version, MIB + 1))
    assert over.status_code == 413


@pytest.mark.unit
def test_a_document_may_have_fifty_mebibytes_unless_set_otherwise() -> None:
    """A document up to 50 MiB, configurable; a JSON body up to 1 MiB."""
    settings = Settings()
    assert (settings.document_limit_bytes, settings.body_limit_bytes) == (50 * MIB, MIB)


@VERSION
@pytest.mark.parametrize("noun", ["application", "document", "form"])
async def test_what_is_too_large_is_refused_before_it_is_read_to_the_end(
    database: str, tmp_path: Path, version: str, noun: str
) -> None:
    """A body without an end is refused with 413 soon after the limit."""
    async with running(
        database, tmp_path, body_limit_bytes=10_000, document_limit_bytes=10_000
    ) as house:
        partner = await house.partner()
        place = f"/{version}/applications"
        headers = {"Content-Type": "application/json"}
        if noun != "application":
            place = f"{place}/{await partner.submit()}/documents"
            headers = {"Content-Type": "application/xml"}
        if noun == "form":
            headers = {"Content-Type": "multipart/form-data; boundary=b"}
        sent = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            if noun == "form":
                yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            while True:
                sent += 1_000
                yield b" " * 1_000

        answer = await answered_at_once(house, partner, place, endless(), headers)
        assert answer == 413
        assert sent <= 12_000


async def answered_at_once(
    house: House, partner: Partner, path: str, body: AsyncIterator[bytes], headers: dict[str, str]
) -> int:
    """The status of a request whose body comes piece by piece, as far as it is read."""
    status = 0

    async def receive() -> Any:
        return {"type": "http.request", "body": await anext(body), "more_body": True}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    sent_headers = {"Authorization": f"Bearer {partner.key}", **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [
            (name.lower().encode(), value.encode()) for name, value in sent_headers.items()
        ],
    }
    await house.http._transport.app(scope, receive, send)  # type: ignore[attr-defined]
    return status


async def test_unknown_fields_are_ignored_by_the_old_and_named_by_the_new(house: House) -> None:
    """Unknown JSON fields: v1 ignores them, v2 refuses them with 422 and names each."""
    partner, more = await house.partner(), {"colour": "red", "size": {"x": 1}}
    old = await partner.http.post("/v1/applications", json={**OLD, **more})
    assert (old.status_code, set(old.json()) & set(more)) == (201, set())
    new = await partner.http.post("/v2/applications", json={**application(), **more})
    assert new.status_code == 422
    assert {each["pointer"] for each in new.json()["errors"]} == {"/colour", "/size"}
