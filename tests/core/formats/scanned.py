"""Scans of every kind, made of a ledger that is known: by a scanner, a phone or a fax."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from deploy.demo.sheets import grouped

IBAN = "DE02 1203 0000 0000 2020 51"
FIRST = date(2025, 12, 1)
TEXTS = (
    "Überweisung Müller & Söhne OHG",
    "SEPA-Lastschrift Stadtwerke Köln",
    "Gutschrift Rechnung 2025-0417",
    "Kartenzahlung REWE SAGT DANKE",
    "Dauerauftrag Miete Lagerhalle",
    "Gehalt Dezember Jürgen Groß",
    "Entgeltabschluss",
    "Rücklastschrift Weiß GmbH",
)
CONDITIONS = ("Rechnung 4711 Kd-Nr. 80033", "Mandat M-2210, Ref. 99/12", "Verwendung siehe Anlage")


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a sheet tells: its opening balance, and each booking's day and amount, in cents."""

    opening: int
    bookings: tuple[tuple[date, int], ...]

    @property
    def closing(self) -> int:
        """What stands after the last booking."""
        return self.opening + sum(amount for _, amount in self.bookings)


def ledger(seed: int, rows: int = 12) -> Ledger:
    """A made-up month."""
    chance = random.Random(seed)
    days = sorted(chance.randrange(31) for _ in range(rows))
    amounts = (
        chance.choice((-1, -1, 1)) * chance.choice((1, 13, 100, 997)) * chance.randint(199, 9_999)
        for _ in days
    )
    bookings = zip((FIRST + timedelta(each) for each in days), amounts, strict=True)
    return Ledger(chance.randint(60_000_000, 900_000_000), tuple(bookings))


def _marked(cents: int) -> str:
    return f"{grouped(cents)} {'S' if cents < 0 else 'H'}"


def _signed(cents: int) -> str:
    return f"{grouped(cents)}{'-' if cents < 0 else '+'}"


