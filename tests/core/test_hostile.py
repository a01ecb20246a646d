"""No file, whatever it is, harms the worker or the next document; its sender is told why."""

import resource
import struct
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile
from zlib import compress, compressobj

import pypdfium2
import pytest

from core.isolation import Limits, ParserPool
from deploy.demo.pdf import pdf
from deploy.demo.sheets import LAYOUTS
from tests.builders import House, Partner, company, statements
from tests.core.formats.papers import ROWS, paper
from tests.core.formats.test_images import PAGE, png_head, tiff

IBAN = b"<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>"
DOCUMENT = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
LAUGHS = (
    b'<!DOCTYPE Document [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]>"
)


INVOICE_LAUGHS = (
    LAUGHS.replace(b"DOCTYPE Document", b"DOCTYPE Invoice") + b"<Invoice>&l11;</Invoice>"
)


def pdf_of(
    stream: bytes,
    more: bytes = b"",
    length: int | None = None,
    pages: int = 1,
    attached: bytes = b"",
) -> bytes:
    """A PDF whose only page draws this stream, which may lie about its length or the pages.

    What is `attached` is an invoice by its name.
    """
    size = len(stream) if length is None else length
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(factur-x.xml)5 0 R]>>>>>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"3 0 R " * pages, pages),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length %d%s>> stream\n%s\nendstream" % (size, more, stream),
        b"<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/EF<</F 6 0 R>>>>",
        b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>> stream\n%s\nendstream"
        % (len(attached), attached),
    )
    body, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj %s endobj\n" % (number, each)
    table = b"xref\n0 7\n0000000000 65535 f \n" + b"".join(places)
    trailer = b"trailer <</Root 1 0 R/Size 7>>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + table + trailer


TEXT = b"BT /F1 9 Tf 50 700 Td (01.12.2025 Gutschrift 20,00) Tj ET"


FAR = b"BT /F1 9 Tf 50 700 Td (1) Tj 20 0 Td (1) Tj ET\n"


def packed(stream: bytes) -> bytes:
    """A PDF whose page draws this stream, which takes few bytes."""
    return pdf_of(compress(stream), b"/Filter/FlateDecode")


def as_wide_as(points: bytes) -> bytes:
    """A PDF whose page reaches so far to the left and to the right."""
    return pdf_of(TEXT).replace(b"[0 0 595 842]", b"[-%s.0 0 %s.0 842]" % (points, points))


def zeros(size: int) -> bytes:
    """So many zero bytes, compressed as they are, but block by block: each is like the others."""
    packing, block = compressobj(1), bytes(1 << 20)
    first = packing.compress(block) + packing.flush(zlib.Z_FULL_FLUSH)
    same = packing.compress(block) + packing.flush(zlib.Z_FULL_FLUSH)
    blocks, rest = divmod(size, len(block))
    last = compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    end = last.compress(bytes(rest)) + last.flush()
    check = struct.pack(">HH", size % 65_521, 1)  # Adler-32 of zeros
    return first + same * (blocks - 1) + end + check


def dots(side: int) -> bytes:
    """A picture of so many dots each way, on the whole page and in few bytes."""
    head = b"q 595 0 0 842 0 0 cm BI /W %d /H %d /BPC 8 /CS /G /F /Fl ID " % (side, side)
    return head + zeros(side * side) + b"\nEI Q"


def zip_bomb() -> bytes:
    """A ZIP of a few kilobytes that unpacks to 256 MiB."""
    with (
        ZipFile(out := BytesIO(), "w", ZIP_DEFLATED) as archive,
        archive.open("a.xml", "w") as file,
    ):
        for _ in range(256):
            file.write(bytes(1024 * 1024))
    return out.getvalue()


def places(pages: int) -> list[int]:
    """Where each page of such a TIFF says that the next one stands."""
    return [12 + PAGE * at for at in range(1, pages)] + [0]


def tags_of_all() -> bytes:
    """A TIFF of 2,000 tags, each of which says that most of the file is its own."""
    size, count = 1 << 20, 2_000
    tags = b"".join(struct.pack("<HHII", 33_000 + at, 7, size, 8) for at in range(count))
    return b"II*\0" + struct.pack("<IH", 8, count) + tags + bytes(4 + size)


def many_pages(count: int) -> bytes:
    """A PDF of so many empty pages."""
    with pypdfium2.PdfDocument.new() as file:
        for _ in range(count):
            file.new_page(595, 842)
        file.save(out := BytesIO())
    return out.getvalue()


def paper_statement() -> bytes:
    """An honest PDF statement."""
    made = company(1, months=1)
    return pdf(made, made.accounts[0], LAYOUTS[0])


@dataclass(frozen=True)
class Trap:
    """A file that means harm: what it is, its bytes, and the code of the reason it gets."""

    name: str
    content: Callable[[], bytes]
    code: str


