"""Statements that somebody altered, each in another way, and what is to be said of each."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.core.formats.papers import HEAD, ROWS
from tests.core.formats.written import (
    HELVETICA,
    INFO,
    LEDGER,
    RIGHT,
    Sheet,
    height,
    stream,
    text,
    updated,
    written,
)

Alteration = Callable[[], bytes]
AT = 4  # the row that is altered: the credit of 4,500.00
Y = height(AT)
PATCH = f"1 g {RIGHT - 50} {Y - 2.5} 52 11 re f"
FORGED = text(RIGHT, Y, "9.500,00", right=True)
HIGHER = tuple(
    (day, said, {"4.500,00": "14.500,00", "5.841,00": "15.841,00"}.get(amount, amount))
    for day, said, amount in LEDGER
)
BOOKING = (text(60, 600, "15.12.2025"), text(160, 600, "Gutschrift"))
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" {attributes}>
{elements}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def picture(said: str, width: int = 52, high: int = 11, ground: int = 255) -> bytes:
    """An image object with digits on it, as they come from a drawing program."""
    drawn = Image.new("L", (width * 6, high * 6), ground)
    pen = ImageDraw.Draw(drawn)
    pen.text((drawn.width - 6, 6), said, fill=0, anchor="ra", font=ImageFont.load_default(54))
    return image(drawn)


def image(drawn: Image.Image) -> bytes:
    """An image object."""
    told = (
        f"/Type /XObject /Subtype /Image /Width {drawn.width} /Height {drawn.height}"
        " /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    return stream(told, zlib.compress(drawn.tobytes()), "/FlateDecode")


def placed(name: str, left: float, bottom: float, width: float, high: float) -> str:
    """Draws an image there."""
    return f"q {width} 0 0 {high} {left} {bottom} cm /{name} Do Q"


def hidden(draw: str, **sheet: object) -> bytes:
    """A statement with a booking of 7,000.00 that is drawn in this way."""
    return Sheet(after="\n".join([*BOOKING, draw]), **sheet).bytes()  # type: ignore[arg-type]


def _amount(**told: object) -> str:
    return text(RIGHT, 600, "7.000,00", right=True, **told)  # type: ignore[arg-type]


def _rows(draw: str) -> str:
    """A hidden booking in all its parts."""
    return draw.format(words="\n".join([*BOOKING, _amount()]))


def image_patch() -> bytes:
    return Sheet(
        after=placed("P", RIGHT - 50, Y - 2.5, 52, 11),
        extra={20: picture("9.500,00")},
        resources="/XObject << /P 20 0 R >>",
    ).bytes()


def image_patch_in_form() -> bytes:
    told = (
        "/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
        " /Resources << /XObject << /P 20 0 R >> >>"
    )
    form = stream(told, placed("P", RIGHT - 50, Y - 2.5, 52, 11).encode())
    return Sheet(
        after="/Fm Do",
        extra={20: picture("9.500,00"), 21: form},
        resources="/XObject << /Fm 21 0 R >>",
    ).bytes()


def annotation(kind: str, draw: str) -> bytes:
    told = (
        "/Type /XObject /Subtype /Form /BBox [0 0 52 11]"
        f" /Resources << /Font << /F1 << {HELVETICA} >> >> >>"
    )
    rect = f"[{RIGHT - 50} {Y - 2.5} {RIGHT + 2} {Y + 8.5}]"
    note = f"<< /Type /Annot /Subtype /{kind} /Rect {rect} /F 4 /Contents () /AP << /N 21 0 R >> >>"
    return Sheet(
        page="/Annots [20 0 R]", extra={20: note.encode(), 21: stream(told, draw.encode())}
    ).bytes()


def off_layer() -> bytes:
    layer = "<< /Type /OCG /Name (x) >>"
    return Sheet(
        after=_rows("/OC /L BDC\n{words}\nEMC"),
        extra={20: layer.encode()},
        resources="/Properties << /L 20 0 R >>",
        catalogue="/OCProperties << /OCGs [20 0 R] /D << /OFF [20 0 R] /Order [20 0 R] >> >>",
    ).bytes()


def without_glyphs() -> bytes:
    """A font whose digits are empty."""
    widths = " ".join(["556"] * 14)
    procs = " ".join(f"/g{code} 20 0 R" for code in range(44, 58))
    names = " ".join(f"/g{code}" for code in range(44, 58))
    font = (
        "/Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [.001 0 0 .001 0 0]"
        f" /CharProcs << {procs} >> /Encoding << /Differences [44 {names}] >> /FirstChar 44"
        f" /LastChar 57 /Widths [{widths}] /ToUnicode 21 0 R"
    )
    ranges = "1 beginbfrange <2C> <39> <002C> endbfrange"
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def"
        f" 1 begincodespacerange <00> <FF> endcodespacerange {ranges} endcmap end end"
    )
    empty = stream("", b"556 0 0 0 556 700 d1")
    extra = {20: empty, 21: stream("", cmap.encode())}
    return hidden(_amount(font="F9"), fonts={"F9": font}, extra=extra)


def balances() -> bytes:
    rows = [
        (day, said, {"1.000,00": "41.000,00", "5.841,00": "45.841,00"}.get(amount, amount))
        for day, said, amount in LEDGER
    ]
    times = HELVETICA.replace("Helvetica", "Times-Roman")
    set_as = dict.fromkeys(("41.000,00", "45.841,00"), ("F9", 9.0, "0 g"))
    return Sheet(rows, set_as, fonts={"F9": times}).bytes()


def retyped(size: float = 9.0, colour: str = "0 g", font: str = HELVETICA) -> bytes:
    """An amount that was set anew, the closing balance with it."""
    return Sheet(HIGHER, {"14.500,00": ("F9", size, colour)}, fonts={"F9": font}).bytes()


def account_retyped(number: str = "Times-Roman") -> bytes:
    """The account's number in a font that the file lacks, on a page whose fonts it holds."""
    registerFont(TTFont("Vera", "Vera.ttf"))
    canvas = Canvas(out := BytesIO(), A4, invariant=True)
    canvas.setDateFormatter(lambda *_: "D:20260102041207+01'00'")
    for at, (left, middle, right) in enumerate([("", *HEAD[1:]), ("", "EUR", ""), *ROWS]):
        canvas.setFont("Vera", 9)
        canvas.drawString(60, 770 - 16 * at, left)
        canvas.drawString(160, 770 - 16 * at, middle)
        canvas.drawRightString(540, 770 - 16 * at, right)
    label, told = HEAD[0].split(" ", 1)
    canvas.drawString(60, 800, label)
    canvas.setFont(number, 9)
    canvas.drawString(100, 800, told)
    canvas.save()
    return out.getvalue()