def _leading(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{grouped(cents)}"


MARKED, SIGNED, LEADING, PAIRED, RUNNING = range(5)
"""How a sheet says which way money went: S and H, a sign, two columns; or beside a balance."""
STYLES = (MARKED, SIGNED, LEADING, PAIRED, RUNNING)
NOTATIONS = {MARKED: _marked, SIGNED: _signed, LEADING: _leading, RUNNING: _leading}
FONTS = {MARKED: "Courier", SIGNED: "Helvetica", LEADING: "Times-Roman", PAIRED: "Helvetica"}
ENDS = {MARKED: (540.0,), SIGNED: (540.0,), LEADING: (540.0,), PAIRED: (455.0, 540.0)}


def sheet(told: Ledger, style: int, *, ruled: bool = False, left: float = 57) -> bytes:
    """A PDF of one page that tells the ledger."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    font, say = FONTS.get(style, "Helvetica"), NOTATIONS.get(style, grouped)
    ends = ENDS.get(style, (455.0, 540.0))
    canvas.setFont(font, 13)
    canvas.drawString(left, 780, "Musterbank AG")
    canvas.drawString(left, 745, "Kontoauszug Nr. 12/2025")
    canvas.setFont(font, 9.5)
    canvas.drawString(left, 728, f"IBAN {IBAN}   Währung EUR")
    canvas.drawString(left, 714, "Kontoinhaber: Muster Werkzeugbau GmbH")
    canvas.drawString(left, 700, "vom 01.12.2025 bis 31.12.2025")
    titles = {PAIRED: ("Belastung", "Gutschrift"), RUNNING: ("Betrag", "Saldo")}
    y = 670.0
    canvas.drawString(left, y, "Datum")
    canvas.drawString(left + 75, y, "Buchungstext")
    for end, title in zip(ends, titles.get(style, ("Betrag EUR",)), strict=True):
        canvas.drawRightString(end, y, title)

    def balance(name: str, cents: int) -> None:
        canvas.drawString(left + 75, y, name)
        both = style == PAIRED and cents < 0
        canvas.drawRightString(ends[0] if both else ends[-1], y, say(cents))

    y -= 22
    balance("Anfangssaldo 30.11.2025", told.opening)
    running = told.opening
    chance = random.Random(told.opening)
    for day, cents in told.bookings:
        y -= 22
        running += cents
        canvas.drawString(left, y, day.strftime("%d.%m.%Y"))
        canvas.drawString(left + 75, y, chance.choice(TEXTS))
        at = ends[cents > 0] if style == PAIRED else ends[0]
        canvas.drawRightString(at, y, say(cents))
        if style == RUNNING:
            canvas.drawRightString(ends[1], y, say(running))
        canvas.drawString(left + 75, y - 11, chance.choice(CONDITIONS))
        if ruled:
            canvas.setLineWidth(0.6)
            canvas.line(left - 6, y - 14, 546, y - 14)
        y -= 8
    y -= 22
    balance("Endsaldo 31.12.2025", told.closing)
    if ruled:
        for x in (left - 6, left + 69, 380, 470 if len(ends) > 1 else 380, 546):
            canvas.line(x, 684, x, y - 4)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def picture(content: bytes, dpi: float = 200) -> Image.Image:
    """The first page of a PDF as paper in the scanner's light."""
    with pypdfium2.PdfDocument(content) as file:
        page: Image.Image = file[0].render(scale=dpi / 72).to_pil()
    return page.convert("RGB")


def grained(page: Image.Image, seed: int = 1, most: int = 20) -> Image.Image:
    """The page with the scanner's noise."""
    chance = random.Random(seed)
    noise = Image.frombytes("L", page.size, chance.randbytes(page.width * page.height))
    even = noise.point(lambda level: 128 + (level - 128) * most // 128)
    soft = page.filter(ImageFilter.GaussianBlur(0.6))
    grain = Image.merge("RGB", (even,) * 3)
    return ImageChops.add(soft, grain, scale=1, offset=-128)


def _jpeg(page: Image.Image, quality: int = 75, dpi: int = 200) -> bytes:
    page.save(out := BytesIO(), "JPEG", quality=quality, dpi=(dpi, dpi))
    return out.getvalue()


def in_pdf(*pages: Image.Image, strips: int = 1, hidden: str | None = None) -> bytes:
    """A PDF of pictures of pages, each in so many strips; with words that nobody sees."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    for page in pages:
        width, height = A4 if page.height >= page.width else A4[::-1]
        canvas.setPageSize((width, height))
        for at in range(strips):
            top, bottom = page.height * at // strips, page.height * (at + 1) // strips
            strip = page.crop((0, top, page.width, bottom))
            y = height - height * bottom / page.height
            jpeg = ImageReader(BytesIO(_jpeg(strip, 80)))
            canvas.drawImage(jpeg, 0, y, width, height * (bottom - top) / page.height)
        for at, line in enumerate((hidden or "").splitlines()):
            words = canvas.beginText(57, 780 - 12 * at)
            words.setTextRenderMode(3)
            words.setFont("Helvetica", 9)
            words.textLine(line)
            canvas.drawText(words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _fax(page: Image.Image, down: int) -> bytes:
    size = 1728, round(page.height / 200 * down)
    page.convert("L").resize(size).convert("1", dither=Image.Dither.NONE).save(
        out := BytesIO(), "TIFF", compression="group4", dpi=(204, down)
    )
    return out.getvalue()


def _perspective(page: Image.Image, seed: int) -> bytes:
    """A phone's photo: the page on a dark table, seen from a corner, in uneven light."""
    chance = random.Random(seed)
    wide, high = 2000, 2667
    inset = [(chance.uniform(0.03, 0.10), chance.uniform(0.03, 0.08)) for _ in range(4)]
    (a, b), (c, d), (e, f), (g, h) = inset
    corners = [
        (a * wide, b * high),
        ((1 - c) * wide, d * high),
        ((1 - e) * wide, (1 - f) * high),
        (g * wide, (1 - h) * high),
    ]
    wide_page, high_page = float(page.width), float(page.height)
    source = [(0.0, 0.0), (wide_page, 0.0), (wide_page, high_page), (0.0, high_page)]
    how = _coefficients(corners, source)
    mode = Image.Transform.PERSPECTIVE
    seen = page.transform((wide, high), mode, how, Image.Resampling.BICUBIC)
    mask = Image.new("L", page.size, 255).transform((wide, high), mode, how)
    photo = Image.composite(seen, Image.new("RGB", (wide, high), (72, 55, 40)), mask)
    light = Image.linear_gradient("L").rotate(90).point(lambda level: 150 + level * 100 // 255)
    lit = ImageChops.multiply(photo, Image.merge("RGB", (light.resize((wide, high)),) * 3))
    return _jpeg(grained(lit, seed, 10), 80, 72)


def _coefficients(
    to: list[tuple[float, float]], of: list[tuple[float, float]]
) -> tuple[float, ...]:
    """How points of a picture come of those of another, as Pillow wants it."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(to, of, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for at in range(8):
        best = max(range(at, 8), key=lambda each: abs(rows[each][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(8):
            if other != at:
                times = rows[other][at]
                pairs = zip(rows[other], rows[at], strict=True)
                rows[other] = [value - times * mine for value, mine in pairs]
    return tuple(row[8] for row in rows)


def _stamped(page: Image.Image, seed: int) -> Image.Image:
    """The page with a stamp over its table and a hand's tick beside an amount."""
    chance = random.Random(seed)
    stamp = Image.new("RGB", (460, 170), "white")
    draw = ImageDraw.Draw(stamp)
    draw.rectangle((4, 4, 455, 165), outline=(70, 90, 190), width=6)
    draw.text((40, 30), "EINGEGANGEN", fill=(70, 90, 190), font_size=52)
    draw.text((110, 100), "05. JAN. 2026", fill=(70, 90, 190), font_size=38)
    turned = stamp.rotate(chance.uniform(-20, 20), expand=True, fillcolor="white")
    over = Image.new("RGB", page.size, "white")
    over.paste(turned, (chance.randint(400, 800), chance.randint(700, 1500)))
    ImageDraw.Draw(over).line([(1520, 900), (1545, 940), (1600, 840)], fill=(40, 40, 160), width=6)
    return ImageChops.multiply(page, over)


def _turned(page: Image.Image, degrees: float) -> Image.Image:
    return page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def _tiff(*pages: Image.Image) -> bytes:
    first, *others = pages
    first.save(
        out := BytesIO(),
        "TIFF",
        dpi=(200, 200),
        compression="tiff_lzw",
        save_all=True,
        append_images=others,
    )
    return out.getvalue()


def _png(page: Image.Image, dpi: int = 200) -> bytes:
    page.save(out := BytesIO(), "PNG", dpi=(dpi, dpi))
    return out.getvalue()


WRONG = "\n".join(
    (
        "IBAN DE02 1203 0000 0000 2020 51   Währung EUR",
        "vom 01.12.2025 bis 31.12.2025",
        "Anfangssaldo 30.11.2025      1.000,00",
        "02.12.2025   Gutschrift      9.000,00",
        "Endsaldo 31.12.2025         10.000,00",
    )
)
Kind = Callable[[bytes, int], bytes]
KINDS: Mapping[str, Kind] = {
    "clean 200 dpi": lambda it, at: in_pdf(grained(picture(it), at)),
    "300 dpi, PNG": lambda it, at: _png(grained(picture(it, 300), at), 300),
    "100 dpi": lambda it, at: in_pdf(grained(picture(it, 100), at, 8)),
    "JPEG 12": lambda it, at: _jpeg(picture(it), 12),
    "upside down": lambda it, at: in_pdf(_turned(grained(picture(it), at), 180)),
    "on its left side": lambda it, at: in_pdf(_turned(grained(picture(it), at), 90)),
    "on its right side": lambda it, at: _jpeg(_turned(grained(picture(it), at), -90)),
    "askew 5 degrees": lambda it, at: in_pdf(grained(_turned(picture(it), 5), at)),
    "askew -3 degrees": lambda it, at: _jpeg(grained(_turned(picture(it), -3), at)),
    "grid lines": lambda it, at: in_pdf(grained(picture(it), at)),
    "stamps": lambda it, at: in_pdf(grained(_stamped(picture(it), at), at)),
    "phone photo": lambda it, at: _perspective(picture(it), at),
    "strips": lambda it, at: in_pdf(grained(picture(it), at), strips=9),
    "tint": lambda it, at: in_pdf(
        grained(ImageChops.multiply(picture(it), Image.new("RGB", (1654, 2339), "#d8e0b0")), at)
    ),
    "fax 204 x 98": lambda it, at: _fax(picture(it), 98),
    "fax 204 x 196": lambda it, at: _fax(picture(it), 196),
    "hidden wrong text": lambda it, at: in_pdf(grained(picture(it), at), hidden=WRONG),
    "pale": lambda it, at: _jpeg(
        ImageOps.autocontrast(grained(picture(it), at)).point(lambda level: 150 + level * 90 // 255)
    ),
    "TIFF of two pages": lambda it, at: _tiff(
        grained(picture(it), at), Image.new("RGB", (1654, 2339), "white")
    ),
}


def of_kind(kind: str, seed: int, style: int) -> tuple[bytes, Ledger]:
    """A scan of that kind, and what it tells."""
    told = ledger(seed)
    return KINDS[kind](sheet(told, style, ruled=kind == "grid lines"), seed), told
