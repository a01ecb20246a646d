"""Where in a file a fact stands, so that a person can look at the very place."""

from typing import NamedTuple


class Bytes(NamedTuple):
    """A half-open byte range [start, end) of the file as it was handed in."""

    start: int
    end: int


class Box(NamedTuple):
    """A rectangle on a page, in points (1/72 inch) from the page's top left corner.

    Pages count from 1. A page that the file says to turn is measured as it is shown.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float


class Printed(NamedTuple):
    """A line of text on a page, and where it stands."""

    text: str
    box: Box
