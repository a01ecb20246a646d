"""How much of what is generated is tried: a part each time, and all of it in `make prove`."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
EVERY = bool(os.environ.get("BELEG_TEST_EVERY"))


def some(all_there_are: Sequence[T], count: int) -> Sequence[T]:
    """The first so many, or all of them in `make prove`."""
    return all_there_are if EVERY else all_there_are[:count]
