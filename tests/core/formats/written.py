"""PDF files written object by object, so that a test can set any of them as other programs do."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reportlab.pdfbase.pdfmetrics import stringWidth

from tests.core.formats.papers import Row

HEAD = (
    "IBAN DE02 1203 0000 0000 2020 51",
    "Kontoinhaber: Muster Werkzeugbau GmbH",
    "Kontoauszug Nr. 7 vom 01.12.2025 bis 31.12.2025 in EUR",
)
LEDGER: tuple[Row, ...] = (
    ("Datum", "Buchungstext", "Betrag"),
    ("", "Alter Saldo", "1.000,00"),
    ("02.12.2025", "Gutschrift", "200,00"),
    ("03.12.2025", "Dauerauftrag", "-50,00"),
    ("04.12.2025", "Gutschrift", "4.500,00"),
    ("08.12.2025", "Lastschrift", "-120,00"),
    ("09.12.2025", "Gutschrift", "311,00"),
    ("", "Neuer Saldo", "5.841,00"),
)
TOP, STEP, RIGHT = 780.0, 16.0, 540.0
INFO = "/Producer (Druckstrasse 4) /CreationDate (D:20260102041207Z) /ModDate (D:20260102041207Z)"
HELVETICA = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding"


@dataclass
class Sheet:
    """A statement of one page; `set_as` gives the type of amounts (font, size, colour) by text.

    `before` and `after` are drawn below and above it, `extra` are further objects from number 20
    on, `resources`, `page` and `catalogue` go into these dictionaries.
    """

    rows: Sequence[Row] = LEDGER
    set_as: Mapping[str, tuple[str, float, str]] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    fonts: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[int, bytes] = field(default_factory=dict)
    resources: str = ""
    page: str = ""
    catalogue: str = ""
    info: str = INFO

    def content(self) -> str:
        """What the page draws."""
        found = [self.before]
        for at, line in enumerate(HEAD):
            found.append(text(60, 830 - 14 * at, line))
        for at, row in enumerate(self.rows):
            y = height(at)
            found += [text(60, y, row[0]), text(160, y, row[1])]
            font, size, colour = self.set_as.get(row[2], ("F1", 9.0, "0 g"))
            found.append(text(RIGHT, y, row[2], font, size, colour, right=True))
        return "\n".join([*found, self.after])

    def objects(self) -> dict[int, bytes]:
        """The file's objects by their numbers."""
        fonts = {"F1": HELVETICA, "F2": HELVETICA.replace("Helvetica", "Helvetica-Bold")}
        fonts |= self.fonts
        named = " ".join(f"/{name} << {told} >>" for name, told in fonts.items())
        return {
            1: f"<< /Type /Catalog /Pages 2 0 R {self.catalogue} >>".encode(),
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {self.page}"
                f" /Resources << /Font << {named} >> {self.resources} >> >>"
            ).encode(),
            4: stream("", zlib.compress(self.content().encode("cp1252")), "/FlateDecode"),
            5: f"<< {self.info} >>".encode(),
            **self.extra,
        }

    def bytes(self) -> bytes:
        """The file."""
        return written(self.objects())


def height(row: int) -> float:
    """Where a row stands."""
    return TOP - STEP * row


def text(
    x: float,
    y: float,
    words: str,
    font: str = "F1",
    size: float = 9,
    colour: str = "0 g",
    *,
    right: bool = False,
    mode: int = 0,
) -> str:
    """Draws words that begin or, `right`, end there."""
    if not words:
        return ""
    left = x - stringWidth(words, "Helvetica", size) if right else x
    said = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {colour} {mode} Tr /{font} {size} Tf 1 0 0 1 {left:.3f} {y:.3f} Tm ({said}) Tj ET"


def stream(told: str, content: bytes, packed: str = "") -> bytes:
    """A stream object."""
    way = f"/Filter {packed}" if packed else ""
    return (
        f"<< {told} {way} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"
    )


def written(objects: Mapping[int, bytes], root: int = 1, info: int = 5) -> bytes:
    """A file of these objects in one go."""
    return _table(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", objects, f"/Root {root} 0 R /Info {info} 0 R")


def updated(content: bytes, objects: Mapping[int, bytes]) -> bytes:
    """The file with these objects added or replaced, as an incremental update does it."""
    before = int(content.rsplit(b"startxref", 1)[1].split()[0])
    return _table(content + b"\n", objects, f"/Root 1 0 R /Info 5 0 R /Prev {before}")


def _table(out: bytes, objects: Mapping[int, bytes], told: str) -> bytes:
    rows = []
    for number in sorted(objects):
        rows.append((number, len(out)))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, objects[number])
    start = len(out)
    lines = "".join(f"{number} 1\n{at:010d} 00000 n \n" for number, at in rows)
    first = "" if "/Prev" in told else "0 1\n0000000000 65535 f \n"
    size = max(objects) + 1
    end = f"xref\n{first}{lines}trailer\n<< /Size {size} {told} >>\nstartxref\n{start}\n%%EOF\n"
    return out + end.encode()
