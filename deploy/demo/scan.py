"""The scanned look: pages as grey pictures with noise, a little askew, and no text to be had."""

import random
from collections.abc import Iterator
from io import BytesIO

import pypdfium2
from PIL import Image, ImageChops, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

ASKEW = 0.35  # degrees at most
NOISE = 24  # levels of grey up or down at most


def scan(content: bytes, seed: int = 1, dpi: int = 200, pages: int | None = None) -> bytes:
    """The first pages of a PDF as a scanner of so many dots per inch would have made them."""
    out = BytesIO()
    canvas = Canvas(out, invariant=True)
    for picture in pictures(content, seed, dpi, pages):
        size = picture.width * 72 / dpi, picture.height * 72 / dpi
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(_jpeg(picture)), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def pictures(
    content: bytes, seed: int = 1, dpi: int = 200, pages: int | None = None
) -> Iterator[Image.Image]:
    """The first pages of a PDF as a scanner sees them."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    with pypdfium2.PdfDocument(content) as file:
        for number in range(len(file) if pages is None else min(pages, len(file))):
            drawn = file[number].render(scale=dpi / 72, grayscale=True)
            yield _scanned(drawn.to_pil(), chance)


def _scanned(picture: Image.Image, chance: random.Random) -> Image.Image:
    """The page as it lay: askew, its letters soft, paper and light uneven."""
    angle = chance.uniform(-ASKEW, ASKEW)
    turned = picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    soft = turned.filter(ImageFilter.GaussianBlur(0.6))
    grained = ImageChops.add(soft, _grain(soft.size, chance), scale=1, offset=-128)
    return ImageChops.multiply(grained, _light(soft.size))


def _grain(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Grey that wavers around the middle."""
    even = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
    return even.point(lambda level: 128 + (level - 128) * NOISE // 128)


def _light(size: tuple[int, int]) -> Image.Image:
    """Light that falls off towards an edge."""
    return Image.linear_gradient("L").resize(size).point(lambda level: 225 + level // 9)


def _jpeg(picture: Image.Image) -> BytesIO:
    picture.save(out := BytesIO(), "jpeg", quality=80)
    return BytesIO(out.getvalue())