TRAPS = (
    Trap("billion laughs", lambda: LAUGHS + b"<Document>&l11;</Document>", "unreadable"),
    Trap(
        "entity bomb",
        lambda: b'<!DOCTYPE D [<!ENTITY a "%s">]><D>%s</D>' % (b"a" * 100_000, b"&a;" * 50_000),
        "unreadable",
    ),
    Trap(
        "external entity",
        lambda: b'<!DOCTYPE D [<!ENTITY a SYSTEM "file:///etc/passwd">]><D>&a;</D>',
        "unreadable",
    ),
    Trap("deep nesting", lambda: DOCUMENT + b"<Stmt>" + b"<a>" * 200_000, "unreadable"),
    Trap("truncated CAMT", lambda: statements(company(1, months=1))[0][:20_000], "unreadable"),
    Trap("NUL bytes", lambda: bytes(100_000), "format_unknown"),
    Trap("control characters", lambda: bytes(range(1, 32)) * 1_000, "format_unknown"),
    Trap("zip bomb", zip_bomb, "archive_too_large"),
    Trap("PDF, truncated", lambda: paper_statement()[:900], "broken_pdf"),
    Trap("PDF, encrypted", lambda: paper(ROWS, encrypt="secret"), "encrypted"),
    Trap("PDF of 10,000 pages", lambda: many_pages(10_000), "too_many_pages"),
    Trap("PDF that says 10,000 pages", lambda: pdf_of(b"", pages=10_000), "too_many_pages"),
    Trap("PDF that says one page 900 times", lambda: pdf_of(TEXT, pages=900), "too_many_pages"),
    Trap("PDF of 100,000 letters far apart", lambda: packed(FAR * 100_000), "too_much"),
    Trap("PDF of 500,000 strokes", lambda: packed(b"0 0 m 9 9 l S\n" * 500_000), "too_much"),
    Trap("PDF that is a picture by its name", lambda: b"\x89PNG\r\n\x1a\n" * 99, "broken_image"),
    Trap("picture of 3,600 million dots", lambda: png_head(60_000, 60_000), "image_too_large"),
    Trap("TIFF of 1,000 pages", lambda: tiff(*places(1_000)), "too_many_pages"),
    Trap("TIFF whose pages go round", lambda: tiff(12 + PAGE, 12), "no_table"),
    Trap("TIFF of tags that hold all of it", tags_of_all, "broken_image"),
    Trap("PDF that declares 1 GiB", lambda: pdf_of(b"BT ET", length=1 << 30), "no_table"),
    Trap(
        "PDF bomb",
        lambda: pdf_of(zeros(512 << 20), b"/Filter/FlateDecode"),
        "too_much_memory",
    ),
    Trap("PDF that shows 900 million dots", lambda: pdf_of(dots(30_000)), "too_much_memory"),
    Trap("PDF of a page without end", lambda: as_wide_as(b"3" + b"0" * 38), "page_too_large"),
    Trap("PDF of a page as wide as a land", lambda: as_wide_as(b"999999999"), "page_too_large"),
    Trap(
        "PDF, bomb attached",
        lambda: pdf_of(b"BT ET", attached=zeros(512 << 20)),
        "too_much_memory",
    ),
    Trap(
        "PDF, 100 MiB attached",
        lambda: pdf_of(b"BT ET", attached=compress(b"<Invoice>" + bytes(100 << 20), 1)),
        "too_much",
    ),
    Trap(
        "PDF, entity bomb attached",
        lambda: pdf_of(b"BT ET", attached=compress(INVOICE_LAUGHS)),
        "unreadable",
    ),
    Trap("invoice that is an entity bomb", lambda: INVOICE_LAUGHS, "unreadable"),
    Trap("PDF, deep nesting", lambda: pdf_of(b"[" * 1_000_000), "no_table"),
    Trap("PDF, deeper dictionaries", lambda: pdf_of(b"", b"/A" + b"<</A" * 100_000), "no_table"),
    Trap("control characters in CAMT", lambda: DOCUMENT + b"<Stmt>\x01\x02" + IBAN, "unreadable"),
)
MISDEEDS = (
    Trap("segfault", lambda: b"segfault", "reader_crashed"),
    Trap("C library without memory", lambda: b"swell", "too_much_memory"),
    Trap("endless loop", lambda: b"loop", "too_slow"),
    Trap("memory eater", lambda: b"eat", "too_much_memory"),
)
FINE = statements(company(2, months=1))


async def survive(house: House, partner: Partner, trap: Trap, number: int) -> None:
    """Hand in the trap and then an honest statement; print what became of them."""
    application_id = await partner.submit(external_reference=f"{trap.name} {number}")
    document = await partner.upload(application_id, trap.content(), trap.name)
    honest = await partner.upload(application_id, FINE[number % len(FINE)], "honest.xml")
    before, started = _own_bytes(), time.perf_counter()
    await house.work()  # which ends, or the test does
    seconds, grown = time.perf_counter() - started, _own_bytes() - before
    place = f"/v2/applications/{application_id}/documents"
    shown = await partner.get(f"{place}/{document}")
    after = await partner.get(f"{place}/{honest}")
    print(
        f"\n{trap.name}: {shown['findings'][0]['code']}: {shown['findings'][0]['detail']}"
        f"\n    worker: {seconds:.2f} s, {_own_bytes() >> 20} MiB ({grown >> 20:+} MiB);"
        f" the next document: {after['status']}"
    )
    assert (shown["status"], shown["findings"][0]["code"]) == ("unreadable", trap.code)
    assert after["status"] == "read"
    assert grown < 64 * 1024 * 1024


def _own_bytes() -> int:
    """The most memory that this process, which is the worker here, has taken so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.long
async def test_hostile_files_are_refused_for_a_reason_and_the_next_one_is_read(
    house: House,
) -> None:
    partner = await house.partner()
    for number, trap in enumerate(TRAPS):
        await survive(house, partner, trap, number)


@pytest.mark.long
async def test_a_reader_that_crashes_hangs_or_swells_fails_its_document_and_no_other(
    house: House,
) -> None:
    partner = await house.partner()
    limits = Limits(memory_bytes=400 * 1024 * 1024, seconds=60, processor_seconds=2)
    with ParserPool(limits, "tests.core.isolation.misbehaving") as parser_pool:
        house.parser_pool = parser_pool
        for number, trap in enumerate(MISDEEDS):
            await survive(house, partner, trap, number)
