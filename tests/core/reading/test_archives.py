"""An archive of statements is opened, within limits, and its files are read one by one."""

import itertools
import random
import struct
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core import documents
from core.errors import Unreadable
from core.isolation.archive import MOST_FILES, open_archive, recognises
from deploy.demo import camt053, mt940
from tests.builders import House, company, statements


def packed(*files: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


async def handed_in(
    house: House, content: bytes, name: str = "Muster Werkzeugbau GmbH"
) -> tuple[str, list[dict[str, Any]], Any]:
    """The application after this document was read, all its documents, and its partner."""
    partner = await house.partner()
    application_id = await partner.submit(applicant={"legal_name": name, "country": "DE"})
    await partner.upload(application_id, content, "statements.zip")
    await house.work()
    listed = await partner.get(f"/v2/applications/{application_id}/documents")
    return application_id, listed["data"], partner


async def test_each_file_of_an_archive_is_a_document_of_its_own(house: House) -> None:
    made = company(2, months=12)
    months = made.first_month, made.last_month
    first, second = made.accounts
    content = packed(
        ("2026/first.xml", camt053(made, first, *months)),
        ("2026/second.sta", mt940(made, second, *months)),
        ("__MACOSX/2026/._first.xml", b"resource"),
        ("2026/.DS_Store", b"hidden"),
        ("inner.zip", packed(("a.xml", b"<a/>"))),
    )
    application_id, listed, partner = await handed_in(house, content, made.cast.name)
    assert [(each["filename"], each["status"]) for each in listed] == [
        ("statements.zip", "read"), ("first.xml", "read"), ("second.sta", "read"),
    ]  # fmt: skip
    assert [each["code"] for each in listed[0]["findings"]] == [
        "archive_opened", "archive_in_archive",
    ]  # fmt: skip
    answers = (await partner.get(f"/v2/applications/{application_id}/answers"))["data"]
    complete = next(each for each in answers if each["question"] == "completeness")
    assert complete["value"] == 12
    rows = await partner.get(f"/v2/applications/{application_id}/transactions?limit=1")
    place = rows["data"][0]["evidence"]
    document = next(each for each in listed if each["id"] == place["document_id"])
    booking = await partner.http.get(
        f"/v2/applications/{application_id}/documents/{document['id']}/content",
        headers={"Range": f"bytes={place['start']}-{place['end'] - 1}"},
    )
    assert booking.content.startswith((b"<Ntry>", b":61:"))


async def test_what_was_there_before_is_not_there_twice(house: House) -> None:
    partner = await house.partner()
    made = company(5, months=12)
    application_id = await house.case(partner, made)
    before = await partner.get(f"/v2/applications/{application_id}/transactions?limit=1")
    files = [(f"{number}.xml", content) for number, content in enumerate(statements(made))]
    await partner.upload(application_id, packed(*files, ("copy.xml", files[0][1])), "again.zip")
    await house.work()
    listed = (await partner.get(f"/v2/applications/{application_id}/documents"))["data"]
    assert len(listed) == len(files) + 1
    assert "handed in before" in listed[-1]["findings"][0]["detail"]
    assert (await partner.get(f"/v2/applications/{application_id}"))["status"] == "in_review"
    again = await partner.get(f"/v2/applications/{application_id}/transactions?limit=1")
    assert again == before
    assert len(_blobs(house)) == len(listed)


async def test_a_hostile_archive_is_refused_and_leaves_nothing(house: House) -> None:
    bomb = packed(("bomb.xml", b"\0" * 50_000_000))
    _, (document,), _ = await handed_in(house, bomb)
    assert (document["status"], document["findings"][0]["code"]) == (
        "unreadable", "archive_too_large",
    )  # fmt: skip
    assert len(_blobs(house)) == 1


async def test_a_damaged_file_in_an_archive_leaves_nothing_of_the_others(house: House) -> None:
    content = packed(("a.xml", b"<a/>"), ("b.xml", b"<b>text</b>"), kind=zipfile.ZIP_STORED)
    _, (document,), _ = await handed_in(house, content.replace(b"text", b"tost"))
    assert document["findings"][0]["code"] == "archive_damaged"
    assert len(_blobs(house)) == 1


def _blobs(house: House) -> list[Path]:
    return list((house.folder / "blobs" / "documents").iterdir())


def _lying(count: int) -> bytes:
    """An archive whose directory says that it has so many files."""
    content = packed(("a.xml", b"<a/>"))
    return content[:-14] + struct.pack("<2H", count, count) + content[-10:]


def _locked() -> bytes:
    content = bytearray(packed(("a.xml", b"<a/>")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _overlapping(count: int) -> bytes:
    """An archive whose directory names the same packed megabyte so many times."""
    content = packed(("a.xml", random.Random(1).randbytes(5_000) + b"\0" * 995_000))
    at = content.index(b"PK\x01\x02")
    entry, end = content[at:-22], content[-22:]
    ends = struct.pack("<2H2L", count, count, len(entry) * count, at)
    return content[:at] + entry * count + end[:8] + ends + end[-2:]


ZIP_64 = packed(("a.xml", b"<a/>"))
ZIP_64 = ZIP_64[:-22] + b"PK\x06\x07" + b"\0" * 16 + ZIP_64[-22:]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (packed(), "archive_empty"),
        (packed(("a/", b"")), "archive_empty"),
        (packed(*((f"{n}.xml", b"<a/>") for n in range(MOST_FILES + 1))), "archive_too_large"),
        (_lying(60_000), "archive_too_large"),
        (packed(("a" * 60_000, b"<a/>"), *((f"{'b' * 60_000}{n}", b"c") for n in range(4))),
         "archive_too_large"),
        (packed(("a.xml", b"<a/>"), kind=zipfile.ZIP_LZMA), "archive_unsupported"),
        (ZIP_64, "archive_unsupported"),
        (_locked(), "encrypted"),
        (packed(("[Content_Types].xml", b"<a/>"), ("xl/workbook.xml", b"<a/>")), "format_unknown"),
        (packed(("a.xml", b"<a/>"))[:40], "archive_damaged"),
        (b"PK\x03\x04", "archive_damaged"),
        (_overlapping(2), "archive_unsupported"),
        (_overlapping(150), "archive_unsupported"),
    ],
    ids=itertools.count(),  # bytes as ids would differ by worker: they hold when they were packed
)  # fmt: skip
def test_an_archive_that_is_not_opened_says_why(content: bytes, code: str) -> None:
    assert recognises(content)
    with pytest.raises(Unreadable) as refused, open_archive(BytesIO(content)):
        pass
    assert refused.value.code == code


@pytest.mark.unit
def test_no_more_is_unpacked_in_all_than_an_archive_may_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = packed(*((f"{n}.xml", b"x" * 1_000) for n in range(3)))
    unpacked: list[bytes] = []

    def unpack() -> None:
        for file in archive.files:
            unpacked.extend(archive.parts(file))

    with open_archive(BytesIO(content)) as archive:
        monkeypatch.setattr(archive, "_bytes_left", 2_500)  # as if the directory had lied
        with pytest.raises(Unreadable) as refused:
            unpack()
    assert (refused.value.code, len(b"".join(unpacked))) == ("archive_too_large", 2_000)


async def test_an_archive_for_a_closed_case_is_not_opened(house: House) -> None:
    partner = await house.partner()
    application_id = await partner.submit()
    await partner.upload(application_id, packed(("a.xml", b"<a/>")), "late.zip")
    await partner.http.delete(f"/v2/applications/{application_id}?reason=other")
    await house.work()
    found = await house.db.snapshot(
        lambda tx: documents.list_for_application(tx, UUID(application_id))
    )
    assert [each.findings[0].code for each in found] == ["archive_unopened"]
