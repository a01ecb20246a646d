"""Every format is read with no other system calls than those that are allowed; damage changes none.

What a reader is refused would show: it would say another thing than the same parser says here.
"""

import random
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from core.errors import Unreadable
from core.formats.parsers import read
from core.isolation import archive
from core.isolation.protocol import InnerArchive, UnpackedFile
from core.statements.model import Item
from deploy.demo import make_company
from deploy.demo.pdf import pdf
from deploy.demo.scan import pictures
from deploy.demo.sheets import LAYOUTS
from tests.builders import PARSER_POOL
from tests.core.formats.papers import ROWS, paper
from tests.core.reading.test_archives import packed
from tests.fuzz.seeds import plant

DAMAGED = 3_000


def said_here(content: bytes) -> list[Item] | str:
    """What the parsers say of a file in this process, or why it is not read."""
    try:
        return list(read(BytesIO(content)))
    except Unreadable as refusal:
        return refusal.code


def said_apart(content: bytes) -> list[Item] | str:
    """What a confined reader says of it."""
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        try:
            return list(PARSER_POOL.read(file))
        except Unreadable as refusal:
            return refusal.code


def test_every_format_is_read_in_confinement_as_outside(tmp_path: Path) -> None:
    plant(tmp_path, "parsers")
    company = make_company(1)
    page = pdf(company, company.accounts[0], LAYOUTS[0], company.last_month, company.last_month)
    files = [each.read_bytes() for each in sorted(tmp_path.iterdir())]
    assert len(files) > 20
    for content in [*files, page, b"\x89PNG\r\n\x1a\n no picture", b"%PDF-1.7 no paper"]:
        assert said_apart(content) == said_here(content)


@pytest.mark.long
def test_photos_are_read_in_confinement_as_outside() -> None:
    (photo, *_) = pictures(paper(ROWS))
    photo = photo.crop((0, 0, photo.width, photo.height // 12))
    for kind in ("PNG", "JPEG", "TIFF"):
        photo.save(out := BytesIO(), kind)
        assert said_apart(out.getvalue()) == said_here(out.getvalue())


def damaged_archives(count: int) -> Iterator[bytes]:
    """Archives with some bytes changed, cut, doubled or taken out, the same ones every time."""
    chance = random.Random(17)
    whole = [
        packed(("a.xml", b"<a/>"), ("b/c.csv", b"1;2;3\n" * 200)),
        packed(("a.xml", chance.randbytes(2_000)), kind=0),
        packed(("ä/ö.xml", b"<a/>"), ("inner.zip", packed(("x", b"y")))),
    ]
    for _ in range(count):
        content = bytearray(chance.choice(whole))
        for _ in range(chance.choice((1, 1, 1, 2, 6))):
            at = chance.randrange(4, len(content))
            match chance.choice((0, 0, 0, 1, 1, 2, 3)):
                case 0:
                    content[at] = chance.randrange(256)
                case 1:
                    content[at : at + 2] = chance.choice((b"\xff\xff", b"\0\0", b"\x01\0"))
                case 2:
                    del content[at : at + chance.randint(1, 30)]
                    content += b"\0" * 8
                case _:
                    content[at:at] = content[at : at + chance.randint(1, 30)]
        yield bytes(content)


def test_a_damaged_archive_is_opened_or_refused_for_a_reason_and_raises_nothing_else() -> None:
    reasons = [why_refused(archive.unpack(BytesIO(each))) for each in damaged_archives(DAMAGED)]
    refused = [each for each in reasons if each is not None]
    assert all(each.reason.en and each.reason.de for each in refused)
    assert DAMAGED / 2 < len(refused) < DAMAGED - 100


def why_refused(unpacked: Iterable[object]) -> Unreadable | None:
    """The reason for which an archive is not opened."""
    try:
        for _ in unpacked:
            pass
    except Unreadable as refusal:
        return refusal
    return None


def test_an_archive_is_unpacked_in_confinement() -> None:
    inner = packed(("x", b"y"))
    content = random.Random(1).randbytes(3 * archive.PART)
    with TemporaryFile() as file:
        file.write(packed(("a/b.xml", b"<a/>"), ("large", content), ("inner.zip", inner)))
        said = list(PARSER_POOL.unpack(file))
    assert said[:3] == [UnpackedFile("a/b.xml"), b"<a/>", UnpackedFile("large")]
    assert b"".join(each for each in said[3:] if isinstance(each, bytes)) == content
    assert said[-1] == InnerArchive("inner.zip")


def test_a_damaged_archive_is_refused_by_its_reader_with_a_reason() -> None:
    for content in damaged_archives(60):
        with TemporaryFile() as file:
            file.write(content)
            refusal = why_refused(PARSER_POOL.unpack(file))
            assert refusal is None or refusal.code != "reader_crashed"