def field_of_another() -> bytes:
    """A field over an amount, whose value stands in the field that it is a part of."""
    place = f"{RIGHT - 50} {Y - 2.5} {RIGHT + 2} {Y + 8.5}"
    shown = stream(
        f"/Type /XObject /Subtype /Form /BBox [{place}] /Matrix [1 0 0 1 0 0]"
        f" /Resources << /Font << /F1 << {HELVETICA} >> >> >>",
        f"{PATCH}\n{FORGED}".encode(),
    )
    part = (
        f"<< /Type /Annot /Subtype /Widget /F 4 /Rect [{place}] /Parent 22 0 R"
        " /AP << /N 21 0 R >> >>"
    )
    whole = b"<< /FT /Tx /T (x) /V (9.500,00) /Kids [20 0 R] >>"
    return Sheet(
        extra={20: part.encode(), 21: shown, 22: whole},
        page="/Annots [20 0 R]",
        catalogue="/AcroForm << /Fields [22 0 R] >>",
    ).bytes()


def xmp_only(*, attributes: bool = False) -> bytes:
    told = {
        "xmp:CreatorTool": "Adobe Acrobat Pro 25.1",
        "xmp:CreateDate": "2026-01-02T05:12:07+01:00",
        "xmp:ModifyDate": "2026-03-01T10:15:00+01:00",
    }
    xmp = XMP.format(
        attributes=" ".join(f'{k}="{v}"' for k, v in told.items()) if attributes else "",
        elements="" if attributes else "".join(f"<{k}>{v}</{k}>" for k, v in told.items()),
    )
    packed = zlib.compress(xmp.encode()) if attributes else xmp.encode()
    way = "/FlateDecode" if attributes else ""
    metadata = stream("/Type /Metadata /Subtype /XML", packed, way)
    return Sheet(catalogue="/Metadata 20 0 R", extra={20: metadata}, info="").bytes()


