"""Honest statements as many programs write them; nothing is to be said of any."""

from collections.abc import Callable

from PIL import Image, ImageDraw

from tests.core.formats.altered import AT, XMP, account_retyped, image, placed, signed
from tests.core.formats.papers import HEAD, ROWS, paper
from tests.core.formats.written import (
    HELVETICA,
    LEDGER,
    RIGHT,
    Sheet,
    height,
    stream,
    text,
    updated,
)

STRIPES = "\n".join(f".9 g 50 {height(at) - 4} 500 16 re f" for at in range(0, len(LEDGER), 2))
CELLS = "\n".join(
    f".5 w 0 G {left} {height(at) - 4} {width} 16 re S"
    for at in range(len(LEDGER))
    for left, width in ((50, 100), (150, 300), (450, 95))
)
RULES = "\n".join(f"0 g 50 {height(at) - 4.5} 500 .5 re f" for at in range(len(LEDGER)))
UPRIGHT = f"0 g 448 {height(8)} .7 140 re f 546 {height(8)} .7 140 re f"
BOLD = dict.fromkeys(("1.000,00", "5.841,00"), ("F2", 9.0, "0 g"))
RED = {"-50,00": ("F1", 9.0, "1 0 0 rg"), "-120,00": ("F1", 9.0, "1 0 0 rg")}


def told(producer: str, creator: str = "", made: str = "D:20260102041207+01'00'") -> str:
    """What a program says of itself."""
    return f"/Producer ({producer}) /Creator ({creator}) /CreationDate ({made}) /ModDate ({made})"


def with_xmp(sheet: Sheet, tool: str) -> Sheet:
    """A statement whose metadata says the same as its dictionary."""
    day = "2026-01-02T04:12:07+01:00"
    elements = (
        f"<xmp:CreatorTool>{tool}</xmp:CreatorTool><xmp:CreateDate>{day}</xmp:CreateDate>"
        f"<xmp:ModifyDate>{day}</xmp:ModifyDate><xmp:MetadataDate>{day}</xmp:MetadataDate>"
    )
    xmp = XMP.format(attributes="", elements=elements).encode()
    sheet.catalogue += " /Metadata 20 0 R"
    sheet.extra = {**sheet.extra, 20: stream("/Type /Metadata /Subtype /XML", xmp)}
    return sheet


def row_by_row() -> str:
    """Each row on a stripe of its own, drawn before its text and after the row above."""
    drawn = []
    for at, (day, said, amount) in enumerate(LEDGER):
        y = height(at)
        drawn.append(f"q {0.85 if at % 2 else 0.95} g 50 {y - 4} 500 16 re f Q")
        drawn += [text(60, y, day), text(160, y, said), text(RIGHT, y, amount, right=True)]
    return "\n".join(drawn)


def clipped() -> str:
    """Each text within its cell."""
    drawn = []
    for at, (day, said, amount) in enumerate(LEDGER):
        y = height(at)
        for left, width, shown in (
            (55, 90, text(60, y, day)),
            (155, 200, text(160, y, said)),
            (450, 92, text(RIGHT, y, amount, right=True)),
        ):
            if shown:
                drawn.append(f"q {left} {y - 4} {width} 15 re W* n {shown} Q")
    return "\n".join(drawn)


def letterhead() -> bytes:
    """A picture as large as the page below its text: a logo, a coloured edge, small print."""
    drawn = Image.new("L", (595, 842), 250)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((430, 20, 560, 70), fill=90)
    pen.rectangle((0, 0, 12, 842), fill=200)
    pen.text((60, 810), "Musterbank AG, Musterstadt", fill=60)
    return Sheet(
        before=placed("P", 0, 0, 595, 842),
        extra={20: image(drawn)},
        resources="/XObject << /P 20 0 R >>",
        info=told("OpenText Exstream 16.6"),
    ).bytes()


