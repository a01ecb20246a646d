"""Pictures handed in as files: upright, on white, at their own measure, and held to limits."""

import struct
from contextlib import suppress
from io import BytesIO
from zlib import compress, crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import Unreadable
from core.formats.common import images

A4_AT_100 = (827, 1169)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    picture.save(out := BytesIO(), kind, **options)
    return out.getvalue()


def marked(mode: str = "L", size: tuple[int, int] = A4_AT_100) -> Image.Image:
    """A white page with a black patch in its top left corner."""
    picture = Image.new(mode, size, "white")
    picture.paste("black", (0, 0, size[0] // 4, size[1] // 4))
    return picture


def png_head(width: int, height: int) -> bytes:
    """A PNG that says to be of a size, and has a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", compress(bytes(9)))
        + chunk(b"IEND", b"")
    )


def tiff(*places: int) -> bytes:
    """A TIFF of pages of one white dot, each of which names the place of the next; 0 ends."""
    tags = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (279, 1))
    out = b"II*\0" + struct.pack("<I", 12) + b"\xff\0\0\0"
    for next_place in places:
        body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        out += struct.pack("<H", len(tags)) + body + struct.pack("<I", next_place)
    return out


PAGE = 2 + 8 * 12 + 4  # bytes of such a page


def only(content: bytes) -> images.ImagePage:
    (page,) = images.pages(content)
    return page


def level(page: images.ImagePage, x: int, y: int) -> int:
    found = page.picture.getpixel((x, y))
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_page_is_measured_by_the_dots_per_inch_that_it_names(kind: str) -> None:
    page = only(saved(marked(), kind, dpi=(100, 100)))
    assert (round(page.width), round(page.height)) == (595, 842)


@pytest.mark.parametrize("options", [{}, {"dpi": (72, 72)}, {"dpi": (1, 1)}, {"dpi": (9999, 9999)}])
def test_a_page_whose_measure_is_not_named_or_not_likely_is_taken_for_a4(
    options: dict[str, object],
) -> None:
    page = only(saved(marked(size=(3000, 4243)), "JPEG", **options))
    assert (round(page.width), round(page.height)) == (595, 842)
    lying = only(saved(marked(size=(4243, 3000)), "JPEG", **options))
    assert (round(lying.width), round(lying.height)) == (842, 595)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_page_is_upright_however_the_camera_was_held(kind: str, orientation: int) -> None:
    back = {5: 5, 6: 8, 7: 7, 8: 6}  # what undoes each
    upright = marked()
    turn = images.TURNS.get(back.get(orientation, orientation))
    exif = Image.Exif()
    exif[images.ORIENTATION] = orientation
    held = upright if turn is None else upright.transpose(turn)
    page = only(saved(held, kind, exif=exif))
    assert page.picture.size == upright.size
    assert [round(level(page, *at), -2) for at in ((50, 50), (700, 50), (50, 1000))] == [
        0,
        300,
        300,
    ]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK"])
def test_a_page_is_grey_whatever_its_colours(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    page = only(saved(marked("RGB").convert(mode), kind))
    assert page.picture.mode == "L"
    assert (page.picture.getpixel((50, 50)), page.picture.getpixel((700, 50))) == (0, 255)


def test_what_is_transparent_is_white_and_sixteen_bits_are_no_more_than_black_and_white() -> None:
    clear = Image.new("RGBA", (400, 600), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (0, 0, 10, 10))
    page = only(saved(clear, "PNG"))
    assert (page.picture.getpixel((5, 5)), page.picture.getpixel((99, 99))) == (0, 255)
    deep = Image.new("I;16", (400, 600), 60_000)
    deep.putpixel((5, 5), 3_000)
    page = only(saved(deep, "PNG"))
    assert (page.picture.getpixel((5, 5)), page.picture.getpixel((99, 99))) == (11, 234)


def test_a_tiff_has_pages_and_each_is_found() -> None:
    first, *others = (Image.new("L", (400, 600 + at), at) for at in range(3))
    content = saved(first, "TIFF", save_all=True, append_images=others)
    assert images.count(content) == 3
    assert [each.picture.getpixel((0, 0)) for each in images.pages(content)] == [0, 1, 2]
    second = images.page(content, 2)
    assert second is not None
    assert second.picture.size == (400, 601)
    assert images.page(content, 4) is None
    assert images.page(content, 0) is None


def test_a_tiff_whose_pages_go_round_ends_after_one_round() -> None:
    assert images.count(tiff(12 + PAGE, 12)) == 2


def test_a_tiff_of_more_pages_than_are_read_is_refused_before_any_is_decoded() -> None:
    most = images.MOST_PAGES
    fits = [12 + PAGE * at for at in range(1, most)]
    assert images.count(tiff(*fits, 0)) == most
    with pytest.raises(Unreadable, match="at most 150 are read") as refusal:
        next(images.pages(tiff(*fits, 12 + PAGE * most, 0)))
    assert refusal.value.code == "too_many_pages"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (png_head(60_000, 60_000), "image_too_large"),
        (png_head(9_000, 9_000), "image_too_large"),
        (png_head(1, 2_000_000), "image_too_large"),
        (png_head(0, 5), "broken_image"),
        (png_head(500, 500), "broken_image"),
        (saved(marked(), "JPEG")[:3_000], "broken_image"),
        (saved(marked(), "TIFF")[:3_000], "broken_image"),
        (b"\xff\xd8\xff" + bytes(999), "broken_image"),
        (b"II*\0" + bytes(999), "broken_image"),
        (b"MM\0*" + b"\xff" * 999, "broken_image"),
        (
            saved(marked(), "PNG", save_all=True, append_images=[Image.new("L", A4_AT_100)]),
            "image_animated",
        ),
    ],
)
def test_what_is_broken_too_large_or_moves_is_refused_with_the_true_reason(
    content: bytes, code: str
) -> None:
    with pytest.raises(Unreadable) as refusal:
        list(images.pages(content))
    assert refusal.value.code == code
    with pytest.raises(Unreadable):
        images.page(content, 1)


def test_the_largest_picture_is_read() -> None:
    side = int(images.MOST_DOTS**0.5)
    assert only(saved(Image.new("1", (side, side)), "TIFF", compression="group4")).picture.size == (
        side,
        side,
    )


@given(
    kind=st.sampled_from(["PNG", "JPEG", "TIFF"]),
    changes=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1, max_size=8),
    end=st.integers(9, 4_000),
)
@settings(max_examples=80, deadline=None)
def test_a_picture_that_was_changed_anywhere_has_pages_or_a_reason(
    kind: str, changes: list[tuple[int, int]], end: int
) -> None:
    content = bytearray(saved(marked(size=(60, 80)), kind))
    for at, value in changes:
        content[8 + at % (len(content) - 8)] = value
    with suppress(Unreadable):
        assert all(page.width > 0 for page in images.pages(bytes(content[:end])))


def test_a_picture_is_told_by_its_first_bytes() -> None:
    kinds = [saved(marked(), kind) for kind in ("PNG", "JPEG", "TIFF")]
    assert all(images.recognises(each) for each in kinds)
    assert not any(images.recognises(each) for each in (b"%PDF-1.7", b"GIF89a", b"", b"\xff\xd8"))