def signed(sheet: Sheet) -> bytes:
    """A statement that was signed as it was written, in one go."""
    form = "/AcroForm << /Fields [11 0 R] /SigFlags 3 >>"
    field = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (S) /V 10 0 R /Rect [0 0 0 0] /F 132 >>"
    page = f"/Annots [11 0 R] {sheet.page}"
    ranges = b"[0 %08d %08d %08d]"
    signature = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange "
        + ranges % (0, 0, 0)
        + b" /Contents <" + b"00" * 64 + b"> >>"
    )  # fmt: skip
    whole = replace(sheet, page=page, catalogue=f"{form} {sheet.catalogue}")
    content = written({**whole.objects(), 10: signature, 11: field.encode()})
    gap = content.index(b"/Contents <0") + len(b"/Contents ")
    end = gap + 2 + 128
    told = ranges % (gap, end, len(content) - end)
    return content.replace(ranges % (0, 0, 0), told)


def forged_update(content: bytes) -> bytes:
    """What the page draws, replaced in an update."""
    drawn = Sheet(HIGHER).content().encode("cp1252")
    return updated(content, {4: stream("", drawn)})


def annotated_update(content: bytes) -> bytes:
    """A note over an amount, added in an update after the signature."""
    told = "/Type /XObject /Subtype /Form /BBox [0 0 52 11]"
    rect = f"[{RIGHT - 50} {Y - 2.5} {RIGHT + 2} {Y + 8.5}]"
    note = f"<< /Type /Annot /Subtype /FreeText /Rect {rect} /F 4 /AP << /N 31 0 R >> >>"
    page = Sheet(page="/Annots [11 0 R 30 0 R]").objects()[3]
    return updated(content, {3: page, 30: note.encode(), 31: stream(told, b"1 g 0 0 52 11 re f")})


def typed_over_scan() -> bytes:
    """A picture of a page on which somebody typed an amount."""
    import pypdfium2

    rows = [row if at != AT else (*row[:2], "") for at, row in enumerate(LEDGER)]
    with pypdfium2.PdfDocument(Sheet(rows).bytes()) as file:
        drawn = file[0].render(scale=200 / 72, grayscale=True).to_pil()
    return Sheet(
        rows=(),
        before=placed("P", 0, 0, 595, 842),
        after=FORGED,
        extra={20: image(drawn)},
        resources="/XObject << /P 20 0 R >>",
    ).bytes()


