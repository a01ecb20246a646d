"""Where words would stand if their page lay straight and flat: what they themselves say of it.

Rows run level, and columns begin or end below each other. How texts lean says roughly what makes
them level; by what most of them stand in rows, and then in columns, says it exactly. So a page may
lie askew, or be seen by a camera from any corner.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

LONG = 60.0  # points: shorter texts do not tell how they lean
STRAY = 0.03  # what leans so much more than others, a stamp, tells nothing
FEW = 6  # texts that tell how a page lies
ROUNDS = 3
HALF = 421.0  # points, of an A4 page
FALLS, DRAWS = np.linspace(-0.02, 0.02, 21), np.linspace(-0.03, 0.03, 13)  # of rows
LEANS, CLOSINGS = np.linspace(-0.16, 0.16, 33), np.linspace(-0.2, 0.2, 41)  # of columns
FINER = 8.0  # times: how finely is searched around what was found first
BETTER = 1.05  # times as many that stand together, or the page is taken as it lies
APART = 1.0  # points within which ends stand together

Score: TypeAlias = "Callable[[float, float], float]"


def flattening(
    texts: Sequence["Array"], middle: tuple[float, float]
) -> Callable[["Array"], "Array"]:
    """What puts points of the page where they would be, by the corners of its texts."""
    centre = np.array(middle)
    corners = np.stack(texts) - centre
    starts, ends = corners[:, [0, 3]].mean(axis=1), corners[:, [1, 2]].mean(axis=1)
    lean, draw = _levelling(starts, ends)

    def heights(lean: float, draw: float) -> float:
        levels = [_levelled(each, lean, draw)[:, 1] for each in (starts, ends)]
        return _together(np.concatenate(levels))

    lean, draw = _best(heights, (lean, draw), FALLS, DRAWS / HALF)
    firsts, lasts = (_levelled(each, lean, draw) for each in (starts, ends))

    def edges(shift: float, close: float) -> float:
        return sum(_together(_upright(each, shift, close)[:, 0]) for each in (firsts, lasts))

    shift, close = _best(edges, (lean, 0.0), LEANS, CLOSINGS / HALF)
    return lambda points: _upright(_levelled(points - centre, lean, draw), shift, close) + centre


def _levelled(points: "Array", lean: float, draw: float) -> "Array":
    """Points where rows are level that fall by `lean` and draw together towards a side."""
    x, y = points.T
    by = 1 - draw * x
    return np.stack((x / by, (y - lean * x) / by), axis=1)


def _upright(points: "Array", shift: float, close: float) -> "Array":
    """Points where columns are upright that lean by `shift` and draw together downwards."""
    x, y = points.T
    by = 1 + close * y
    return np.stack(((x + shift * y) / by, y / by), axis=1)


def _levelling(starts: "Array", ends: "Array") -> tuple[float, float]:
    """How much rows fall in the middle of the page, and draw together: by how texts lean."""
    run = ends[:, 0] - starts[:, 0]
    told = run >= LONG
    if not told.any():
        return 0.0, 0.0
    run, middle = run[told], (starts[told] + ends[told]) / 2
    slope = (ends[told, 1] - starts[told, 1]) / run
    about = slope * middle[:, 0] - middle[:, 1]
    lean, draw = float(np.median(slope)), 0.0
    for _ in range(ROUNDS):
        fits = np.abs(slope - (lean + draw * about)) <= STRAY
        if fits.sum() < FEW:
            break
        terms = np.stack((np.ones_like(run), about), axis=1) * run[:, None]
        (lean, draw), *_ = np.linalg.lstsq(terms[fits], (slope * run)[fits], rcond=None)
    return float(lean), float(draw)


def _best(
    score: Score, plain: tuple[float, float], firsts: "Array", seconds: "Array"
) -> tuple[float, float]:
    """The pair around a plain one, or this, by which most ends stand together."""
    found, most = plain, BETTER * score(*plain)
    for scale in (1.0, FINER):
        tried = [
            (found[0] + first / scale, found[1] + second / scale)
            for first in firsts
            for second in seconds
        ]
        best = max(tried, key=lambda each: score(*each))
        if score(*best) <= most:
            break
        found, most = best, score(*best)
    return found


def _together(places: "Array") -> float:
    """How much places stand together: each counts those at the same place, half those beside."""
    counts = np.bincount(((places - places.min()) / APART).astype(np.int64))
    return float((counts * counts).sum() + (counts[1:] * counts[:-1]).sum())