def logo() -> bytes:
    """A logo that was drawn with an editor, which its own metadata says."""
    xmp = XMP.format(
        attributes='xmp:CreatorTool="Adobe Photoshop 25.0" xmp:CreateDate="2019-01-01T00:00:00Z"'
        ' xmp:ModifyDate="2024-01-01T00:00:00Z"',
        elements="",
    )
    picture = image(Image.new("L", (60, 30), 80))
    picture = picture.replace(b"/Type /XObject", b"/Type /XObject /Metadata 21 0 R", 1)
    return Sheet(
        before=placed("P", 450, 790, 60, 30),
        extra={20: picture, 21: stream("/Type /Metadata /Subtype /XML", xmp.encode())},
        resources="/XObject << /P 20 0 R >>",
    ).bytes()


def proven(content: bytes) -> bytes:
    """A signed file with what proves its signature later on."""
    form = "/AcroForm << /Fields [11 0 R] /SigFlags 3 >>"
    root = f"<< /Type /Catalog /Pages 2 0 R {form}  /DSS 40 0 R /Extensions << >> >>"
    dss = b"<< /Type /DSS /Certs [41 0 R] >>"
    return updated(content, {1: root.encode(), 40: dss, 41: stream("", b"certificate")})


def stamped(content: bytes) -> bytes:
    """Time stamps over these, as they are renewed every few years."""
    form = "/AcroForm << /Fields [11 0 R 51 0 R] /SigFlags 3 >>"
    root = f"<< /Type /Catalog /Pages 2 0 R {form}  /DSS 40 0 R /Extensions << >> >>"
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (T) /V 50 0 R /Rect [0 0 0 0] /F 132 >>"
    mark = b"<< /Type /DocTimeStamp /SubFilter /ETSI.RFC3161 /Contents <00> >>"
    page = Sheet(page="/Annots [11 0 R 51 0 R] ").objects()[3]
    return updated(content, {1: root.encode(), 3: page, 50: mark, 51: field})


def superscript() -> bytes:
    """Cents in smaller digits, as some print them."""
    drawn = []
    for at, (_, _, amount) in enumerate(LEDGER):
        if "," in amount:
            whole, cents = amount[:-2], amount[-2:]
            drawn.append(text(RIGHT - 8, height(at), whole, right=True))
            drawn.append(text(RIGHT - 8, height(at), cents, size=7))
    rows = [(day, said, amount if at == 0 else "") for at, (day, said, amount) in enumerate(LEDGER)]
    return Sheet(rows, after="\n".join(drawn)).bytes()


def emphasised() -> bytes:
    """A booking that is set in bold, and titles as well."""
    row = "".join(
        text(x, height(AT), said, font="F2", right=x == RIGHT)
        for x, said in zip((60, 160, RIGHT), LEDGER[AT], strict=True)
    )
    rows = [("", "", "") if at == AT else each for at, each in enumerate(LEDGER)]
    return Sheet(rows, before=text(400, 838, "Volksbank Nord", font="F2"), after=row).bytes()


def linked() -> bytes:
    """Links, and a mark upon a row that somebody read."""
    y = height(4)
    link = f"<< /Type /Annot /Subtype /Link /Rect [450 {y - 3} 545 {y + 9}] /Border [0 0 0] >>"
    corners = f"[60 {y + 9} 545 {y + 9} 60 {y - 3} 545 {y - 3}]"
    note = (
        f"<< /Type /Annot /Subtype /Highlight /Rect [60 {y - 3} 545 {y + 9}] /F 4 /C [1 1 0]"
        f" /QuadPoints {corners} >>"
    )
    return Sheet(
        page="/Annots [20 0 R 21 0 R]", extra={20: link.encode(), 21: note.encode()}
    ).bytes()


