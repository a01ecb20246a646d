"""A page of a PDF or of a scan as it is shown, drawn in a process of its own that harms nothing."""

import asyncio
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import orjson
import pypdfium2

from core.bilingual import Bilingual
from core.errors import NotFound, Unavailable, Unreadable
from core.formats.common.resolution import dots_per_point
from core.isolation.lockdown import confine

if TYPE_CHECKING:
    from PIL import Image

DOTS_PER_POINT = 2.0  # 144 dpi: small print can be read
MOST_DOTS = 6_000_000  # a page may claim to be as large as a house
MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 10.0  # of a processor
PATIENCE_SECONDS = 20.0
DRAW = "from core.isolation.drawing import main; main()"

Drawn: TypeAlias = "tuple[float, float, Image.Image] | None"  # width and height in points
_at_once = asyncio.Semaphore(2)
LATE = "The page takes long to be drawn; try again soon."
NOT_DRAWN = Bilingual("The page cannot be drawn.", "Die Seite kann nicht dargestellt werden.")


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as it is shown, in points, how many there are, and its picture as a PNG."""

    width: float
    height: float
    pages: int
    png: bytes


async def page_image(content: bytes, page: int) -> PageImage:
    """The page, counted from 1.

    Raises NotFound where there is none, Unreadable if it is broken, Unavailable if it takes long.
    """
    async with _at_once:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", DRAW, str(page)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        try:
            drawn, _ = await asyncio.wait_for(process.communicate(content), PATIENCE_SECONDS)
        except TimeoutError:
            raise Unavailable(LATE) from None  # of a busy machine: the file alone takes less
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    head, _, png = drawn.partition(b"\n")
    if not head:
        raise Unreadable(NOT_DRAWN)
    width, height, pages = orjson.loads(head)
    if not png:
        raise NotFound("page")
    return PageImage(float(width), float(height), int(pages), png)


def main() -> None:
    """Draw the page named of the file that comes in by standard input: its measures, then a PNG."""
    from core.formats.common import images  # only here: the web app's backend decodes no picture

    content, number = sys.stdin.buffer.read(), int(sys.argv[1])
    confine(MEMORY_BYTES, SECONDS)
    output = sys.stdout.buffer
    pages, page = (
        _scan_page(content, number) if images.recognises(content) else _pdf_page(content, number)
    )
    width, height, image = page or (0, 0, None)
    output.write(orjson.dumps([width, height, pages]) + b"\n")
    if image is not None:
        image.quantize(64).save(output, "png")


def _pdf_page(content: bytes, number: int) -> tuple[int, Drawn]:
    """How many pages a PDF has, and the one of that number."""
    with pypdfium2.PdfDocument(content) as file:
        pages = len(file)
        if not 1 <= number <= pages:
            return pages, None
        page = file[number - 1]
        width, height = page.get_size()
        scale = dots_per_point(width, height, DOTS_PER_POINT, MOST_DOTS)
        return pages, (width, height, page.render(scale=scale).to_pil())


def _scan_page(content: bytes, number: int) -> tuple[int, Drawn]:
    """How many pages a picture has, and the one of that number, upright and in grey."""
    from core.formats.common import images

    pages, page = images.count(content), images.page(content, number)
    if page is None:
        return pages, None
    shown = dots_per_point(page.width, page.height, DOTS_PER_POINT, MOST_DOTS)
    scale = min(1.0, shown / page.scale)
    size = max(1, round(page.picture.width * scale)), max(1, round(page.picture.height * scale))
    return pages, (page.width, page.height, page.picture.resize(size))
