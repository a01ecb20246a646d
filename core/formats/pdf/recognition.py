"""The words on the picture of a page, found and read by RapidOCR, whichever way the page lies.

Its models come with its package; they are loaded where the first page is read. All of it works on
one thread: a confined reader can start no other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image
    from rapidocr import RapidOCR

    Array: TypeAlias = NDArray[np.float64]
    Dots: TypeAlias = NDArray[np.uint8]

LONGER_SIDE = 1472  # dots: where text is looked for; more takes memory and finds no more
TALL = 1.5  # times as high as wide: such a text stands on its side
ASKED = 5  # of the longest texts: they tell which way up the page is
SENSIBLE = 0.9  # how sure the reader is of texts that stand upright
LEAST_SIDE = 3  # dots
LINE_SHARE = 0.9  # of a row or a column of dots: so much ink is a ruled line
MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word, and in per cent how sure its least sure letter is.

    `ink` are the corners of its letters, `band` those of its part of the line: left and right at
    the top, right and left at the bottom; all as the page stands upright, in dots.
    """

    text: str
    confidence: float
    ink: "Array"
    band: "Array"


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page's words and the corners of its texts in one line, on the page upright.

    It was turned `turns` times by 90 degrees to the left.
    """

    words: list[SeenWord]
    texts: list["Array"]
    upright: "Dots"
    turns: int


@cache
def is_here() -> bool:
    """Whether pictures can be read here: the packages are there."""
    from importlib.util import find_spec

    return all(find_spec(each) is not None for each in ("rapidocr", "onnxruntime", "cv2"))


@cache
def _engine() -> "RapidOCR":
    import cv2
    import rapidocr

    cv2.setNumThreads(1)
    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_preprocess_img": False,
            "Global.use_vertical_padding": False,
            "Global.text_score": 0.0,
            # A strip's shorter side would be blown up to 736 dots, and the longer one with it.
            "Det.limit_type": "max",
            "Det.limit_side_len": LONGER_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            **{f"{part}.model_path": str(models / name) for part, name in MODELS.items()},
        }
    )


def read(picture: "Image") -> SeenPage:
    """What is on a picture in grey."""
    import numpy as np

    engine = _engine()
    dots = np.asarray(picture)
    quads = _found(engine, dots)
    turns = 0
    if _lies_on_its_side(quads):
        turns, quads = 1, _turned_left(quads, dots)
        dots = np.rot90(dots)
    dots = np.ascontiguousarray(dots)
    usual = float(np.median([_sides(each)[1] for each in quads])) if quads else 0.0
    quads = [each for each in quads if _is_level(each, usual)]
    texts = [(each, cut(dots, each)) for each in quads]
    if _is_upside_down(engine, [crop for _, crop in texts]):
        turns += 2
        dots = np.ascontiguousarray(np.rot90(dots, 2))
        size = np.array([dots.shape[1], dots.shape[0]])
        texts = [((size - quad)[[2, 3, 0, 1]], np.rot90(crop, 2)) for quad, crop in texts]
    words = [word for quad, crop in texts for word in _words(engine, quad, crop)]
    return SeenPage(words, [quad for quad, _ in texts], dots, turns)


def _colours(dots: "Dots") -> "Dots":
    import numpy as np

    return np.ascontiguousarray(np.stack((dots,) * 3, axis=-1))


def _found(engine: "RapidOCR", dots: "Dots") -> list["Array"]:
    """The corners of each text on the page."""
    import cv2
    import numpy as np

    scale = min(1.0, LONGER_SIDE / max(dots.shape))
    size = max(32, round(dots.shape[1] * scale)), max(32, round(dots.shape[0] * scale))
    small: Any = cv2.resize(dots, size, interpolation=cv2.INTER_AREA)
    found: Any = engine(_colours(small), use_det=True, use_cls=False, use_rec=False)
    if found.boxes is None:
        return []
    times = np.array([dots.shape[1] / size[0], dots.shape[0] / size[1]])
    return [np.asarray(each, dtype=np.float64) * times for each in found.boxes]


def _sides(quad: "Array") -> tuple[float, float]:
    """How wide and how high a text is."""
    import numpy as np

    return float(np.hypot(*(quad[1] - quad[0]))), float(np.hypot(*(quad[3] - quad[0])))


def _lies_on_its_side(quads: Sequence["Array"]) -> bool:
    along = across = 0.0
    for wide, high in map(_sides, quads):
        if wide > TALL * high:
            along += wide
        elif high > TALL * wide:
            across += high
    return across > along


def _turned_left(quads: Sequence["Array"], dots: "Dots") -> list["Array"]:
    """The texts as they stand once the page is turned by 90 degrees to the left."""
    import numpy as np

    turned = (np.stack((each[:, 1], dots.shape[1] - each[:, 0]), axis=1) for each in quads)
    return [each[[1, 2, 3, 0]] for each in turned]


def _is_level(quad: "Array", usual: float) -> bool:
    """Whether a text is one, and does not stand on its side; a letter alone is higher than wide."""
    wide, high = _sides(quad)
    return min(wide, high) >= LEAST_SIDE and high <= TALL * max(wide, usual)


def cut(dots: "Dots", quad: "Array") -> "Dots":
    """The picture of a text alone, straight."""
    import cv2
    import numpy as np

    wide, high = map(round, _sides(quad))
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float32)
    how = cv2.getPerspectiveTransform(quad.astype(np.float32), flat)
    edge = cv2.BORDER_REPLICATE
    straight: Any = cv2.warpPerspective(
        dots, how, (wide, high), flags=cv2.INTER_CUBIC, borderMode=edge
    )
    return straight  # type: ignore[no-any-return]


def _is_upside_down(engine: "RapidOCR", crops: Sequence["Dots"]) -> bool:
    """Whether the longest texts make sense only the other way up."""
    import numpy as np

    longest = sorted(crops, key=lambda each: -each.shape[1])[:ASKED]
    upright = _sense(engine, longest)
    return upright < SENSIBLE and _sense(engine, [np.rot90(each, 2) for each in longest]) > upright


def _sense(engine: "RapidOCR", crops: Sequence["Dots"]) -> float:
    """How sure the reader is of texts."""
    found: list[Any] = [
        engine(_colours(each), use_det=False, use_cls=False, use_rec=True, return_word_box=False)
        for each in crops
    ]
    return sum((float(each.scores[0]) for each in found), 0.0) / max(1, len(found))


def _words(engine: "RapidOCR", quad: "Array", crop: "Dots") -> Iterator[SeenWord]:
    """The words of a text, each where its ink is."""
    import numpy as np

    seen: Any = engine(
        _colours(crop), use_det=False, use_cls=False, use_rec=True, return_word_box=True
    )
    if not seen.txts or not seen.txts[0].strip() or not seen.word_results[0].words:
        return
    info = seen.word_results[0]
    sure = iter(_sure(seen.txts[0], info.confs))
    high, wide = crop.shape
    per_column = wide / info.line_txt_len
    ink = _ink(crop)
    top, bottom = _extent(ink.any(axis=1))
    centres = [[(at + 0.5) * per_column for at in each] for each in info.word_cols]
    edges = [0.0, *((a[-1] + b[0]) / 2 for a, b in pairwise(centres)), float(wide)]
    for letters, places, (start, end) in zip(info.words, centres, pairwise(edges), strict=True):
        confidence = min(next(sure) for _ in letters)
        room = 1.2 * per_column * max(2.0, _spacing(places) / per_column)
        near = max(0, int(max(start, places[0] - room)))
        far = min(wide, int(np.ceil(min(end, places[-1] + room))))
        left, right = (near + each for each in _extent(ink[:, near:far].any(axis=0)))
        upper, lower = _extent(ink[:, left:right].any(axis=1))
        yield SeenWord(
            "".join(letters),
            100 * confidence,
            _placed(quad, wide, high, (left, upper, right, lower)),
            _placed(quad, wide, high, (left, top, right, bottom)),
        )


def _sure(text: str, confidences: Sequence[float]) -> Iterator[float]:
    """How sure each letter is that is no blank."""
    return (sure for letter, sure in zip(text, confidences, strict=True) if not letter.isspace())


def _spacing(places: Sequence[float]) -> float:
    return (places[-1] - places[0]) / (len(places) - 1) if len(places) > 1 else 0.0


def _ink(crop: "Dots") -> "NDArray[np.bool_]":
    """Where letters are: what is darker than paper, without ruled lines."""
    import cv2

    level, _ = cv2.threshold(crop, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink: NDArray[np.bool_] = crop <= level
    ink[ink.mean(axis=1) > LINE_SHARE] = False
    ink[:, ink.mean(axis=0) > LINE_SHARE] = False
    return ink


def _extent(inked: Any) -> tuple[int, int]:
    """From where to where there is ink; all of it where there is none."""
    places = inked.nonzero()[0]
    return (int(places[0]), int(places[-1]) + 1) if len(places) else (0, len(inked))


def _placed(
    quad: "Array", wide: int, high: int, part: tuple[float, float, float, float]
) -> "Array":
    """The corners on the page of a part of a text."""
    import numpy as np

    left, top, right, bottom = part
    along, down = (quad[1] - quad[0]) / wide, (quad[3] - quad[0]) / high
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return np.array([quad[0] + x * along + y * down for x, y in corners])
