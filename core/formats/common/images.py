"""Pictures that are handed in as files (PNG, JPEG, TIFF): their pages, upright, on white, in grey.

Only processes that can harm nothing may decode them. What a picture says of itself (its size, its
dots per inch, how many pages follow) is held to limits before anything of it is decoded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from warnings import catch_warnings, simplefilter

from PIL import Image

from core.bilingual import Bilingual, grouped
from core.errors import Unreadable

MARKS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}
MOST_PAGES = 150  # four seconds each where they are read
MOST_DOTS = 64_000_000  # an A4 page at 800 dpi, the largest cameras of phones
LONGEST_SIDE = 30_000  # dots: nothing on paper is a strip
STRIP = 512  # rows of dots
PER_INCH = 72.0
A4 = 842.0  # points along the longer side, which is assumed where no likely measure is named
SMALLEST, LARGEST = 280.0, 1200.0  # points along the longer side: a postcard, A3
EVEN, MOST_UNEVEN = 1.03, 4.5  # dots across to dots down: faxes have 204 x 98, even 204 x 49
ORIENTATION = 0x0112  # EXIF: how the camera was held
TURNS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
DEEP = {"I", "I;16", "I;16L", "I;16B", "I;16N"}  # modes of 16 bits a dot


@dataclass(frozen=True, slots=True)
class ImagePage:
    """A page in grey; `scale` is how many of its dots make a point (1/72 inch)."""

    picture: Image.Image
    scale: float

    @property
    def width(self) -> float:
        """In points."""
        return self.picture.width / self.scale

    @property
    def height(self) -> float:
        """In points."""
        return self.picture.height / self.scale


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is a picture of these kinds."""
    return _kind(head) is not None


def count(content: bytes) -> int:
    """How many pages a picture has; raises Unreadable if it has, or one is, more than is read."""
    with _understood(), _opened(content) as image:
        return sum(1 for _ in _frames(image))


def pages(content: bytes) -> Iterator[ImagePage]:
    """Each page of a picture; raises Unreadable, of too many or too large ones before the first."""
    count(content)
    with _understood(), _opened(content) as image:
        for frame in _frames(image):
            yield _page(frame)


def page(content: bytes, number: int) -> ImagePage | None:
    """The page of that number, counted from 1, where there is one; raises Unreadable as well."""
    with _understood(), _opened(content) as image:
        for at, frame in enumerate(_frames(image), 1):
            if at == number:
                return _page(frame)
    return None


def _kind(head: bytes) -> str | None:
    return next((kind for mark, kind in MARKS.items() if head.startswith(mark)), None)


def _opened(content: bytes) -> Image.Image:
    """The picture by its head; no other of the library's many readers is ever asked."""
    kind = _kind(content[:16]) or ""
    return Image.open(BytesIO(content), formats=[kind])


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    """The picture turned to each of its pages in turn, none of them decoded yet."""
    if image.format != "TIFF":  # what a phone puts behind a photo (MPO) is no page
        if image.format == "PNG" and getattr(image, "is_animated", False):
            raise Unreadable(
                Bilingual(
                    "The picture is animated. Send each page as a picture of its own, or as a PDF.",
                    "Das Bild ist animiert. Bitte jede Seite als eigenes Bild oder als PDF senden.",
                ),
                code="image_animated",
            )
        yield _bounded(image)
        return
    for at in range(MOST_PAGES):
        try:
            image.seek(at)
        except EOFError:
            return
        yield _bounded(image)
    try:
        image.seek(MOST_PAGES)
    except EOFError:
        return
    raise Unreadable(
        Bilingual(
            f"The file has more than {MOST_PAGES} scanned pages; at most {MOST_PAGES} are read."
            " Send the statements in smaller files, or as the bank made them.",
            f"Die Datei hat mehr als {MOST_PAGES} gescannte Seiten; höchstens {MOST_PAGES} werden"
            " gelesen. Bitte die Kontoauszüge in kleineren Dateien senden oder so, wie die Bank"
            " sie erstellt hat.",
        ),
        code="too_many_pages",
    )


def _bounded(image: Image.Image) -> Image.Image:
    width, height = image.size
    if width * height > MOST_DOTS or max(width, height) > LONGEST_SIDE:
        wide, high = grouped(width), grouped(height)
        raise _too_large(
            Bilingual(f"{wide.en} x {high.en} dots", f"{wide.de} x {high.de} Bildpunkte")
        )
    return image


def _too_large(size: Bilingual) -> Unreadable:
    most = MOST_DOTS // 1_000_000
    return Unreadable(
        Bilingual(
            f"The picture has {size.en}; at most {most} million are read. Scan the page with 300"
            " dpi and send that.",
            f"Das Bild hat {size.de}; höchstens {most} Millionen werden gelesen. Bitte die Seite"
            " mit 300 dpi scannen und neu senden.",
        ),
        code="image_too_large",
    )


def _page(image: Image.Image) -> ImagePage:
    """Decode a page."""
    named = image.info.get("dpi")
    image.load()
    turn = TURNS.get(image.getexif().get(ORIENTATION))  # a TIFF has been turned already
    grey = _grey(image)
    square, across = _squared(grey, named)
    upright = square.transpose(turn) if turn is not None else square
    return ImagePage(upright, _scale(max(upright.size), across))


def _squared(image: Image.Image, named: object) -> tuple[Image.Image, float]:
    """The picture with as many dots an inch down as across, and how many: a fax has fewer down."""
    try:
        across, down = map(float, named)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        return image, 0.0
    if not (across > 0 and down > 0 and EVEN < across / down < MOST_UNEVEN):
        return image, across
    height = round(image.height * across / down)
    if image.width * height > MOST_DOTS or height > LONGEST_SIDE:
        return image, across
    return image.resize((image.width, height), Image.Resampling.BICUBIC), across


def _grey(image: Image.Image) -> Image.Image:
    """The picture in grey, strip by strip: a second one in colour would not fit beside it."""
    grey = Image.new("L", image.size)
    for top in range(0, image.height, STRIP):
        edges = 0, top, image.width, min(top + STRIP, image.height)
        grey.paste(_strip(image.crop(edges)), (0, top))
    return grey


def _strip(image: Image.Image) -> Image.Image:
    if image.mode in DEEP:
        return image.convert("I").point(lambda level: level / 256).convert("L")
    if image.has_transparency_data:
        clear = image.convert("LA")
        white = Image.new("L", image.size, 255)
        white.paste(clear.getchannel("L"), mask=clear.getchannel("A"))
        return white
    return image.convert("L")


def _scale(longer: int, across: float) -> float:
    """Dots per point as the file names them, if that makes a page of a likely size, else of A4.

    Cameras write 72 dpi whatever they see, and PNGs mostly say nothing.
    """
    scale = across / PER_INCH
    return scale if scale > 0 and SMALLEST <= longer / scale <= LARGEST else longer / A4


@contextmanager
def _understood() -> Iterator[None]:
    """Turn what the library says of damage, which it says in a dozen ways, into a reason."""
    try:
        with catch_warnings():
            simplefilter("ignore")
            yield
    except (Unreadable, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise _too_large(
            Bilingual("hundreds of millions of dots", "Hunderte Millionen Bildpunkte")
        ) from None
    except Exception:
        raise Unreadable(
            Bilingual(
                "The picture is broken; it may have been cut off on its way. Send it anew.",
                "Das Bild ist beschädigt, vielleicht wurde es bei der Übertragung abgeschnitten."
                " Bitte neu senden.",
            ),
            code="broken_image",
        ) from None