CLEAN: dict[str, Callable[[], bytes]] = {
    "LibreOffice": lambda: Sheet(
        rows=(), after=clipped(), info=told("LibreOffice 7.4", "Writer")
    ).bytes(),
    "Word": lambda: with_xmp(
        Sheet(
            before="/Artifact BMC",
            after=f"EMC\n{CELLS}",
            set_as=BOLD,
            info=told("Microsoft\\256 Word 2019", "Microsoft\\256 Word 2019"),
        ),
        "Microsoft® Word 2019",
    ).bytes(),
    "Acrobat Distiller": lambda: with_xmp(
        Sheet(
            set_as=BOLD | RED,
            before=STRIPES,
            info=told("Acrobat Distiller 11.0 \\(Windows\\)", "PScript5.dll Version 5.2.2"),
        ),
        "PScript5.dll Version 5.2.2",
    ).bytes(),
    "iText, signed in one go": lambda: signed(
        Sheet(before=STRIPES, info=told("iText 2.1.7 by 1T3XT"))
    ),
    "Crystal Reports": lambda: Sheet(
        before="\n".join(f"1 g 450 {height(at) - 3} 95 13 re f" for at in range(len(LEDGER))),
        after=UPRIGHT,
        info=told("Powered By Crystal", "Crystal Reports"),
    ).bytes(),
    "Ghostscript": lambda: with_xmp(
        Sheet(set_as=RED, info=told("GPL Ghostscript 10.02.1")), "Druckstrasse 4"
    ).bytes(),
    "Chrome": lambda: Sheet(
        rows=(),
        after=f"q 1 0 0 1 0 0 cm /G3 gs {row_by_row()} Q",
        resources="/ExtGState << /G3 << /ca 1 /BM /Normal >> >>",
        info=told("Skia/PDF m120", "Mozilla/5.0 \\(X11; Linux x86_64\\) Chrome/120"),
    ).bytes(),
    "Quartz": lambda: Sheet(
        rows=[row for row in LEDGER[:-1] if row[2] != "-120,00"]
        + [("", "Neuer Saldo", "5.961,00")],
        set_as={"-50,00": ("F1", 9.0, ".8 0 0 rg")},
        info=told("macOS Version 14.2 \\(Build 23C64\\) Quartz PDFContext", "Pages"),
    ).bytes(),
    "TeX": lambda: Sheet(
        after=RULES, set_as=BOLD, info=told("pdfTeX-1.40.25", "LaTeX with hyperref")
    ).bytes(),
    "reportlab": lambda: paper(ROWS, head=(*HEAD, "Kontowährung EUR")),
    "FPDF": lambda: Sheet(
        before=CELLS.replace(" S", " B").replace("0 G", "1 g"),
        info=told("PyFPDF 1.7.2 http://pyfpdf.googlecode.com/"),
    ).bytes(),
    "Canvas PDF Engine": lambda: Sheet(info=told("Canvas PDF Engine 3.2", "Kontoauszug")).bytes(),
    "Foxit's server": lambda: Sheet(info=told("Foxit PDF Creator SDK Server", "Bank")).bytes(),
    "Adobe's library": lambda: Sheet(info=told("Adobe PDF Library 15.0", "Exstream")).bytes(),
    "signed, with its proofs": lambda: proven(signed(Sheet())),
    "signed, with proofs and time stamps": lambda: stamped(proven(signed(Sheet()))),
    "a letterhead's picture below": letterhead,
    "a logo from Photoshop": logo,
    "white on dark": lambda: Sheet(
        before=f".1 .2 .5 rg 50 {height(7) - 4} 500 15 re f",
        set_as={"5.841,00": ("F2", 9.0, "1 g")},
    ).bytes(),
    "cents in smaller digits": superscript,
    "grey amounts": lambda: Sheet(
        set_as={amount: ("F1", 9.0, ".55 g") for *_, amount in LEDGER if "," in amount}
    ).bytes(),
    "a watermark over all": lambda: Sheet(
        after="q .85 g BT /F2 90 Tf .7 .7 -.7 .7 120 300 Tm (KOPIE) Tj ET Q"
    ).bytes(),
    "links and a mark": linked,
    "two fonts of one name": lambda: Sheet(
        set_as={amount: ("F9", 9.0, "0 g") for *_, amount in LEDGER if "," in amount},
        fonts={"F9": f"{HELVETICA} /Name /Amounts"},
    ).bytes(),
    "a booking in bold, with its text": emphasised,
    "all in a font that the file holds": lambda: account_retyped("Vera"),
    "a paper's pattern below": lambda: Sheet(
        before="\n".join(f".93 G .4 w 0 {y} m 595 {y + 40} l S" for y in range(0, 842, 3))
    ).bytes(),
}
