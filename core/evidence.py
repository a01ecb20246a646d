"""Where in a file a fact stands, so that a person can look at the very place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bytes:
    """A half-open byte range [start, end) of the file as it was handed in."""

    start: int
    end: int
