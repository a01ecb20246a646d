"""A page of a PDF as a picture, drawn in a process of its own that can harm nothing."""

import asyncio
import math
import os
import sys
from dataclasses import dataclass

import orjson
import pypdfium2

from core.confinement import confine
from core.errors import NotFound, Unreadable

DOTS_PER_POINT = 2.0  # 144 dpi: small print can be read
MOST_DOTS = 6_000_000  # a page may claim to be as large as a house
MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 10.0
DRAW = "from core.pictures import main; main()"

_at_once = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is shown, in points, how many there are, and its picture as a PNG."""

    width: float
    height: float
    pages: int
    png: bytes


async def picture(content: bytes, page: int) -> Picture:
    """The page, counted from 1; raises NotFound where there is none, Unreadable if it is broken."""
    async with _at_once:
        artist = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", DRAW, str(page)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        try:
            drawn, _ = await asyncio.wait_for(artist.communicate(content), SECONDS)
        except TimeoutError:
            drawn = b""
        finally:
            if artist.returncode is None:
                artist.kill()
                await artist.wait()
    head, _, png = drawn.partition(b"\n")
    if not head:
        raise Unreadable("The page cannot be drawn.")
    width, height, pages = orjson.loads(head)
    if not png:
        raise NotFound("page")
    return Picture(float(width), float(height), int(pages), png)


def main() -> None:
    """Draw the page named of the PDF that comes in by standard input: its measures, then a PNG."""
    content = sys.stdin.buffer.read()
    confine(MEMORY_BYTES, SECONDS)
    with pypdfium2.PdfDocument(content) as file:
        pages, number = len(file), int(sys.argv[1])
        if not 1 <= number <= pages:
            sys.stdout.buffer.write(orjson.dumps([0, 0, pages]) + b"\n")
            return
        page = file[number - 1]
        width, height = page.get_size()
        scale = min(DOTS_PER_POINT, math.sqrt(MOST_DOTS / (width * height)))
        sys.stdout.buffer.write(orjson.dumps([width, height, pages]) + b"\n")
        image = page.render(scale=scale).to_pil()
        image.quantize(64).save(sys.stdout.buffer, "png")