ALTERED: dict[str, tuple[Alteration, str]] = {
    "a picture of another amount over it": (image_patch, "covered_amount"),
    "such a picture inside a form": (image_patch_in_form, "covered_amount"),
    "a white box over it, another amount upon that": (
        lambda: Sheet(after=f"{PATCH}\n{FORGED}").bytes(),
        "hidden_amount",
    ),
    "a white box over it": (lambda: Sheet(after=PATCH).bytes(), "hidden_amount"),
    "a white box over its first digit": (
        lambda: Sheet(after=f"1 g {RIGHT - 50} {Y - 2.5} 20 11 re f").bytes(),
        "covered_amount",
    ),
    "a free text over it": (
        lambda: annotation("FreeText", f"1 g 0 0 52 11 re f {text(15, 2.5, '9.500,00')}"),
        "covered_amount",
    ),
    "a stamp over it": (
        lambda: annotation("Stamp", f"1 g 0 0 52 11 re f {text(15, 2.5, '9.500,00')}"),
        "covered_amount",
    ),
    "invisible, with a picture of another": (
        lambda: Sheet(
            rows=[row if at != AT else (*row[:2], "") for at, row in enumerate(LEDGER)],
            before=placed("P", RIGHT - 50, Y - 2.5, 52, 11),
            after=text(RIGHT, Y, "4.500,00", right=True, mode=3),
            extra={20: picture("9.500,00")},
            resources="/XObject << /P 20 0 R >>",
        ).bytes(),
        "covered_amount",
    ),
    "a booking in invisible text": (lambda: hidden(_amount(mode=3)), "hidden_amount"),
    "a booking in white": (lambda: hidden(_amount(colour="1 g")), "hidden_amount"),
    "a booking in nearly white": (lambda: hidden(_amount(colour=".96 g")), "hidden_amount"),
    "a booking that is transparent": (
        lambda: hidden(f"/T gs {_amount()}", resources="/ExtGState << /T << /ca 0 /CA 0 >> >>"),
        "hidden_amount",
    ),
    "a booking in letters of half a point": (
        lambda: hidden(text(RIGHT, 600, "7.000,00", size=0.5, right=True)),
        "hidden_amount",
    ),
    "a booking outside the crop box": (
        lambda: hidden(_amount(), page="/CropBox [0 620 595 842]"),
        "hidden_amount",
    ),
    "a booking beside the page": (
        lambda: hidden(text(700, 600, "7.000,00", right=True)),
        "hidden_amount",
    ),
    "a booking on a layer that is off": (off_layer, "hidden_amount"),
    "a booking that is clipped away": (
        lambda: Sheet(after=_rows("q 0 0 10 10 re W n\n{words}\nQ")).bytes(),
        "hidden_amount",
    ),
    "a booking in a font without glyphs": (without_glyphs, "hidden_amount"),
    "a digit before it as a picture": (
        lambda: Sheet(
            before=placed("P", RIGHT - 43, Y - 1.5, 6, 9),
            extra={20: picture("1", 6, 9)},
            resources="/XObject << /P 20 0 R >>",
        ).bytes(),
        "marked_amount",
    ),
    "a digit before it as a line": (
        lambda: Sheet(after=f"1 w {RIGHT - 39} {Y} m {RIGHT - 39} {Y + 6.5} l S").bytes(),
        "marked_amount",
    ),
    "another font": (
        lambda: retyped(font=HELVETICA.replace("Helvetica", "Courier")),
        "type_of_amount",
    ),
    "another size": (lambda: retyped(size=9.4), "type_of_amount"),
    "another black": (lambda: retyped(colour=".13 g"), "type_of_amount"),
    "another font of the same name": (
        lambda: retyped(font=f"{HELVETICA} /Name /X"),
        "type_of_amount",
    ),
    "one of few in bold, as titles are": (
        lambda: replace(
            Sheet(HIGHER, {"14.500,00": ("F2", 9.0, "0 g")}),
            before=text(400, 838, "Volksbank Nord", font="F2"),
        ).bytes(),
        "type_of_amount",
    ),
    "the account's number in a font that the file lacks": (account_retyped, "type_of_account"),
    "a digit set before it": (
        lambda: Sheet(after=text(RIGHT - 35.03, Y, "1", right=True)).bytes(),
        "text_over_text",
    ),
    "a white box over a minus": (
        lambda: Sheet(after=f"1 g {RIGHT - 26} {height(3) - 2.5} 3.4 11 re f").bytes(),
        "marked_amount",
    ),
    "a white box over its day, another upon that": (
        lambda: Sheet(after=f"1 g 59 {Y - 2.5} 48 11 re f\n" + text(60, Y, "05.12.2025")).bytes(),
        "text_over_text",
    ),
    "another text upon its own": (
        lambda: Sheet(after=f"1 g 159 {Y - 2.5} 60 11 re f\n" + text(160, Y, "Miete")).bytes(),
        "text_over_text",
    ),
    "a field over it that is part of another": (field_of_another, "hidden_amount"),
    "balances in another font": (balances, "type_of_amount"),
    "other digits inside it": (
        lambda: Sheet(
            rows=[row if at != AT else (*row[:2], "") for at, row in enumerate(LEDGER)],
            after=text(RIGHT - 22.52, Y, "4.", right=True)
            + text(RIGHT - 17.52, Y, "9", font="F9", right=True)
            + text(RIGHT, Y, "00,00", right=True),
            fonts={"F9": HELVETICA.replace("Helvetica", "Times-Roman")},
        ).bytes(),
        "type_changes_in_amount",
    ),
    "only XMP tells": (xmp_only, "changed_after_creation"),
    "only packed XMP tells": (lambda: xmp_only(attributes=True), "producer"),
    "changed weeks later": (
        lambda: Sheet(info=INFO.replace("/ModDate (D:202601", "/ModDate (D:202602")).bytes(),
        "changed_after_creation",
    ),
    "written by an editor": (
        lambda: Sheet(info=INFO.replace("Druckstrasse 4", "Adobe Acrobat Pro 25")).bytes(),
        "producer",
    ),
    "an update": (lambda: forged_update(Sheet().bytes()), "written_on"),
    "an update after a signature in one go": (lambda: forged_update(signed(Sheet())), "written_on"),
    "a note after a signature": (lambda: annotated_update(signed(Sheet())), "written_on"),
    "typed over a scan": (typed_over_scan, "text_over_image"),
}
