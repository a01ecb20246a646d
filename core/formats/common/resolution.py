"""How finely a page is drawn, to be shown or to be read, however large it says that it is."""

import math


def dots_per_point(width: float, height: float, usual: float, most: int) -> float:
    """Dots a point (1/72 inch): as usual, fewer where the page would have more than `most`."""
    return min(usual, math.sqrt(most / (width * height)))
