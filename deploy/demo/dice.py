"""Chance that repeats: the same seed rolls the same numbers everywhere."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Whole numbers only: floating-point distributions differ between platforms."""

    def __init__(self, seed: str) -> None:
        """Start from a seed; a text, so that its hash is the same in every process."""
        self._random = Random(seed)  # noqa: S311  (a story, not a secret)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return self._random.randint(low, high)

    def chance(self, permille: int) -> bool:
        """True that often in a thousand."""
        return self.between(1, 1000) <= permille

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, all alike."""
        return items[self.between(0, len(items) - 1)]

    def pick_weighted(self, items: Sequence[T], weights: Sequence[int]) -> T:
        """One of the items, by whole-number weights."""
        roll = self.between(1, sum(weights))
        for item, weight in zip(items, weights, strict=True):
            roll -= weight
            if roll <= 0:
                return item
        raise AssertionError("weights sum to less than the roll")

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """That many distinct items in random order."""
        remaining = list(items)
        return [
            remaining.pop(self.between(0, len(remaining) - 1))
            for _ in range(min(count, len(remaining)))
        ]

    def near(self, amount: int, percent: int) -> int:
        """An amount at most that many percent off, to the cent."""
        spread = abs(amount) * percent // 100
        return amount + self.between(-spread, spread)
