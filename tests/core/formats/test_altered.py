"""What was altered is named, each way; what honest programs write is not."""

from io import BytesIO

import pypdfium2
import pytest

from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable
from core.formats import pdf
from core.formats.pdf import ocr
from core.formats.pdf.budget import Budget
from core.formats.pdf.inspection import inspect_page
from core.formats.pdf.page import Line
from core.statements.model import Transaction
from tests.core.formats.altered import ALTERED, image, placed
from tests.core.formats.clean import CLEAN
from tests.core.formats.written import RIGHT, Sheet, height, stream, text
from tests.every import some

COVERED = [way for way, (_, code) in ALTERED.items() if code == "covered_amount"]
"""Ways after which a page is read as a scan, which takes seconds: one of them, all in `make prove`.

That each of them is seen is held by what is refused where no scans are read.
"""
SCANNED = {*COVERED, "typed over a scan"}
LEFT_OUT = {*COVERED} - {*some(COVERED, 1)}


def read(content: bytes) -> tuple[set[str], list[int]]:
    """The codes of what is odd, and the bookings' amounts."""
    items = list(pdf.read(BytesIO(content)))
    codes = {each.code for each in items if isinstance(each, Finding)}
    return codes, [each.amount for each in items if isinstance(each, Transaction)]


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(way, marks=() if way in SCANNED else pytest.mark.unit)
        for way in ALTERED
        if way not in LEFT_OUT
    ],
)
def test_each_alteration_is_named(way: str) -> None:
    alter, code = ALTERED[way]
    codes, amounts = read(alter())
    assert code in codes, (codes, amounts)
    assert 700_000 not in amounts, "a hidden booking was read"


@pytest.mark.unit
@pytest.mark.parametrize("program", CLEAN)
def test_nothing_is_said_of_what_honest_programs_write(program: str) -> None:
    codes, amounts = read(CLEAN[program]())
    assert codes == set()
    assert amounts == [
        each for each in (20_000, -5_000, 450_000, -12_000, 31_100) if each in amounts
    ]
    assert len(amounts) >= 2


def scanned(ways: str, layer: str = "") -> bytes:
    """A picture of a page in strips or in a form, with a text layer that nobody sees."""
    with pypdfium2.PdfDocument(Sheet().bytes()) as file:
        drawn = file[0].render(scale=200 / 72, grayscale=True).to_pil()
    strips = 4 if ways == "strips" else 1
    high = drawn.height // strips
    parts = {
        20 + at: image(drawn.crop((0, at * high, drawn.width, (at + 1) * high)))
        for at in range(strips)
    }
    named = " ".join(f"/P{number} {number} 0 R" for number in parts)
    content = "\n".join(
        placed(f"P{number}", 0, 842 - 842 / strips * (at + 1), 595, 842 / strips)
        for at, number in enumerate(parts)
    )
    resources = f"/XObject << {named} >>"
    if ways == "form":
        told = f"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << {resources} >>"
        parts |= {30: stream(told, content.encode())}
        content, resources = "/Fm Do", "/XObject << /Fm 30 0 R >>"
    return Sheet(rows=(), before=content, after=layer, extra=parts, resources=resources).bytes()


@pytest.mark.parametrize("ways", ["whole", "strips", "form"])
def test_a_scan_is_told_for_one_however_its_picture_comes(ways: str) -> None:
    lie = text(RIGHT, height(4), "9.500,00", right=True, mode=3)
    content = scanned(ways, lie)
    with pypdfium2.PdfDocument(content) as file:
        assert inspect_page(file, 1, Budget(len(content))).scan


@pytest.mark.unit
@pytest.mark.parametrize("way", COVERED)
def test_where_no_scans_are_read_a_covered_amount_is_refused_with_the_reason(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(*_: object) -> list[Line]:
        raise Unreadable(Bilingual("Scans are not read.", "Keine Scans."), code="scans_not_read")

    monkeypatch.setattr(ocr, "lines", unread)
    with pytest.raises(Unreadable) as refused:
        read(ALTERED[way][0]())
    assert "what is seen is not what the file's text says (4.500,00)" in str(refused.value)
