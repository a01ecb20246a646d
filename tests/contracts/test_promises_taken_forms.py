"""What was always taken of uploads, though no document names it: other parts, no form at all."""

import pytest

from public_api.versions import FORM
from tests.builders import House
from tests.contracts.bodies import VERSION
from tests.contracts.irregular import counted

JSON = "application/json"
HAND_IN = {"v1": "createDocument", "v2": "handInDocument"}


def form(*parts: tuple[str, bytes]) -> bytes:
    """A form with these parts."""
    return (
        b"".join(
            b"--b\r\nContent-Disposition: form-data; "
            + name.encode()
            + b"\r\n\r\n"
            + content
            + b"\r\n"
            for name, content in parts
        )
        + b"--b--\r\n"
    )


FILE = ('name="file"; filename="a.xml"', b"<a/>")


@VERSION
@pytest.mark.parametrize(
    ("parts", "words_of_v1", "words_of_v2"),
    [
        ((FILE,), set(), set()),
        ((('name="note"', b"x"), FILE, ('name=""', b"")), {"unknown_part"}, {"unknown_part"}),
        ((('name="kind"', b"invoice"), FILE), {"unknown_part"}, set()),
        ((('name="kind"', b""), FILE), {"unknown_part"}, set()),
        (
            (('name="kind"', b"inv"), ('name="kind"', b"oice"), FILE),
            {"unknown_part", "repeated_part"},
            {"repeated_part"},
        ),
    ],
)
async def test_a_form_may_have_more_than_a_file(
    house: House,
    version: str,
    parts: tuple[tuple[str, bytes], ...],
    words_of_v1: set[str],
    words_of_v2: set[str],
) -> None:
    """Unknown parts are passed over; a `kind` in pieces is put together; v1 takes a kind too."""
    partner = await house.partner()
    where = f"/{version}/applications/{await partner.submit()}/documents"
    headers = {"content-type": f"{FORM}; boundary=b"}
    answer = await partner.http.post(where, content=form(*parts), headers=headers)
    assert answer.status_code == {"v1": 201, "v2": 202}[version]
    words = {"v1": words_of_v1, "v2": words_of_v2}[version]
    assert {each[2] for each in await counted(house) if each[1] == HAND_IN[version]} == words


@VERSION
@pytest.mark.parametrize("media_type", ["application/xml", "application/octet-stream", JSON, ""])
async def test_a_document_may_come_as_bare_bytes(
    house: House, version: str, media_type: str
) -> None:
    """Raw bytes are a document whatever their media type; v1 never said that it takes them."""
    partner = await house.partner()
    where = f"/{version}/applications/{await partner.submit()}/documents"
    answer = await partner.http.post(where, content=b"<a/>", headers={"content-type": media_type})
    assert answer.status_code == {"v1": 201, "v2": 202}[version]
    words = {each[2] for each in await counted(house)}
    assert words == ({"other_media_type"} if version == "v1" else set())
