"""Where words would stand if their page lay straight and flat: what they themselves say of it.

Lines of text run level, and columns begin or end below each other. From how lines lean and draw
together follows what makes them level; of what is still open, that is taken by which most edges of
words stand below each other. So a page may lie askew, or be seen by a camera from any corner.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

LONG = 60.0  # points: shorter texts do not tell how they lean
STRAY = 0.03  # what leans so much more than others, a stamp, tells nothing
FEW = 6  # lines that tell how a page lies
ROUNDS = 3
WIDE = 2.0  # points within which edges stand below each other
LEANS = np.linspace(-0.12, 0.12, 49)
CLOSING = np.linspace(-0.16, 0.16, 33)  # of the page's half: by how much columns draw together
BETTER = 1.12  # times as many edges below each other, or columns are taken as upright
HALF = 421.0  # points, of an A4 page


def flattening(
    texts: Sequence["Array"], edges: "Array", middle: tuple[float, float]
) -> Callable[["Array"], "Array"]:
    """What puts points of the page where they would be.

    `texts` are the corners of texts in one line, `edges` the points where words begin and end.
    """
    centre = np.array(middle)
    lean, draw = _levelling([each - centre for each in texts])

    def levelled(points: "Array") -> "Array":
        x, y = points[:, 0], points[:, 1]
        by = 1 - draw * x
        return np.stack((x / by, (y - lean * x) / by), axis=1)

    shift, close = _uprighting(levelled(edges - centre), lean) if len(edges) else (lean, 0.0)

    def flat(points: "Array") -> "Array":
        level = levelled(points - centre)
        x, y = level[:, 0], level[:, 1]
        by = 1 + close * y
        return np.stack(((x + shift * y) / by, y / by), axis=1) + centre

    return flat


def _levelling(texts: Sequence["Array"]) -> tuple[float, float]:
    """How much lines fall in the middle of the page, and draw together towards the right."""
    told = []
    for each in texts:
        start, end = (each[0] + each[3]) / 2, (each[1] + each[2]) / 2
        run = end[0] - start[0]
        if run >= LONG:
            told.append(((end[1] - start[1]) / run, *((start + end) / 2), run))
    if not told:
        return 0.0, 0.0
    slope, x, y, run = np.array(told).T
    lean, draw = float(np.median(slope)), 0.0
    for _ in range(ROUNDS if len(told) >= FEW else 0):
        fits = np.abs(slope - (lean - draw * y) / (1 - draw * x)) <= STRAY
        if fits.sum() < FEW:
            break
        about = slope[fits] * x[fits] - y[fits]
        terms = np.stack((np.ones_like(about), about), axis=1) * run[fits, None]
        (lean, draw), *_ = np.linalg.lstsq(terms, slope[fits] * run[fits], rcond=None)
    return float(lean), float(draw)


def _uprighting(edges: "Array", lean: float) -> tuple[float, float]:
    """How much columns lean, and draw together downwards: by which most edges fall together."""
    plain = _together(edges, lean, 0.0)
    most, shift, close = max(
        (_together(edges, lean + each, draw / HALF), lean + each, draw / HALF)
        for each in LEANS
        for draw in CLOSING
    )
    return (shift, close) if most > BETTER * plain else (lean, 0.0)


def _together(edges: "Array", shift: float, close: float) -> float:
    x = (edges[:, 0] + shift * edges[:, 1]) / (1 + close * edges[:, 1])
    counts = np.bincount(np.floor((x - x.min()) / WIDE).astype(np.int64))
    beside = counts[:-1] + counts[1:]
    return float((beside * beside).sum()) if len(beside) else float(counts[0] ** 2)
